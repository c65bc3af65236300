"""Trace an alert through routes, digests and recipients, and compare it with an expectation. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.model import Alert, Placement, Recipient, Subscription

from .routing import Route, RouteStep, channels_for, route_trace


@dataclass(frozen=True, slots=True)
class Path:
    """The path of an alert: `stops` are all routes; `channels` and `recipients` get it at once."""

    stops: tuple[RouteStep, ...]
    channels: tuple[str, ...]
    digests: tuple[Subscription, ...]
    recipients: tuple[Recipient, ...]

    @property
    def routes(self) -> tuple[str, ...]:
        """The names of the routes taken."""
        return tuple(stop.route.name for stop in self.stops if stop.taken)


@dataclass(frozen=True, slots=True)
class Expectation:
    """The expected path and verdict of an item; None for what is not checked."""

    channels: tuple[str, ...] | None = None
    digests: tuple[str, ...] | None = None
    route: str | None = None
    event: str | None = None
    topics: tuple[str, ...] | None = None


def path_of(
    alert: Alert,
    routes: Sequence[Route],
    subscriptions: Iterable[Subscription],
    recipients: Iterable[Recipient],
) -> Path:
    """Return the path of an alert; that of an archived one is empty."""
    if alert.decision.placement is Placement.ARCHIVE:
        return Path((), (), (), ())
    return Path(
        tuple(route_trace(alert, routes)),
        channels_for(alert, routes),
        tuple(sub for sub in subscriptions if sub.fits(alert)),
        tuple(recipient for recipient in recipients if recipient.immediate and recipient.fits(alert)),
    )


def why(stop: RouteStep) -> str:
    """Say in words why a route is taken or not."""
    if not stop.asked:
        return "not asked: an earlier route ended the way"
    if stop.refusals:
        return "; ".join(stop.refusals)
    return "fits, and the next ones are asked too" if stop.route.continue_ else "fits, and ends the way"


def unmet_expectations(expected: Expectation, alert: Alert, path: Path) -> Iterator[str]:
    """Yield each difference from what was expected, with its reason."""
    event = alert.verdict.event
    decided = f"{alert.decision.placement.name.lower()}: {alert.decision.because}"
    trace = "; ".join(f"{stop.route.name}: {why(stop)}" for stop in path.stops) or decided
    if expected.topics is not None and set(expected.topics) != set(alert.verdict.topics):
        found = ", ".join(f"{topic} {points}" for topic, points in alert.verdict.relevance.items())
        yield f"topics {_words(expected.topics)} expected, but {_words(alert.verdict.topics)} found ({found})"
    if expected.event is not None and expected.event != (event.type if event else ""):
        found = f"{event.type} found in {event.quote!r}" if event else "none found"
        yield f"event {expected.event or 'none'} expected, but {found}"
    if expected.route is not None and expected.route not in path.routes:
        yield f"route {expected.route} expected, but {_words(path.routes)} taken ({trace})"
    if expected.channels is not None and set(expected.channels) != set(path.channels):
        found = _words(path.channels)
        yield f"channels {_words(expected.channels)} expected, but {found} alerted ({trace})"
    if expected.digests is not None and set(expected.digests) != {sub.name for sub in path.digests}:
        found = _words(sub.name for sub in path.digests)
        yield f"digests {_words(expected.digests)} expected, but it is in {found} ({decided})"


def _words(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
