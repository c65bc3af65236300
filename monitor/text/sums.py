"""Sums of money as numbers that can be compared, whichever language wrote them. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from . import fold
from .patterns import late_pattern

T = TypeVar("T")

#: Two sums are the same when they differ by no more than this part of the larger one.
SAME = 0.2

#: Folded beginnings of scale words, longest first within a language, and what they stand for.
_SCALES = {
    "万亿": 1e12, "萬億": 1e12, "亿": 1e8, "億": 1e8, "万": 1e4, "萬": 1e4,
    "mil millones": 1e9, "trillion": 1e12, "trilyon": 1e12, "трлн": 1e12, "триллион": 1e12, "трильйон": 1e12,
    "تريليون": 1e12, "milliard": 1e9, "milyar": 1e9, "miljard": 1e9, "billion": 1e9, "bln": 1e9, "bn": 1e9,
    "mrd": 1e9, "b": 1e9, "млрд": 1e9, "миллиард": 1e9, "мільярд": 1e9, "مليار": 1e9, "ميليارد": 1e9,
    "million": 1e6, "millon": 1e6, "milyon": 1e6, "miljon": 1e6, "mln": 1e6, "mn": 1e6, "mio": 1e6, "m": 1e6,
    "млн": 1e6, "миллион": 1e6, "мільйон": 1e6, "مليون": 1e6, "ملايين": 1e6, "ميليون": 1e6, "crore": 1e7,
    "lakh": 1e5, "thousand": 1e3, "tausend": 1e3, "тыс": 1e3, "тис": 1e3, "bin": 1e3, "k": 1e3,
}  # fmt: skip

#: What sums are counted in: signs and folded beginnings of names. A dollar is the US one unless it says so.
_CURRENCIES = {
    "a$": "AUD", "c$": "CAD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "r$": "BRL", "us$": "USD",
    "usd": "USD", "$": "USD", "dollar": "USD", "dolar": "USD", "доллар": "USD", "долар": "USD",
    "دولار": "USD", "دلار": "USD", "美元": "USD", "eur": "EUR", "€": "EUR", "avro": "EUR",
    "евро": "EUR", "євро": "EUR", "يورو": "EUR", "欧元": "EUR", "歐元": "EUR", "gbp": "GBP",
    "£": "GBP", "pound": "GBP", "pfund": "GBP", "sterlin": "GBP", "livres": "GBP", "libras": "GBP",
    "фунт": "GBP", "جنيه": "GBP", "英镑": "GBP", "rub": "RUB", "₽": "RUB", "rouble": "RUB",
    "руб": "RUB", "inr": "INR", "₹": "INR", "rs": "INR", "rupee": "INR", "рупи": "INR",
    "try": "TRY", "₺": "TRY", "lira": "TRY", "tl": "TRY", "uah": "UAH", "₴": "UAH", "грн": "UAH",
    "грив": "UAH", "pln": "PLN", "zlot": "PLN", "злот": "PLN", "sek": "SEK", "nok": "NOK",
    "chf": "CHF", "frank": "CHF", "franc": "CHF", "cny": "CNY", "yuan": "CNY", "人民币": "CNY",
    "юан": "CNY", "jpy": "JPY", "¥": "JPY", "yen": "JPY", "日元": "JPY", "иен": "JPY", "krw": "KRW",
    "₩": "KRW", "won": "KRW", "kron": "kroner",
}  # fmt: skip


def _any(words: Mapping[str, object], pattern: str) -> str:
    ordered = sorted(words, key=len, reverse=True)
    fitting = [re.escape(word) for word in ordered if re.search(pattern, word)]
    return "|".join(fitting)


_HAN = "[\u4e00-\u9fff]"
_LETTERS = r"^[^\W\d_\u4e00-\u9fff]"
_NUMBER = r"\d{1,3}(?:[ ,.]\d{3}){1,4}(?:[.,]\d{1,2})?(?!\d)|\d{1,13}(?:[.,٫]\d{1,4})?(?!\d)"
_SCALE = rf"(?:{_any(_SCALES, _HAN)}|(?:{_any(_SCALES, _LETTERS)})[^\W\d_]{{0,4}}(?![^\W_]))"
_SIGN = r"(?<![^\W\d_])(?:(?:us|[acsr]|hk|nt)?\$|[€£₽₹₺₴¥₩]|rs\.?|usd|eur|gbp|inr|rub|sek|nok|chf|pln)"
_NAME = rf"(?:{_any(_CURRENCIES, _HAN)}|€|₽|(?:{_any(_CURRENCIES, _LETTERS)})[^\W\d_]*)"
_BETWEEN = r"(?:[\s-]|\s(?:de|us|d['’]|amerik\w*|американ\w*)\s?){0,2}"
_SUM = late_pattern(
    rf"(?P<sign>{_SIGN})\s?(?P<n1>{_NUMBER})(?:[\s-]?(?P<s1>{_SCALE}))?"
    rf"|(?<![^\W\u4e00-\u9fff])(?<![.,])(?P<n2>{_NUMBER})(?:[\s-]?(?P<s2>{_SCALE})\.?)?{_BETWEEN}(?P<name>{_NAME})"
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money and where it stands in the folded text."""

    currency: str
    value: float
    start: int
    stop: int

    def __str__(self) -> str:
        return f"{self.currency} {self.value:.0f}"


def sums(text: str) -> Iterator[Sum]:
    """Yield the sums of a text in reading order."""
    for match in _SUM.finditer(fold(text)):
        currency = _looked_up(match["sign"] or match["name"], _CURRENCIES)
        scale = _looked_up(match["s1"] or match["s2"] or "", _SCALES)
        if currency:
            yield Sum(currency, _number(match["n1"] or match["n2"]) * (scale or 1.0), *match.span())


def without_sums(text: str) -> str:
    """Return a folded text with its sums taken out."""
    return _SUM.sub(" ", fold(text))


def largest(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the largest sum of each currency, written for `differing`."""
    found: dict[str, Sum] = {}
    for each in (each for text in texts for each in sums(text)):
        if each.currency not in found or each.value > found[each.currency].value:
            found[each.currency] = each
    return tuple(str(found[currency]) for currency in sorted(found))


def differing(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, str] | None:
    """Return two sums of one currency that differ materially, if none of that currency agree; else None."""
    mine, theirs = _by_currency(one), _by_currency(other)
    for currency in sorted(mine.keys() & theirs.keys()):
        pairs = [(a, b) for a in mine[currency] for b in theirs[currency]]
        if not any(candidates(a, b) for a, b in pairs):
            a, b = pairs[0]
            return f"{currency} {a:.0f}", f"{currency} {b:.0f}"
    return None


def agreeing(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether some sum of one is a sum of the other, in the same currency."""
    mine, theirs = _by_currency(one), _by_currency(other)
    return any(
        candidates(a, b)
        for currency in mine.keys() & theirs.keys()
        for a in mine[currency]
        for b in theirs[currency]
    )


def candidates(one: float, other: float) -> bool:
    """Say whether two sums are the same but for rounding and exchange."""
    return abs(one - other) <= SAME * max(one, other)


def as_read(written: str) -> str:
    """Return a sum as people read it: ``USD 4.5bn``."""
    currency, _, figure = written.rpartition(" ")
    value = float(figure)
    for scale, short in ((1e9, "bn"), (1e6, "m")):
        if value >= scale:
            return f"{currency} {value / scale:.3g}{short}"
    return f"{currency} {value:,.0f}"


def _by_currency(written: tuple[str, ...]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for each in written:
        currency, _, value = each.rpartition(" ")
        found.setdefault(currency, []).append(float(value))
    return found


def _looked_up(word: str, table: Mapping[str, T]) -> T | None:
    word = word.rstrip(".")
    for start in range(len(word), 0, -1):
        if (found := table.get(word[:start])) is not None:
            return found
    return None


def _number(written: str) -> float:
    """Read "4,5" and "4.5" as parts, "1,200" and "1 200 000" as thousands."""
    parts = re.split(r"[ ,.٫]", written)
    if len(parts) == 1:
        return float(written)
    if all(len(part) == 3 for part in parts[1:]):
        return float("".join(parts))
    return float("".join(parts[:-1]) + "." + parts[-1])


def read_sum(written: str) -> Sum | None:
    """Return a sum as `Sum` writes itself (``USD 4500000000``); None for other texts."""
    currency, _, figure = written.rpartition(" ")
    try:
        return Sum(currency, float(figure), 0, len(written)) if currency else None
    except ValueError:
        return None
