"""Where a verdict belongs, and which channels are owed it now. Pure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from monitor.errors import ConfigError
from monitor.model import Alert, Decision, Delivery, HealthReport, Message, Outlet, Placement, Verdict, key_of

_PLACES = {place.name.lower(): place for place in Placement}

#: severity → credibility letter → (placement, whether to mark it UNCONFIRMED)
RoutingTable = Mapping[int, Mapping[str, tuple[Placement, bool]]]


@dataclass(frozen=True, slots=True)
class Route:
    """Sends alerts that fit to channels as soon as they are raised.

    `at_least` is the placement an alert must have; empty `topics` or `feeds` mean all. A route that fits ends
    the walk unless `go_on`.
    """

    name: str
    channels: tuple[str, ...]
    topics: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    min_severity: int = 0
    at_least: Placement = Placement.NOW
    go_on: bool = False

    def fits(self, alert: Alert) -> bool:
        """Say whether an alert takes this route."""
        return (
            alert.decision.placement >= self.at_least
            and alert.verdict.severity >= self.min_severity
            and (not self.topics or not set(self.topics).isdisjoint(alert.verdict.topics))
            and (not self.feeds or alert.item.feed in self.feeds)
        )


def load(text: str, origin: str) -> RoutingTable:
    """Read the ``[routing]`` table: severity → credibility → placement, with "!" for UNCONFIRMED.

    Raises:
        ConfigError: a severity or letter is missing, or a placement is unknown.
    """
    try:
        rows = tomllib.loads(text).get("routing")
        if not isinstance(rows, dict):
            raise ValueError("a table [routing] is expected")
        return {severity: _row(rows.get(str(severity)), severity) for severity in range(6)}
    except ValueError as error:
        raise ConfigError(f"{origin}: routing: {error}") from error


def _row(row: Any, severity: int) -> dict[str, tuple[Placement, bool]]:
    if not isinstance(row, dict):
        raise ValueError(f"{severity}: a placement for each of A, B, C, D is expected")
    cells = {letter: str(row.get(letter, "")) for letter in "ABCD"}
    for letter, cell in cells.items():
        if cell.removesuffix("!") not in _PLACES:
            raise ValueError(f"{severity}.{letter}: {cell!r} is none of {', '.join(_PLACES)}")
    return {letter: (_PLACES[cell.removesuffix("!")], cell.endswith("!")) for letter, cell in cells.items()}


def decide(verdict: Verdict, table: RoutingTable) -> Decision:
    """Look up where a verdict belongs: what is only possible is a line at the end of the digest."""
    if not verdict.topics:
        if verdict.possible:
            return Decision(Placement.TAIL, "relevance below the mark, but possible")
        return Decision(Placement.ARCHIVE, "relevance below the mark")
    letter = verdict.credibility.letter
    placement, unconfirmed = table[verdict.severity][letter]
    return Decision(placement, f"severity {verdict.severity}, credibility {letter}", unconfirmed)


def channels_for(alert: Alert, routes: Sequence[Route]) -> tuple[str, ...]:
    """Return the channels owed an alert now, each once, in the order of the routes."""
    chosen: list[str] = []
    for route in routes:
        if route.fits(alert):
            chosen += route.channels
            if not route.go_on:
                break
    return tuple(dict.fromkeys(chosen))


def owed(alert: Alert, outlet: Outlet, messages: Sequence[Message]) -> tuple[Delivery, ...]:
    """Return one delivery for each recipient and message; the same alert owes the same ids for ever."""
    first = Delivery("", "alert", alert.id, outlet.name, "", _NOTHING, alert.raised_at, alert.raised_at)
    return _each(replace(first, story=alert.story), outlet, messages)


def owed_report(report: HealthReport, outlet: Outlet, messages: Sequence[Message]) -> tuple[Delivery, ...]:
    """Return one delivery of a report of health for each recipient and message."""
    first = Delivery("", "health", report.id, outlet.name, "", _NOTHING, report.at, report.at)
    return _each(first, outlet, messages)


_NOTHING = Message("", "")


def _each(first: Delivery, outlet: Outlet, messages: Sequence[Message]) -> tuple[Delivery, ...]:
    return tuple(
        replace(
            first,
            id=key_of(_SPACES[first.kind], first.ref, outlet.name, recipient, str(part)),
            recipient=recipient,
            message=message,
        )
        for recipient in outlet.recipients
        for part, message in enumerate(messages)
    )


#: An alert's deliveries keep the names they had before there were others.
_SPACES = {"alert": "delivery", "health": "health"}
