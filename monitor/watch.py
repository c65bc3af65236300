"""The monitor's own health: what is wrong with its senses is told once, and once more when it is over.

It looks at what polls left behind, not at polls: a program that was down, or killed between a poll and this,
tells the same.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from .alerts.policy import owed_report
from .aside import Aside
from .clock import Clock
from .feeds.health import troubles
from .model import Delivery, Feed, FeedState, HealthReport, Incident, Message, Outlet
from .store.base import HealthStore

log = structlog.get_logger()

#: Kinds that tell of one moment: nobody needs to hear that it has passed.
MOMENTS = frozenset({"gap", "burst", "notice", "ticker"})

#: No host answers for so long: then it is told of.
OFFLINE_AFTER = timedelta(minutes=2)


class ReportWords(Protocol):
    """Whoever words reports of health."""

    def health(self, report: HealthReport, form: str) -> Sequence[Message]:
        """Return the messages of a report in one of the forms of message."""

    def faults(self) -> Sequence[str]:
        """Return what is wrong with the templates that are in use."""


@dataclass
class Watch:
    """Compares what is wrong with what was told, and owes one report of all that changed.

    `channels` are those of the operator, apart from the routes of news; without any, incidents are kept and
    logged only. `offline_since` says since when no host answers.
    """

    feeds: Mapping[str, Feed]
    channels: tuple[str, ...]
    outlets: Mapping[str, Outlet]
    render: ReportWords
    store: HealthStore
    aside: Aside
    clock: Clock
    offline_since: Callable[[], datetime | None]

    async def look(self) -> int:
        """Tell what has changed since the last look; return how many incidents opened or closed."""
        now = self.clock()
        states = await self.aside(self.store.feed_states)
        open_before = await self.aside(self.store.open_incidents)
        faults = await asyncio.to_thread(self.render.faults)
        wrong = (*self._wrong(states, now), *_broken_templates(faults, now))
        opened, closed = compared(wrong, open_before, now)
        if not (opened or closed):
            return 0
        told = tuple(each for each in closed if each.kind not in MOMENTS)
        report = HealthReport(now, opened, told, len(open_before) + len(opened) - len(closed))
        deliveries = tuple(self._owed(report)) if opened or told else ()
        await self.aside(self.store.report, opened, closed, deliveries)
        for each in opened:
            log.warning("incident_opened", feed=each.subject, kind=each.kind, reason=each.reason)
        for each in closed:
            log.info("incident_closed", feed=each.subject, kind=each.kind)
        return len(opened) + len(closed)

    def _wrong(self, states: Iterable[FeedState], now: datetime) -> Iterator[Incident]:
        """Yield all that is wrong now; while no host answers, that alone and not every feed's failing."""
        since = self.offline_since()
        offline = since is not None and now - since >= OFFLINE_AFTER
        if offline:
            yield Incident("", "offline", f"no host answers since {since:%Y-%m-%d %H:%M} UTC", now)
        for state in states:
            if feed := self.feeds.get(state.feed):
                for kind, reason in troubles(feed, state):
                    if not (offline and kind == "failing"):
                        yield Incident(state.feed, kind, reason, now)

    def _owed(self, report: HealthReport) -> Iterator[Delivery]:
        for name in self.channels:
            outlet = self.outlets[name]
            yield from owed_report(report, outlet, self.render.health(report, outlet.form))


def _broken_templates(faults: Sequence[str], now: datetime) -> Iterator[Incident]:
    """Yield one incident for all templates: the operator looks at them together."""
    if faults:
        reason = f"{'; '.join(faults)}; the built-in template is used instead"
        yield Incident("", "template", reason, now)


def compared(
    wrong: Iterable[Incident], before: Sequence[Incident], now: datetime
) -> tuple[tuple[Incident, ...], tuple[Incident, ...]]:
    """Return (opened, closed): what is wrong and was not, what was and is no longer.

    A failing feed that is only hidden by an outage of ours stays open.
    """
    there = {(each.subject, each.kind): each for each in wrong}
    known = {(each.subject, each.kind) for each in before}
    hidden = {"failing"} if ("", "offline") in there else frozenset[str]()
    opened = tuple(each for key, each in there.items() if key not in known)
    closed = tuple(
        replace(each, closed_at=now)
        for each in before
        if (each.subject, each.kind) not in there and each.kind not in hidden
    )
    return opened, closed
