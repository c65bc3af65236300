"""Who is told what, and when: routes, digests, recipients with wishes of their own, and expectations."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from monitor.model import WEEKDAYS, Placement, Tier

from .base import DAYS, TIME, Day, Duration, Name, Section, Time, Zone

Topic = Literal["sanctions", "arms"]
Place = Literal["tail", "digest", "top", "now"]
Letter = Literal["A", "B", "C", "D"]
Polarity = Literal["impose", "relax", "neutral", "enforce", "evade", "acquire", "supply", "halt"]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]

_RHYTHM = re.compile(
    rf"(?P<every>daily|weekly)(?: on (?P<days>[a-z]{{3}}(?:(?:, ?| )[a-z]{{3}})*))? at (?P<at>{TIME})"
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a `cadence` says: `every` is ``now``, ``hour``, ``day`` or ``week``, `days` are ISO weekdays."""

    every: str
    at: str = "00:00"
    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


def rhythm(written: str) -> Rhythm:
    """Read a cadence, such as "now", "hourly", "daily on mon, thu at 08:00" or "weekly on mon at 08:00".

    Raises:
        ValueError: none of these.
    """
    if written in {"now", "hourly"}:
        return Rhythm("now" if written == "now" else "hour")
    found = _RHYTHM.fullmatch(written)
    days = tuple(re.split(r"[, ]+", found["days"])) if found and found["days"] else ()
    weekly = found is not None and found["every"] == "weekly"
    if found is None or not set(days) <= set(WEEKDAYS) or (weekly and len(days) != 1):
        raise ValueError(
            'write "now", "hourly", "daily at 08:00", "daily on mon, thu at 08:00"'
            ' or "weekly on mon at 08:00"'
        )
    numbers = tuple(sorted({WEEKDAYS.index(day) + 1 for day in days or WEEKDAYS}))
    return Rhythm("week" if weekly else "day", found["at"], numbers)


def _a_cadence(given: str) -> str:
    if given:
        rhythm(given)
    return given


Cadence = Annotated[str, AfterValidator(_a_cadence)]


class FilterSettings(Section):
    """What routes, digests and recipients may ask of an alert; what is empty asks nothing."""

    topics: tuple[Topic, ...] = ()
    events: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    polarity: tuple[Polarity, ...] = ()
    min_severity: int = Field(0, ge=0, le=5)
    credibility: Letter = "D"
    entities: tuple[str, ...] = ()
    countries: tuple[Country, ...] = ()
    feeds: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    languages: tuple[Language, ...] = ()

    @property
    def asked(self) -> dict[str, Any]:
        """The same, as the fields of a filter."""
        asked = {name: getattr(self, name) for name in FilterSettings.model_fields}
        return asked | {"tiers": tuple(tier.value for tier in self.tiers)}


class RouteSettings(FilterSettings):
    """``[routes.<name>]``: which alerts go to which channels, at once or as a digest, as the file has them.

    Without `at_least`, what is told at once must be ``now`` and a digest has all that is flagged.
    """

    channels: tuple[str, ...] = Field(min_length=1)
    at_least: Place | None = None
    go_on: bool = Field(False, alias="continue")
    cadence: Cadence = "now"
    zone: Zone = "UTC"

    @property
    def placement(self) -> Placement:
        """The least placement that takes this route."""
        return Placement[(self.at_least or ("now" if self.cadence == "now" else "tail")).upper()]


class DigestSettings(FilterSettings):
    """``[digests.<name>]``: one message about what was flagged, by a local clock."""

    channels: tuple[str, ...] = Field(min_length=1)
    at: Time = "08:00"
    zone: Zone = "UTC"
    days: tuple[Day, ...] = Field(DAYS, min_length=1)
    cadence: Cadence = ""
    holidays: tuple[date, ...] = ()
    at_least: Place = "tail"
    empty: Literal["always", "skip"] = "always"
    catch_up: Literal["coalesce", "each", "skip"] = "coalesce"
    welcome: bool = False
    backfill: Duration = timedelta()
    attach: tuple[Literal["csv", "json"], ...] = ("csv",)

    @model_validator(mode="after")
    def _says_once_when(self) -> Self:
        if self.cadence == "now":
            raise ValueError('a digest cannot come "now": write a route for that')
        if self.cadence and {"at", "days"} & self.model_fields_set:
            raise ValueError("cadence says when: leave at and days out")
        return self

    @property
    def rhythm(self) -> Rhythm:
        """When it comes."""
        if self.cadence:
            return rhythm(self.cadence)
        return Rhythm("day", self.at, tuple(DAYS.index(day) + 1 for day in self.days))


class RecipientSettings(FilterSettings):
    """``[recipients.<name>]``: a person with an address, and their own wishes.

    With a `cadence` of ``now`` there is no digest, only what is told at once: what is `at_least` so urgent.
    `at_once` gives both.
    """

    to: dict[Name, str] = Field(min_length=1)
    zone: Zone = "UTC"
    format: Literal["html", "text"] = "html"
    cadence: Cadence = "daily at 08:00"
    at_once: bool = False
    at_least: Place = "now"
    empty: Literal["always", "skip"] = "always"


class ExpectedItem(Section):
    """An item to judge, as `explain` takes it; `source` is the name or title of a feed."""

    title: str
    summary: str = ""
    source: str = ""
    lang: str = ""
    date: str = ""


class ExpectSettings(Section):
    """``[[expect]]``: what should become of an item, as `check` finds out; what is left out is not asked."""

    item: ExpectedItem
    channels: tuple[str, ...] | None = None
    digests: tuple[str, ...] | None = None
    route: str | None = None
    event: str | None = None
    topics: tuple[Topic, ...] | None = None


#: The tables of this file by the key under which the configuration has them.
TABLES: Mapping[str, type[Section]] = {
    "routes": RouteSettings,
    "digests": DigestSettings,
    "recipients": RecipientSettings,
    "expect": ExpectSettings,
}
