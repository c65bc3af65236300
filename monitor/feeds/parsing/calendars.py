"""Convert dates of the Persian, Islamic and Buddhist calendars to Gregorian dates. Pure."""

from datetime import date, timedelta
from enum import StrEnum


class Calendar(StrEnum):
    """The calendars that publishers use."""

    GREGORIAN = "gregorian"
    PERSIAN = "persian"
    ISLAMIC = "islamic"
    BUDDHIST = "buddhist"


#: The years of each calendar that lie between 1995 and the end of the century.
_YEARS = {
    Calendar.GREGORIAN: range(1900, 2101),
    Calendar.PERSIAN: range(1373, 1480),
    Calendar.ISLAMIC: range(1415, 1525),
    Calendar.BUDDHIST: range(2538, 2644),
}

_BUDDHIST_ERA = 543
_PERSIAN_ANCHOR = (1403, date(2024, 3, 20))
_PERSIAN_LEAPS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_ISLAMIC_EPOCH = date(622, 7, 18)
_ISLAMIC_LEAPS = frozenset({2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29})


def calendars_of(year: int) -> tuple[Calendar, ...]:
    """Return the calendars that may have written a year of four digits."""
    return tuple(calendar for calendar, years in _YEARS.items() if year in years)


def to_gregorian(calendar: Calendar, year: int, month: int, day: int) -> date:
    """Return the Gregorian date; that of the Islamic calendar may be a day off, as it depends on the moon.

    Raises:
        ValueError: there is no such date.
    """
    if calendar is Calendar.PERSIAN:
        return _from_persian(year, month, day)
    if calendar is Calendar.ISLAMIC:
        return _from_islamic(year, month, day)
    return date(year - (_BUDDHIST_ERA if calendar is Calendar.BUDDHIST else 0), month, day)


def _from_persian(year: int, month: int, day: int) -> date:
    """Source: the 33-year cycle of leap years, exact for the years 1210 to 1472."""
    longest = 31 if month <= 6 else 30 if month < 12 or _is_persian_leap(year) else 29
    if not (1 <= month <= 12 and 1 <= day <= longest):
        raise ValueError(f"no such day: {year}-{month}-{day}")
    anchor, first = _PERSIAN_ANCHOR
    low, high = min(year, anchor), max(year, anchor)
    between = 365 * (high - low) + sum(_is_persian_leap(each) for each in range(low, high))
    days = 31 * (month - 1) - max(month - 7, 0) + day - 1
    return first + timedelta(days=(between if year >= anchor else -between) + days)


def _is_persian_leap(year: int) -> bool:
    return year % 33 in _PERSIAN_LEAPS


def _from_islamic(year: int, month: int, day: int) -> date:
    """Source: the arithmetical calendar of 30 years, astronomical epoch (15 July 622, Julian), nearest to
    the calendar of Umm al-Qura in our time."""
    longest = 30 if month % 2 or (month == 12 and year % 30 in _ISLAMIC_LEAPS) else 29
    if not (1 <= month <= 12 and 1 <= day <= longest + 1):
        raise ValueError(f"no such day: {year}-{month}-{day}")
    years = year - 1
    leaps = 11 * (years // 30) + sum(leap <= years % 30 for leap in _ISLAMIC_LEAPS)
    days = 354 * years + leaps + 29 * (month - 1) + month // 2 + day - 1
    return _ISLAMIC_EPOCH + timedelta(days=days)
