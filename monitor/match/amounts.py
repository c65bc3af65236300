"""Money as news writes it: "$2.5bn", "Rs 4,000 crore", "930 million dollars"."""

import re
from collections.abc import Iterator

_SCALE = (
    r"(?:(?:thousand|million|billion|trillion|crore|lakh|mln|bln|tn|bn|mn|mrd|mio|m|b|k)"
    r"(?:\s(?:crore|million|billion))?)"
)
_SYMBOL = (
    r"(?:US\$|A\$|C\$|HK\$|NT\$|\$|€|£|¥|₹|₽|₺|₴|₩|Rs\.?"
    r"|(?-i:USD|EUR|GBP|INR|RUB|TRY|JPY|CNY|CHF|SEK|NOK|PLN))"
)
_NAME = (
    r"(?:US\sdollars?|dollars?|euros?|pounds?|rupees?|roubles?|rubles?|lira|yuan|yen|won|kronor|kroner|zlotys?"
    r"|(?-i:USD|EUR|GBP|INR|RUB|TRY|CHF|SEK|NOK|PLN))"
)
_FIGURE = r"(?:\d{1,3}(?:[,\s]\d{3}){1,6}(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_AMOUNT = re.compile(
    rf"(?<![\w$])(?:{_SYMBOL}\s?{_FIGURE}(?:[\s-]?{_SCALE}\b)?|{_FIGURE}(?:[\s-]?{_SCALE})?[\s-]{_NAME}\b)",
    re.IGNORECASE,
)


def amounts(raw: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open spans of sums of money in reading order."""
    return (match.span() for match in _AMOUNT.finditer(raw))
