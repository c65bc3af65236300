"""Report what polls did: each in the log, a round of them in numbers."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from monitor.errors import StoreError
from monitor.model import PollOutcome

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PollCounts:
    """The result of a round of polls."""

    polled: int = 0
    failed: int = 0
    items: int = 0
    alerts: int = 0

    def __add__(self, other: "PollCounts") -> "PollCounts":
        return PollCounts(
            polled=self.polled + other.polled,
            failed=self.failed + other.failed,
            items=self.items + other.items,
            alerts=self.alerts + other.alerts,
        )


def report_poll(outcome: PollOutcome, *, written: bool) -> PollCounts:
    """Log a poll that did not fail, and each alert that it raised; return its counts.

    One that was not `written`, because its feed was polled meanwhile, raised nothing.
    """
    if not written:
        log.warning("feed_superseded")
        return PollCounts(polled=1)
    items, alerts = len(outcome.judged), len(outcome.alerts)
    log.info("feed_polled", health=outcome.state.health, items=items, alerts=alerts)
    for alert in outcome.alerts:
        event = alert.verdict.event.type if alert.verdict.event else ""
        place = alert.decision.placement.name.lower()
        log.info("alert_raised", alert=alert.id, kind=alert.kind, type=event, placement=place)
    return PollCounts(polled=1, items=items, alerts=alerts)


def report_crash(error: BaseException) -> PollCounts:
    """Log a poll whose error is no feed's; where it was seen is logged only if it is not the store's."""
    log.error("feed_crashed", reason=str(error), exc_info=None if isinstance(error, StoreError) else error)
    return PollCounts(polled=1, failed=1)


def counts_of(done: Iterable[asyncio.Task[PollCounts]]) -> PollCounts:
    """Return the sum of polls that have ended, or raise the first of their errors."""
    ended = tuple(done)
    errors = [error for task in ended if (error := task.exception())]  # asyncio logs those nobody asks for
    if errors:
        raise errors[0]
    return sum((task.result() for task in ended), PollCounts())
