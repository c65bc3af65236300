"""Money as news writes it, in the languages of the lexicon: "$2.5bn", "Rs 4,000 crore", "825 млн доларів",
"2,5 milliards d'euros", "1,2 milyar dolar", "١٠٠ مليار دولار", "111亿美元"."""

import re
from collections.abc import Iterator

from monitor.text.patterns import late_pattern

_SCALE = (
    r"(?:(?:thousand|million|billion|trillion|crore|lakh|mln|bln|tn|bn|mn|mrd|mio|m|b|k"
    r"|milion[ei]|miliard[oi]|mili(?:ony|onów|ardy|ardów)|mld"
    r"|milliarden?|millionen|milliards?|millions?|mil\smillones|millones|millón|mil|billones"
    r"|milyar|milyon|bin|trilyon|miljarder|miljoner|miljard|miljon"
    r"|тыс|тысяч[аи]?|тисяч[аі]?|млн|млрд|трлн|миллион(?:а|ов)?|миллиард(?:а|ов)?|мільйон(?:а|и|ів)?|мільярд(?:а|и|ів)?"
    r"|مليارات|مليار|مليون|ملايين|بليون|تريليون|میلیارد|میلیون|هزار|ألف|آلاف)\b"
    r"(?:\s(?:crore|million|billion)\b)?)"
)
_SYMBOL = (
    r"(?:US\$|A\$|C\$|HK\$|NT\$|S\$|R\$|\$|€|£|¥|₹|₽|₺|₴|₩|₪|Rs\.?"
    r"|(?-i:USD|EUR|GBP|INR|RUB|TRY|JPY|CNY|CHF|SEK|NOK|PLN|UAH|AED|SAR))"
)
_NAME = (
    r"(?:(?:US\s|A\s|amerikanische[nr]?\s|amerikan\s|американских\s|canadian\s)?"
    r"(?:US-?dollars?|dollars?|dollarn?|dlrs?|dólares|dolar(?:ı|lık)?|долларов|доллара|доллар|доларів|долари|دولارات|دولار|دلار)"
    r"|euros?|euro|avro(?:luk)?|euroluk|евро|євро|يورو|یورو|pounds?|sterling|libras|livres|rupees?|roubles?|rubles?|rubel|rublos|roubles"
    r"|рублей|рубля|руб|гривень|гривен|гривні|грн|lira(?:lık)?|TL|yuan|yen|won|kronor|kroner|crowns|dollari|zlotys?|złotych|francs?|franken|shekels?"
    r"|ريال|درهم|جنيه|تومان|ریال|(?-i:USD|EUR|GBP|INR|RUB|TRY|CHF|SEK|NOK|PLN|UAH))"
)
_FIGURE = r"(?:\d{1,3}(?:[,\s]\d{3}){1,6}(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,6}(?:,\d+)?|\d+(?:[.,٫]\d+)?)"
_OF = r"(?:\s(?:d[ei]\s|d['’])|[\s-])"
_HAN = r"\d+(?:[.,]\d+)?\s?[万萬亿億]?(?:美元|欧元|歐元|英镑|人民币|人民幣|新台币|新臺幣|日元|卢布|元)"
_AMOUNT = late_pattern(
    rf"(?<![\w$])(?:{_SYMBOL}\s?{_FIGURE}(?:[\s-]?{_SCALE})?|{_FIGURE}(?:[\s-]?{_SCALE}\.?)?{_OF}{_NAME}\b)|(?<!\d){_HAN}",
    re.IGNORECASE,
)


#: A sum begins with a figure, or with a sign at most so many characters before it.
_FIGURES = late_pattern(r"\d+")
_LONGEST_SIGN = len("US$ ")


def amounts(raw: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open spans of sums of money in reading order."""
    tried = 0
    for figures in _FIGURES.finditer(raw):
        first = figures.start()
        for at in range(max(tried, first - _LONGEST_SIGN), first + 1):
            if match := _AMOUNT.match(raw, at):
                yield match.span()
                tried = match.end()
                break
        else:
            tried = max(tried, first + 1)
