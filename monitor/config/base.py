"""The types of the configuration: sections, names, durations, local times."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

NAME = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
NAME_RULE = "names are of small letters, digits, single - and _, as in [feeds.ofac-actions]"

_LONGEST = timedelta(days=3650)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def _duration(given: Any) -> Any:
    if isinstance(given, timedelta):
        return given
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", given) if isinstance(given, str) else None
    if match is None:
        raise ValueError('write a duration as "30s", "10m", "24h" or "7d"')
    seconds = float(match[1]) * _SECONDS[match[2]]
    if seconds > _LONGEST.total_seconds():  # more would leave the calendar
        raise ValueError(f"a duration is at most {_LONGEST.days}d")
    return timedelta(seconds=seconds)


def _name(given: str) -> str:
    if not NAME.fullmatch(given):
        raise ValueError(NAME_RULE)
    return given


def _is_a_time(given: str) -> str:
    if not re.fullmatch(TIME, given):
        raise ValueError('write the time as "HH:MM", from "00:00" to "23:59"')
    return given


def _is_a_zone(given: str) -> str:
    try:
        ZoneInfo(given)
    except (KeyError, ValueError, OSError):  # zoneinfo raises all three for names it cannot use
        raise ValueError("no such zone; write an IANA name such as Europe/Istanbul") from None
    return given


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Backlog = Annotated[
    timedelta | None, BeforeValidator(lambda given: None if given == "all" else _duration(given))
]
Name = Annotated[str, BeforeValidator(_name)]
Time = Annotated[str, AfterValidator(_is_a_time)]
Zone = Annotated[str, AfterValidator(_is_a_zone)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

#: In the order of ISO weekdays.
DAYS: tuple[Day, ...] = get_args(Day)


class Section(BaseModel):
    """One table of the file; unknown keys are mistakes, and given values stay out of error texts."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def after_midnight(at: str) -> timedelta:
    """Return a time of day, "HH:MM", as the time since midnight."""
    hours, minutes = map(int, at.split(":"))
    return timedelta(hours=hours, minutes=minutes)


def format_duration(given: timedelta) -> str:
    """Return a duration in the notation of the configuration, in the largest exact unit."""
    seconds = given.total_seconds()
    unit = next((unit for unit in "dhm" if seconds and seconds % _SECONDS[unit] == 0), "s")
    return f"{seconds / _SECONDS[unit]:g}{unit}"
