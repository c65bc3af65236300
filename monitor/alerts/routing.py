"""Decide the placement of a verdict and the channels that get its alert now. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from monitor.errors import ConfigError
from monitor.model import (
    Alert,
    ChannelTarget,
    Decision,
    Filter,
    Item,
    Placement,
    Recipient,
    Subscription,
    Verdict,
)

#: An item published longer than this before it is first seen is placed in the digest at most.
RESURFACED = timedelta(days=7)

#: Why an item of a feed's first poll is archived.
BACKLOG = "older than the backlog when the feed was first polled"

_PLACES = {place.name.lower(): place for place in Placement}


@dataclass(frozen=True, slots=True)
class RoutingCell:
    """Where a table places an alert, and whether it is marked UNCONFIRMED there."""

    placement: Placement
    unconfirmed: bool = False


#: severity → credibility letter → cell
RoutingTable = Mapping[int, Mapping[str, RoutingCell]]


@dataclass(frozen=True, slots=True)
class Route(Filter):
    """Sends alerts that fit to channels: as soon as they are raised, or as a digest if it has a `digest`.

    Routes after one that fits are not tried, unless it has `continue_`.
    """

    name: str
    channels: tuple[str, ...]
    continue_: bool = False
    digest: Subscription | None = None
    at_least: Placement = field(default=Placement.NOW, kw_only=True)


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One route for an alert, and why it is not taken; not `asked` if an earlier route ended the search."""

    route: Route
    asked: bool
    refusals: tuple[str, ...] = ()

    @property
    def taken(self) -> bool:
        return self.asked and not self.refusals


def table_of(tables: Mapping[str, Any], origin: str) -> RoutingTable:
    """Return the routing of scoring tables: severity → credibility → placement, with "!" for UNCONFIRMED.

    Raises:
        ConfigError: a severity or letter is missing, or a placement is unknown.
    """
    try:
        rows = tables.get("routing")
        if not isinstance(rows, dict):
            raise ValueError("a table [routing] is expected")
        return {severity: _row(rows.get(str(severity)), severity) for severity in range(6)}
    except ValueError as error:
        raise ConfigError(f"{origin}: routing: {error}") from error


def _row(row: Any, severity: int) -> dict[str, RoutingCell]:
    if not isinstance(row, dict):
        raise ValueError(f"{severity}: a placement for each of A, B, C, D is expected")
    cells = {letter: str(row.get(letter, "")) for letter in "ABCD"}
    for letter, cell in cells.items():
        if cell.removesuffix("!") not in _PLACES:
            raise ValueError(f"{severity}.{letter}: {cell!r} is none of {', '.join(_PLACES)}")
    return {
        letter: RoutingCell(_PLACES[cell.removesuffix("!")], cell.endswith("!"))
        for letter, cell in cells.items()
    }


def decide(verdict: Verdict, table: RoutingTable) -> Decision:
    """Look up the placement of a verdict; one that is only possible goes to the end of the digest."""
    if not verdict.topics:
        if verdict.possible:
            return Decision(Placement.TAIL, "relevance below the threshold, but possible")
        return Decision(Placement.ARCHIVE, "relevance below the threshold")
    letter = verdict.credibility.letter
    cell = table[verdict.severity][letter]
    return Decision(cell.placement, f"severity {verdict.severity}, credibility {letter}", cell.unconfirmed)


def decide_with_alternatives(verdict: Verdict, table: RoutingTable) -> tuple[Verdict, Decision]:
    """Return the decision, and the verdict with what would have led to another one in `would_change`."""
    changes = (*verdict.would_change, *would_move(verdict, table))
    return replace(verdict, would_change=changes), decide(verdict, table)


def would_move(verdict: Verdict, table: RoutingTable) -> Iterator[str]:
    """Yield what would place a flagged verdict elsewhere: a step of severity, or another credibility."""
    if not verdict.topics:
        return
    severity, letter = verdict.severity, verdict.credibility.letter
    here = table[severity][letter]
    steps = [(step, letter, f"severity {step}") for step in (severity + 1, severity - 1) if step in table]
    steps += [(severity, other, f"credibility {other}") for other in "ABCD" if other != letter]
    ways: dict[RoutingCell, list[str]] = {}
    for step, other, what in steps:
        ways.setdefault(table[step][other], []).append(what)
    for there, several in ways.items():
        if there != here:
            yield f"{' or '.join(several)} would place it: {_placed(there)}"


def _placed(cell: RoutingCell) -> str:
    return cell.placement.name.lower() + (", UNCONFIRMED" if cell.unconfirmed else "")


def lowered(
    decision: Decision, item: Item, backlog: timedelta | None, *, first_poll: bool = False, doubt: str = ""
) -> Decision:
    """Return the decision, lowered for the age of the item or for a `doubt`; it is never raised.

    Without a `backlog` an item may be of any age.
    """
    age = item.first_seen_at - (item.published_at or item.first_seen_at)
    if first_poll and backlog is not None and age > backlog:
        return replace(decision, placement=Placement.ARCHIVE, because=BACKLOG, from_backlog=True)
    if backlog is not None and age > RESURFACED:
        doubt = f"published {age.days} days before"
    if doubt and decision.placement > Placement.DIGEST:
        because = f"{decision.because}; {doubt}"
        return replace(decision, placement=Placement.DIGEST, because=because, doubt=doubt)
    return decision


def route_trace(alert: Alert, routes: Iterable[Route]) -> Iterator[RouteStep]:
    """Yield a step for every route in order; the first that fits ends the search, unless it continues."""
    ended = False
    for route in routes:
        yield (step := RouteStep(route, not ended, () if ended else route.refusals(alert)))
        ended = ended or (step.taken and not route.continue_)


def channels_for(alert: Alert, routes: Iterable[Route]) -> tuple[str, ...]:
    """Return the channels that get an alert now, each once, in the order of the routes."""
    taken = (
        step.route.channels for step in route_trace(alert, routes) if step.taken and not step.route.digest
    )
    return tuple(dict.fromkeys(channel for channels in taken for channel in channels))


def channel_targets_for(
    alert: Alert,
    routes: Iterable[Route],
    recipients: Iterable[Recipient],
    channel_targets: Mapping[str, ChannelTarget],
) -> Iterator[ChannelTarget]:
    """Yield the targets of an alert: the channels of its routes, then its immediate recipients."""
    yield from (channel_targets[channel] for channel in channels_for(alert, routes))
    for recipient in recipients:
        if recipient.immediate and recipient.fits(alert):
            yield from recipient.channel_targets(channel_targets)
