"""``[routes]``, ``[digests]``, ``[recipients]`` and ``[[expect]]``: which alerts go where, and when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from monitor.lists.countries import country_codes, similar_code
from monitor.model import WEEKDAYS, Placement, Tier, iso_code, iso_id

from .base import DAYS, TIME, Day, Duration, Name, Section, Time, Zone

Topic = Literal["sanctions", "arms"]
PlacementName = Literal["tail", "digest", "top", "now"]
Letter = Literal["A", "B", "C", "D"]
Polarity = Literal["impose", "relax", "neutral", "enforce", "evade", "acquire", "supply", "halt"]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]

_CADENCE = re.compile(
    rf"(?P<every>daily|weekly)(?: on (?P<days>[a-z]{{3}}(?:(?:, ?| )[a-z]{{3}})*))? at (?P<at>{TIME})"
)
_MONTHLY = re.compile(rf"monthly on (?P<day>[1-9]|1\d|2[0-8]) at (?P<at>{TIME})")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A parsed cadence: `every` is ``now``, ``hour``, ``day``, ``week`` or ``month``.

    `days` are ISO weekdays; of a monthly one the day of the month.
    """

    every: str
    at: str = "00:00"
    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


def schedule_of(cadence: str) -> Schedule:
    """Parse a cadence, such as "now", "hourly", "daily on mon, thu at 08:00", "weekly on mon at 08:00" or
    "monthly on 1 at 08:00".

    Raises:
        ValueError: it has none of these forms.
    """
    if cadence in {"now", "hourly"}:
        return Schedule("now" if cadence == "now" else "hour")
    if monthly := _MONTHLY.fullmatch(cadence):
        return Schedule("month", monthly["at"], (int(monthly["day"]),))
    found = _CADENCE.fullmatch(cadence)
    days = tuple(re.split(r"[, ]+", found["days"])) if found and found["days"] else ()
    weekly = found is not None and found["every"] == "weekly"
    if found is None or not set(days) <= set(WEEKDAYS) or (weekly and len(days) != 1):
        raise ValueError(
            'write "now", "hourly", "daily at 08:00", "daily on mon, thu at 08:00",'
            ' "weekly on mon at 08:00" or "monthly on 1 at 08:00" (day 1 to 28)'
        )
    numbers = tuple(sorted({WEEKDAYS.index(day) + 1 for day in days or WEEKDAYS}))
    return Schedule("week" if weekly else "day", found["at"], numbers)


def _checked_cadence(given: str) -> str:
    if given:
        schedule_of(given)
    return given


Cadence = Annotated[str, AfterValidator(_checked_cadence)]


def _country(given: str) -> str:
    code = iso_code(given)
    if code in COUNTRIES:
        return code
    code = iso_code(given.strip().upper())
    similar = code if code in COUNTRIES else similar_code(given)
    hint = f"; did you mean {similar}?" if similar else ""
    raise ValueError(f"no country {given!r}; write ISO 3166-1 codes of two capitals, such as TR{hint}")


#: What `countries` may name: states, and two bodies that impose sanctions.
COUNTRIES = country_codes() | {"EU", "UN"}

Country = Annotated[str, AfterValidator(_country)]
EntityId = Annotated[str, AfterValidator(iso_id)]


class FilterSettings(Section):
    """The criteria of routes, digests and recipients; an empty one accepts every alert."""

    topics: tuple[Topic, ...] = ()
    events: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    polarity: tuple[Polarity, ...] = ()
    min_severity: int = Field(0, ge=0, le=5)
    credibility: Letter = "D"
    entities: tuple[EntityId, ...] = ()
    countries: tuple[Country, ...] = ()
    feeds: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    languages: tuple[Language, ...] = ()

    @property
    def criteria(self) -> dict[str, Any]:
        """The criteria, as fields of a `Filter`."""
        criteria = {name: getattr(self, name) for name in FilterSettings.model_fields}
        return criteria | {"tiers": tuple(tier.value for tier in self.tiers)}


class RouteSettings(FilterSettings):
    """``[routes.<name>]``: which alerts go to which channels, now or in a digest, in this order.

    Without `at_least`, alerts sent at once must be placed ``now``, and a digest has all flagged items.
    """

    channels: tuple[str, ...] = Field(min_length=1)
    at_least: PlacementName | None = None
    continue_: bool = Field(False, alias="continue")
    cadence: Cadence = "now"
    zone: Zone = "UTC"

    @property
    def placement(self) -> Placement:
        """The lowest placement that takes this route."""
        return Placement[(self.at_least or ("now" if self.cadence == "now" else "tail")).upper()]


class DigestSettings(FilterSettings):
    """``[digests.<name>]``: one message about all flagged items, at local times."""

    channels: tuple[str, ...] = Field(min_length=1)
    at: Time = "08:00"
    zone: Zone = "UTC"
    days: tuple[Day, ...] = Field(DAYS, min_length=1)
    cadence: Cadence = ""
    holidays: tuple[date, ...] = ()
    at_least: PlacementName = "tail"
    empty: Literal["always", "skip"] = "always"
    catch_up: Literal["coalesce", "each", "skip"] = "coalesce"
    welcome: bool = False
    backfill: Duration = timedelta()
    language: Language = ""
    attach: tuple[Literal["csv", "json"], ...] = ("csv",)

    @model_validator(mode="after")
    def _has_one_schedule(self) -> Self:
        if self.cadence == "now":
            raise ValueError('a digest cannot come "now": write a route for that')
        if self.cadence and {"at", "days"} & self.model_fields_set:
            raise ValueError("cadence says when: leave at and days out")
        return self

    @property
    def schedule(self) -> Schedule:
        """When the digest is due."""
        if self.cadence:
            return schedule_of(self.cadence)
        return Schedule("day", self.at, tuple(DAYS.index(day) + 1 for day in self.days))


class RecipientSettings(FilterSettings):
    """``[recipients.<name>]``: a person with an address and their own criteria.

    With the `cadence` ``now`` there is no digest: alerts of `at_least` this placement are sent at once.
    `at_once` gives both.
    """

    to: dict[Name, str] = Field(min_length=1)
    zone: Zone = "UTC"
    format: Literal["html", "text"] = "html"
    cadence: Cadence = "daily at 08:00"
    at_once: bool = False
    at_least: PlacementName = "now"
    empty: Literal["always", "skip"] = "always"
    language: Language = ""


class ExpectedItem(Section):
    """An item to judge, in the form that `explain` takes; `source` is the name or title of a feed."""

    title: str
    summary: str = ""
    source: str = ""
    lang: str = ""
    date: str = ""


class ExpectSettings(Section):
    """``[[expect]]``: the expected outcome for an item, tested by `check`; an absent key is not tested."""

    item: ExpectedItem
    channels: tuple[str, ...] | None = None
    digests: tuple[str, ...] | None = None
    route: str | None = None
    event: str | None = None
    topics: tuple[Topic, ...] | None = None


#: The tables of this file, by key in the configuration.
TABLES: Mapping[str, type[Section]] = {
    "routes": RouteSettings,
    "digests": DigestSettings,
    "recipients": RecipientSettings,
    "expect": ExpectSettings,
}
