"""The monitor's own health: what is wrong with its senses is told once, and once more when it is over.

It looks at what polls and deliveries left behind, not at them: a program that was down, or killed between a
poll and this, tells the same.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from monitor.alerts.routing import deliveries_of_report
from monitor.channels.breaker import is_degraded
from monitor.clock import Clock
from monitor.executor import Executor
from monitor.feeds.health import feed_faults
from monitor.model import (
    ChannelTarget,
    Delivery,
    DeliveryState,
    Feed,
    FeedState,
    HealthReport,
    Incident,
    Message,
)
from monitor.store.protocols.base import HealthStore

log = structlog.get_logger()

#: Kinds that tell of one moment: nobody needs to hear that it has passed.
MOMENTS = frozenset({"gap", "burst", "notice", "ticker"})

#: Kinds whose subject is a channel: that one is not asked to tell of itself.
ABOUT_CHANNELS = frozenset({"channel", "canary"})

#: No host answers for so long: then it is told of.
OFFLINE_AFTER = timedelta(minutes=2)

#: What was owed in the last day is counted once a minute.
COUNTED, COUNTED_EVERY = timedelta(days=1), timedelta(minutes=1)


class ReportRenderer(Protocol):
    """Whoever words reports of health."""

    def health(self, report: HealthReport, form: str) -> Sequence[Message]:
        """Return the messages of a report in one of the forms of message."""

    def faults(self) -> Sequence[str]:
        """Return what is wrong with the templates that are in use."""


@dataclass
class HealthJob:
    """Compares what is wrong with what was told, and owes one report of all that changed.

    `channels` are those of the operator, apart from the routes of news; without any, incidents are kept and
    logged only. `offline_since` says since when no host answers, `others` what is wrong elsewhere.
    """

    feeds: Mapping[str, Feed]
    channels: tuple[str, ...]
    channel_targets: Mapping[str, ChannelTarget]
    render: ReportRenderer
    store: HealthStore
    db: Executor
    clock: Clock
    offline_since: Callable[[], datetime | None]
    others: Callable[[datetime], Iterable[Incident]] = lambda now: ()
    _counted_at: datetime | None = None
    _missing: tuple[str, ...] = ()

    async def look(self) -> int:
        """Tell what has changed since the last look; return how many incidents opened or closed."""
        now = self.clock()
        wrong = tuple(self._wrong(await self.db.run(self.store.feed_states), now))
        wrong += tuple(await self._undelivered(now))
        open_before = await self.db.run(self.store.open_incidents)
        wrong += tuple(_broken_templates(await asyncio.to_thread(self.render.faults), now))
        opened, closed = compared(wrong, open_before, now)
        if not (opened or closed):
            return 0
        told = tuple(each for each in closed if each.kind not in MOMENTS)
        report = HealthReport(now, opened, told, len(open_before) + len(opened) - len(closed))
        broken = frozenset(each.subject for each in wrong if each.kind in ABOUT_CHANNELS)
        await self.db.run(self.store.report, opened, closed, tuple(self._owed(report, broken)))
        for each in opened:
            log.warning("incident_opened", subject=each.subject, kind=each.kind, reason=each.reason)
        for each in closed:
            log.info("incident_closed", subject=each.subject, kind=each.kind)
        return len(opened) + len(closed)

    def _wrong(self, states: Iterable[FeedState], now: datetime) -> Iterator[Incident]:
        """Yield what is wrong with feeds; while no host answers, that alone and not every feed's failing."""
        since = self.offline_since()
        offline = since is not None and now - since >= OFFLINE_AFTER
        if offline:
            yield Incident("", "offline", f"no host answers since {since:%Y-%m-%d %H:%M} UTC", now)
        for state in states:
            if feed := self.feeds.get(state.feed):
                for kind, reason in feed_faults(feed, state):
                    if not (offline and kind == "failing"):
                        yield Incident(state.feed, kind, reason, now)
        yield from self.others(now)

    async def _undelivered(self, now: datetime) -> list[Incident]:
        """Return what is wrong with the way out: channels, and deliveries that nobody can account for."""
        states = await self.db.run(self.store.channel_states)
        backlog = await self.db.run(self.store.backlog)
        found = [
            Incident(name, "channel", state.reason, now)
            for name, state in states.items()
            if name in self.channel_targets and is_degraded(state, now)
        ]
        for name in sorted(backlog.keys() - self.channel_targets.keys()):
            if owed := backlog[name].get(DeliveryState.OWED, 0) + backlog[name].get(
                DeliveryState.UNCERTAIN, 0
            ):
                why = f"{owed} deliveries wait for it: configure [channels.{name}], or discard them"
                found.append(Incident(name, "missing", why, now))
        if missing := await self._unaccounted(now):
            why = f"deliveries are missing of {len(missing)} alerts or digests: {', '.join(missing[:5])}"
            found.append(Incident("", "unaccounted", why, now))
        return found

    async def _unaccounted(self, now: datetime) -> tuple[str, ...]:
        """Do the accounts of the last day, once a minute."""
        if self._counted_at is None or not timedelta() <= now - self._counted_at < COUNTED_EVERY:
            accounts = await self.db.run(self.store.accounting, now - COUNTED)
            self._counted_at, self._missing = now, accounts.missing
        return self._missing

    def _owed(self, report: HealthReport, broken: frozenset[str]) -> Iterator[Delivery]:
        """Yield what is owed of a report; that a channel is broken is told by those that are not."""
        well = [name for name in self.channels if name not in broken]
        if self.channels and not well:
            well = [name for name in self.channel_targets if name not in broken][:1]
        for about_channels, names in ((False, self.channels), (True, well)):
            opened, closed = (
                tuple(each for each in several if (each.kind in ABOUT_CHANNELS) is about_channels)
                for several in (report.opened, report.closed)
            )
            if opened or closed:
                part = replace(report, opened=opened, closed=closed)
                for name in names:
                    target = self.channel_targets[name]
                    yield from deliveries_of_report(part, target, self.render.health(part, target.form))


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
