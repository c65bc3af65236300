"""Read publishers' dates strictly: a date in a known form, or none. Pure.

Feed libraries guess (the month of today, named zones as UTC); a wrong date is worse than none. The order of
day and month in figures counts only where it is certain or configured.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from .calendars import Calendar, calendars_of, to_gregorian
from .date_words import AMBIGUOUS_ZONES, FILLERS, HOURS, WEEKDAYS, fold, month_of

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
MAX_AHEAD = timedelta(days=2)
_MAX_LENGTH = 100
_MAX_OFFSET = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class PublishedDate:
    """A time in UTC; `sure` is False when the time of day, the zone or the day had to be assumed."""

    at: datetime
    sure: bool


def read_date(raw: str, now: datetime, zone: tzinfo = UTC, order: str = "") -> PublishedDate | None:
    """Read a date of a CMS, in the languages and calendars of our feeds; None for all else.

    Also None outside [1995, now + 2 days]. `zone` is taken when none is named, or an unknown one. `order` is
    ``dmy``, ``mdy`` or ``ymd`` where a feed writes figures in that order; "" accepts only certain orders.
    """
    text = fold(" ".join(raw[:_MAX_LENGTH].split()))
    try:
        dated = _unix(text) or _compact(text, zone) or _read(text, zone, order, now)
    except (ValueError, OverflowError):
        return None
    return dated if dated and EARLIEST <= dated.at <= now + MAX_AHEAD else None


_TIME = re.compile(
    r"(?P<before>上午|下午|凌晨|晚上)? ?"
    r"(?:(?<![\d.:+-])(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,]\d{1,12})?)?"
    r"|(?<![\d.])(?P<hour2>\d{1,2}) ?(?:h(?:rs?)?|[时時点])(?![^\W\d_]) ?(?:(?P<minute2>\d{2})分?)?(?!\d)"
    r"|(?<![\d.])(?P<hour3>\d{1,2})(?:[.](?P<minute3>\d{2}))?(?= ?uhr)"
    r"|(?<=kl )(?P<hour4>\d{1,2})[.](?P<minute4>\d{2})|(?<=kl. )(?P<hour5>\d{1,2})[.](?P<minute5>\d{2})"
    r"|(?<=[ ,])(?P<hour6>\d{1,2})\.(?P<minute6>\d{2})(?=$| ?[(+-])"
    r"|(?<![\d.:])(?P<hour7>\d{1,2})(?= ?[ap]m\b))"
    r"(?: ?(?P<after>[ap]\. ?m\.?|[ap]m|oo|os|ص|م|صباحا|مساء|ق\.ظ|ب\.ظ)(?![^\W\d_]))?"
)
_ZONE = re.compile(
    r" ?(?:(?:gmt|utc|z)?(?P<sign>[+-])(?P<hours>\d{1,2}?):?(?P<minutes>\d{2})?(?![\d:./-])"
    r"|\[?(?P<place>[a-z]+(?:/[a-z_]+){1,2})\]?|\[?(?P<name>[a-zмск]{1,5})(?![^\W\d_]|/)\]?"
    r"|\((?P<remark>[^()]{1,40})\))"
)
_LATE = frozenset({"下午", "晚上", "os", "م", "مساء", "ب.ظ"})
_FIGURES = re.compile(r"(?<!\d)(\d{1,4})([./-]) ?(\d{1,2})\2 ?(\d{4}|\d{1,2})(?!\d)\.?")
_EAST_ASIAN = re.compile(r"(\d{4})年 ?(\d{1,2})月 ?(\d{1,2})[日号]?")
_TOKEN = re.compile(r"\d+|[^\W\d](?:[^\W\d]|['’]|\.(?=[^\W\d_]))*")
_COMPACT = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?(z|[+-]\d{2}:?\d{2})?)?", re.IGNORECASE
)
#: Between the dates of two calendars.
_SAME_DAY = re.compile(r"\b(?:ال)?موافق\b|\bبرابر با\b|\bمطابق با\b")


def _read(text: str, zone: tzinfo, order: str, now: datetime) -> PublishedDate | None:
    """Read a date with at most one time of day in it."""
    clock, text, offset = _clock(text)
    days = [found for part in _SAME_DAY.split(text) if (found := _day(part, order, now))]
    if not days:
        return None
    day, is_exact = next((found for found in days if found[1]), days[0])
    local = datetime.combine(day, time(), offset.zone or zone) + (clock or timedelta())
    return PublishedDate(local.astimezone(UTC), is_exact and offset.sure and clock is not None)


@dataclass(frozen=True, slots=True)
class _Offset:
    """The zone of a time, None if none is named or known, and whether it can be relied on."""

    zone: tzinfo | None = None
    sure: bool = False


def _clock(text: str) -> tuple[timedelta | None, str, _Offset]:
    """Return the time since midnight, the text without it, and its zone."""
    match = _TIME.search(text)
    if match is None:
        return None, text, _Offset()
    groups = match.groupdict()
    hour, minute = _given(groups, "hour"), _given(groups, "minute")
    half = groups["before"] or groups["after"] or ""
    since = _since_midnight(hour, minute, int(groups["second"] or 0), half)
    offset, end = _offset(text, match.end())
    before = text[: match.start()]
    before = before[:-1] if re.search(r"\dt$", before) else before  # ISO 8601
    return since, f"{before} {text[end:]}", offset


def _given(groups: dict[str, str | None], name: str) -> int:
    """Return the number of a group in the form of time that matched, 0 without one."""
    names = [name, *(f"{name}{number}" for number in range(2, 8))]
    return next((int(value) for each in names if (value := groups.get(each))), 0)


def _since_midnight(hour: int, minute: int, second: int, half: str) -> timedelta:
    """24:00 is the next midnight, a leap second is the second before it."""
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + 12 * (half in _LATE or half.startswith("p"))
    if minute > 59 or second > 60 or hour * 3600 + minute * 60 + second > 86_400:
        raise ValueError(hour)
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _offset(text: str, at: int) -> tuple[_Offset, int]:
    """Return the zone that follows a time, and where its last mark ends; figures win over names."""
    found = _Offset()
    while match := _ZONE.match(text, at):
        name = match["name"]
        if name and (name in WEEKDAYS or name in FILLERS or month_of(name)) and name.upper() not in HOURS:
            if name not in FILLERS:
                break
        elif not (found.zone and found.sure):
            found = _zone(match) if not match["remark"] else found
        at = match.end()
    return found, at


def _zone(match: re.Match[str]) -> _Offset:
    if match["sign"]:
        offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        if offset > _MAX_OFFSET:
            raise ValueError(match[0])
        return _Offset(timezone(offset if match["sign"] == "+" else -offset), True)
    if match["place"]:
        return _place(match["place"])
    name = match["name"].upper()
    if name not in HOURS:
        return _Offset()
    return _Offset(timezone(timedelta(hours=HOURS[name])), name not in AMBIGUOUS_ZONES)


def _place(name: str) -> _Offset:
    """Return an IANA zone, in whatever case it is written."""
    key = re.sub(r"[a-z]+", lambda word: word[0] if word[0] in {"of", "es"} else word[0].capitalize(), name)
    try:
        return _Offset(ZoneInfo(key), True)
    except (ValueError, OSError, KeyError):
        return _Offset()


def _day(text: str, order: str, now: datetime) -> tuple[date, bool] | None:
    """Return the Gregorian date, and whether it is exact; None unless every word of the text is known."""
    text = _EAST_ASIAN.sub(r" \1-\2-\3 ", text)
    figures = _FIGURES.search(text)
    remaining = text[: figures.start()] + " " + text[figures.end() :] if figures else text
    tokens = _TOKEN.findall(remaining)
    words = [token for token in tokens if not token.isdecimal()]
    numbers = [token for token in tokens if token.isdecimal()]
    months = _months(words)
    if not _all_known(words, months, leading=remaining.lstrip()[:1].isalpha()):
        return None
    if figures and not numbers and not months:
        weekday = next((WEEKDAYS[word] for word in words if word in WEEKDAYS), None)
        return _by_figures(figures, order, now, weekday)
    if figures or len(numbers) != 2 or len(set(months.values())) != 1:
        return None
    return _by_name(*next(iter(months.values())), *numbers)


def _months(words: list[str]) -> dict[str, tuple[Calendar, int]]:
    """Return the words that are names of months, but for weekdays beside one ("mar. 24 nov.")."""
    months = {word: month for word in words if (month := month_of(word))}
    others = {word: month for word, month in months.items() if word not in WEEKDAYS}
    return others or months


def _all_known(words: list[str], months: dict[str, tuple[Calendar, int]], *, leading: bool) -> bool:
    """Say whether each word is known; a text may begin with the name of a day in any language."""
    unknown = [word for word in words if not (word in months or word in WEEKDAYS or word in FILLERS)]
    return not unknown or (leading and unknown == words[:1] and len(unknown[0]) <= 15)


def _by_name(calendar: Calendar, month: int, first: str, second: str) -> tuple[date, bool] | None:
    """Return the date of a named month: the year has four digits, or two at the end (RFC 5322 §4.3)."""
    year, day = (first, second) if len(first) == 4 else (second, first)
    if len(year) not in {2, 4} or len(day) > 2:
        return None
    if calendar is Calendar.GREGORIAN and calendars_of(int(year)) == (Calendar.BUDDHIST,):
        calendar = Calendar.BUDDHIST
    return to_gregorian(calendar, _year(year), month, int(day)), calendar is not Calendar.ISLAMIC


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


def _by_figures(
    match: re.Match[str], order: str, now: datetime, weekday: int | None
) -> tuple[date, bool] | None:
    """Return the date of three figures if their order is certain or given."""
    first, separator, second, third = match.groups()
    if len(first) == 4:
        return _dated(first, int(second), int(third), now) if len(third) <= 2 else None
    year_first = len(first) == len(third) == 2 and int(third) <= 31
    if year_first and order == "ymd":
        return _dated(first, int(second), int(third), now)
    if year_first and not order and separator != ".":
        return None
    day_first, month_first = (int(second), int(first)), (int(first), int(second))
    orders = {"dmy": [day_first, month_first], "mdy": [month_first, day_first]}.get(order)
    if orders is None and separator == ".":
        orders = [day_first, month_first]
    found = []
    for month, day in orders or [day_first, month_first]:
        if month <= 12 and (dated := _dated(third, month, day, now)):
            found.append(dated)
    if orders is None and len(found) > 1 and weekday is not None:
        found = [each for each in found if each[0].weekday() == weekday]
    return found[0] if found and (orders or len(set(found)) == 1) else None


def _dated(year: str, month: int, day: int, now: datetime) -> tuple[date, bool] | None:
    """Return the date in the first calendar in which it lies in our time."""
    if len(year) == 2:
        return date(_year(year), month, day), True
    if len(year) != 4:
        return None
    for calendar in calendars_of(int(year)):
        try:
            found = to_gregorian(calendar, int(year), month, day)
        except ValueError:
            continue
        if EARLIEST.date() <= found <= (now + MAX_AHEAD).date():
            return found, calendar is not Calendar.ISLAMIC
    return None


def _compact(text: str, zone: tzinfo) -> PublishedDate | None:
    """Read ``20261123``, with a time of day or without."""
    match = _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    offset = _offset(match[7], 0)[0] if match[7] else _Offset()
    since = _since_midnight(hour, minute, second, "")
    local = datetime(year, month, day, tzinfo=offset.zone or zone) + since
    return PublishedDate(local.astimezone(UTC), offset.sure and match[4] is not None)


def _unix(text: str) -> PublishedDate | None:
    """Read seconds or milliseconds since 1970."""
    match = re.fullmatch(r"(?:/date\()?([0-9]{10}|[0-9]{13})(?:\.[0-9]{1,9}|(?:[+-][0-9]{4})?\)/)?", text)
    if match is None:
        return None
    seconds = int(match[1]) / (1 if len(match[1]) == 10 else 1000)
    return PublishedDate(datetime.fromtimestamp(seconds, UTC), True)
