"""Read publishers' dates strictly: a date in a known form, or none. Pure.

Feed libraries guess (the month of today, named zones as UTC); a wrong date is worse than none.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
MAX_AHEAD = timedelta(days=2)
_MAX_LENGTH = 100
_MAX_OFFSET = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class PublishedDate:
    """A time in UTC; `sure` is False when the time of day or the zone had to be assumed."""

    at: datetime
    sure: bool


def read_date(raw: str, now: datetime, zone: tzinfo = UTC) -> PublishedDate | None:
    """Read RFC 822, ISO 8601 and a few unmistakable relatives; None for all else.

    Also None outside [1995, now + 2 days]. `zone` is taken when none is named, or one that nobody knows.
    """
    text = unicodedata.normalize("NFC", " ".join(raw[:_MAX_LENGTH].split()))
    match = next((found for form in _FORMS if (found := form.fullmatch(text))), None)
    try:
        dated = _dated(match.groupdict(), zone) if match else _unix(text)
    except (ValueError, OverflowError):
        return None
    return dated if dated and EARLIEST <= dated.at <= now + MAX_AHEAD else None


#: Beginnings of the names of months in the languages of our feeds; none of them means two months.
_MONTHS = {
    1: "jan jän ene gen oca янв січ sty janv",
    2: "feb fev fév şub фев лют lut",
    3: "mar mär mrz мар бер",
    4: "apr avr abr nis апр кві kwi",
    5: "may mai mag май мая тра maj",
    6: "jun juin giu haz июн чер cze",
    7: "jul juil lug tem июл лип lip",
    8: "aug aoû aou ago ağu авг сер sie",
    9: "sep set eyl сен вер wrz",
    10: "oct okt out ott eki окт жов paź",
    11: "nov kas ноя лис lis",
    12: "dec dez déc dic ara дек гру gru",
}
_MONTH_OF = {start: number for number, starts in _MONTHS.items() for start in starts.split()}

_HOURS = {"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2,
    "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "TSI": 3, "GST": 4, "PKT": 5, "WIB": 7, "ICT": 7,
    "HKT": 8, "SGT": 8, "PHT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13, "BRT": -3, "AST": -4, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7,
    "PDT": -7, "PST": -8,
    "AKST": -9, "HST": -10, "BST": 1, "IST": 5.5, "ACST": 9.5, "IRST": 3.5}  # fmt: skip
#: Israel or India, Britain or Bangladesh, China or Chicago, Arabia or Atlantic: read one way, not relied on.
_AMBIGUOUS = frozenset({"IST", "BST", "CST", "AST", "GST"})

_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,]\d{1,12})?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?"
    r"(?: ?(?P<zone>(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?|[A-Za-z]{1,5})(?: \(?[A-Z]{1,5}\)?)?)?"
)
_WEEKDAY = r"(?:[^\W\d_]{1,15}(?:[.,]{1,2} ?| ))?"
_NAME = r"(?P<name>[^\W\d_]{3,12})\.?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.?[ -]{_NAME},?[ -](?P<year>\d{{4}}|\d{{2}})(?:,? {_TIME})?",
        rf"{_WEEKDAY}{_NAME} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})(?:,? {_TIME})?",
        rf"{_WEEKDAY}{_NAME} (?P<day>\d{{1,2}}) {_TIME} (?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})([-/])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}})(?:(?:T| |, ){_TIME})?",
        rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}})(?:,? {_TIME})?",
        rf"(?P<year>\d{{4}})年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日(?: ?{_TIME})?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    )
)


def _dated(parts: dict[str, str | None], zone: tzinfo) -> PublishedDate:
    offset, sure = _zone(parts.get("zone"))
    place = zone if offset is None else timezone(offset)
    local = datetime(_year(parts), _month(parts), int(parts["day"] or 0), tzinfo=place) + _time(parts)
    return PublishedDate(local.astimezone(UTC), sure and parts.get("hour") is not None)


def _year(parts: dict[str, str | None]) -> int:
    """Two digits mean 1950 to 2049 (RFC 5322 §4.3)."""
    text = parts["year"] or ""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


def _month(parts: dict[str, str | None]) -> int:
    name = (parts.get("name") or "").lower()
    if not name:
        return int(parts["month"] or 0)
    number = _MONTH_OF.get(name[:4]) or _MONTH_OF.get(name[:3])
    if number is None:
        raise ValueError(name)
    return number


def _time(parts: dict[str, str | None]) -> timedelta:
    """Return the time since midnight; 24:00 is the next midnight, a leap second the one before."""
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + 12 * (half.lower() == "p")
    if minute > 59 or second > 60 or hour * 3600 + minute * 60 + second > 86_400:
        raise ValueError(hour)
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _zone(text: str | None) -> tuple[timedelta | None, bool]:
    """Return the offset, None if it must be assumed, and whether it can be relied on."""
    if not text:
        return None, False
    name = text.upper()
    if number := re.search(r"([+-])(\d{1,2}?):?(\d{2})?$", name):
        offset = timedelta(hours=int(number[2]), minutes=int(number[3] or 0))
        if offset > _MAX_OFFSET:
            raise ValueError(text)
        return (offset if number[1] == "+" else -offset), True
    if name not in _HOURS:
        return None, False
    return timedelta(hours=_HOURS[name]), name not in _AMBIGUOUS


def _unix(text: str) -> PublishedDate | None:
    """Read seconds or milliseconds since 1970."""
    if not re.fullmatch(r"[0-9]{10}|[0-9]{13}", text):
        return None
    seconds = int(text) / (1 if len(text) == 10 else 1000)
    return PublishedDate(datetime.fromtimestamp(seconds, UTC), True)
