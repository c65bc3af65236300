"""Write a digest as attached files: CSV for spreadsheets, and the JSON that webhooks get.

Spreadsheets evaluate cells that begin like a formula, so such a cell gets an apostrophe in front. Where the
comma is the decimal sign they also split at semicolons, even in quotes, so text after one gets it as well.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from monitor.model import Attachment, Digest

from .sanitize import href, sanitize

#: Base64 adds a third, and many mail servers accept 10 MB.
MAX_BYTES = 7_000_000

_FORMULA = re.compile(r"(^|;)([\s\"']*)(?=[=+\-@＝＋－＠])")

#: Names of currencies in news, by code; the first match counts.
_CURRENCIES = {
    "AUD": r"A\$|AUD|Australian",
    "CAD": r"C\$|CAD|Canadian|canadian",
    "HKD": r"HK\$",
    "TWD": r"NT\$|新[台臺]",
    "SGD": r"S\$",
    "BRL": r"R\$",
    "USD": r"\$|USD|[Dd]ollar|dlrs|dólar|dolar|долл|долар|دولار|دلار|美元",
    "EUR": r"€|EUR|[Ee]uro|avro|евро|євро|يورو|یورو|欧元|歐元",
    "GBP": r"£|GBP|[Pp]ound|sterling|libra|livre|英镑",
    "INR": r"₹|INR|Rs\b|[Rr]upee|crore|lakh",
    "RUB": r"₽|RUB|[Rr]ou?ble|rubel|rublo|рубл|руб\b|卢布",
    "TRY": r"₺|TRY|\bTL\b|lira",
    "UAH": r"₴|UAH|грн|гривен|гривн",
    "CNY": r"CNY|yuan|人民[币幣]",
    "JPY": r"JPY|\byen\b|日元",
    "KRW": r"₩|\bwon\b",
    "ILS": r"₪|shekel",
    "CHF": r"CHF|franc|franken",
    "SEK": r"SEK",
    "NOK": r"NOK",
    "PLN": r"PLN|zlot|złot",
    "AED": r"AED",
    "SAR": r"SAR",
}

COLUMNS = (
    *("id", "story", "title", "category", "action", "authority", "country", "entities", "amount", "currency"),
    *("severity", "rule", "phrase", "source", "url", "published_utc", "first_seen_utc"),
    *("stage", "buyer", "supplier", "system", "quantity", "polarity", "credibility", "kind", "news", "place"),
    *("line", "points"),
)

Data = Mapping[str, Any]


def canonical(data: Data) -> str:
    """Return JSON with sorted keys: the same data give the same bytes. Digests are hashed in this form."""
    return json.dumps(dict(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def attached(digest: Digest, data: Data) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """Return the files that the subscription asks for, and the names of those that are too large to attach.

    `data` is the digest's JSON data. A digest without alerts has no files.
    """
    files, too_large, room = list[Attachment](), list[str](), MAX_BYTES
    for form in digest.subscription.attach if data["alerts"] else ():
        type, write = _FORMS[form]
        file = Attachment(f"digest-{digest.occasion.key}.{form}", type, write(data))
        size = len(file.text.encode("utf-8", "replace"))
        if size > room:
            too_large.append(file.name)
        else:
            files.append(file)
            room -= size
    return tuple(files), tuple(too_large)


def table(data: Data) -> str:
    """Return the alerts of a digest as CSV, one a row; Excel knows UTF-8 by the byte order mark."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([safe_cell(_cell(alert, name)) for name in COLUMNS] for alert in data["alerts"])
    return f"\ufeff{lines.getvalue()}"


@lru_cache(maxsize=4096)
def safe_cell(value: str) -> str:
    """Return text on one line that no spreadsheet evaluates as a formula."""
    return _FORMULA.sub(r"\1\2'", sanitize(value))


def currency_of(amount: str) -> str:
    """Return the ISO code of the currency of an amount as written; "" if it is not recognised."""
    return next((code for code, names in _CURRENCIES.items() if re.search(names, amount)), "")


def _cell(alert: Data, name: str) -> str:
    value = _CELLS[name](alert) if name in _CELLS else alert[_KEYS.get(name, name)]
    return "" if value is None else str(value)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(each for each in texts if each))


_KEYS = {
    "action": "event",
    "published_utc": "published_at",
    "first_seen_utc": "first_seen_at",
    "place": "placement",
}

_CELLS: Mapping[str, Callable[[Data], object]] = {
    "category": lambda alert: _joined(alert["topics"]),
    "url": lambda alert: href(alert["url"]),
    "country": lambda alert: _joined(alert["countries"]),
    "entities": lambda alert: _joined(alert["entities"]),
    "amount": lambda alert: _joined(alert["amounts"]),
    "currency": lambda alert: _joined(map(currency_of, alert["amounts"])),
    "rule": lambda alert: _joined(alert["rules"]),
    "system": lambda alert: _joined(alert["systems"]),
    "points": lambda alert: _joined(f"{rule} {points:+g}" for rule, points in alert["points"].items()),
}

_FORMS: Mapping[str, tuple[str, Callable[[Data], str]]] = {
    "csv": ("text/csv", table),
    "json": ("application/json", canonical),
}
