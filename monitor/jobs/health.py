"""Open and close incidents about feeds, channels and the program itself, and report the changes.

The job examines the state that polls and deliveries leave in the store: a program that was down, or killed
between a poll and this job, reports the same.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from monitor.alerts.deliveries import deliveries_of_report
from monitor.channels.breaker import fails_all, is_degraded
from monitor.feeds.faults import FeedFaults
from monitor.feeds.outage import Outage
from monitor.model import (
    AbandonedRun,
    ChannelState,
    Delivery,
    DeliveryState,
    Feed,
    HealthReport,
    Incident,
    IncidentKind,
)

from .context import JobContext
from .outgoing import Outgoing
from .policy import Policy

log = structlog.get_logger()

#: Incidents of one moment: that they are over is not reported.
MOMENTS = frozenset({IncidentKind.GAP, IncidentKind.BURST, IncidentKind.NOTICE, IncidentKind.TICKER})

#: Incidents whose subject is a channel: that channel does not carry their report.
ABOUT_CHANNELS = frozenset({IncidentKind.CHANNEL, IncidentKind.CANARY})

#: An outage of our own is reported when no host has responded for this long.
OFFLINE_AFTER = timedelta(minutes=2)

#: Deliveries of the last day are accounted for once a minute.
COUNTED, COUNTED_EVERY = timedelta(days=1), timedelta(minutes=1)

#: How often the versions of all feeds are compared; between, those of the feeds polled lately.
COMPARED_EVERY = timedelta(minutes=1)

#: A poll is committed at most so late that the next check finds it among those polled lately.
LATE = timedelta(seconds=30)


class IncidentSource(Protocol):
    """A part of the program that reports its own faults."""

    def incidents(self, now: datetime) -> Iterable[Incident]:
        """Return what is wrong now."""


@dataclass(kw_only=True)
class HealthJob:
    """Compares what is wrong now with the open incidents, and sends a report of all that changed.

    Reports go to the operator's channels, apart from the routes of news; without any, incidents are stored
    and logged only. `outage` knows since when no host responds.
    """

    context: JobContext
    outgoing: Outgoing
    outage: Outage
    sources: Sequence[IncidentSource] = ()
    _faults: FeedFaults = field(default_factory=FeedFaults)
    _compared_at: datetime | None = None
    _read_at: datetime | None = None
    _counted_at: datetime | None = None
    _missing: tuple[str, ...] = ()

    def add_source(self, source: IncidentSource) -> None:
        """Ask one more part of the program for its faults."""
        self.sources = (*self.sources, source)

    async def run(self) -> int:
        """Report what has changed since the last run; return how many incidents opened or closed."""
        context, now = self.context, self.context.clock()
        db, store = context.db, context.store
        with context.current.use() as policy:
            facts = await db.run(self._facts, policy, now)
            wrong, before = await self._wrong(policy, facts, now), facts.incidents
            opened, closed = opened_and_closed(wrong, before, now)
            if not (opened or closed):
                return 0
            reported = tuple(each for each in closed if each.kind not in MOMENTS)
            report = HealthReport(now, opened, reported, len(before) + len(opened) - len(closed))
            broken = frozenset(each.subject for each in wrong if each.kind in ABOUT_CHANNELS)
            deliveries = await context.cpu.run(_deliveries, policy, report, broken)
            prepared = await self.outgoing.prepare(deliveries)
            await db.run(store.report, opened, closed, prepared)
        for each in opened:
            log.warning("incident_opened", subject=each.subject, kind=each.kind, reason=each.reason)
        for each in closed:
            log.info("incident_closed", subject=each.subject, kind=each.kind)
        return len(opened) + len(closed)

    def _facts(self, policy: Policy, now: datetime) -> "_Facts":
        """Read the facts in one turn of the store's thread, and only those that its states ask for."""
        store, targets = self.context.store, tuple(policy.alerts.channel_targets)
        self._read_feeds(policy.alerts.feeds, now)
        states = store.states_to_check(now)
        waiting = states & {DeliveryState.OWED, DeliveryState.UNCERTAIN}
        return _Facts(
            channels=store.channel_states(),
            abandoned_runs=store.abandoned_runs() if DeliveryState.DEAD in states else {},
            stranded=store.unconfigured(targets) if waiting else {},
            incidents=store.open_incidents(),
        )

    def _read_feeds(self, feeds: Mapping[str, Feed], now: datetime) -> None:
        """Take in the feeds that changed: those polled lately; once in `COMPARED_EVERY` all are compared."""
        store, known = self.context.store, self._faults.known(feeds)
        compared_at, read_at = self._compared_at, self._read_at
        self._read_at = now
        if known and compared_at and read_at and timedelta() <= now - compared_at < COMPARED_EVERY:
            self._faults.update(known.keys(), store.feed_states_since(known, read_at - LATE, now))
        else:
            self._compared_at = now
            self._faults.update(*store.changed_feed_states(known))

    async def _wrong(self, policy: Policy, facts: "_Facts", now: datetime) -> tuple[Incident, ...]:
        """Return everything that is wrong now."""
        faults = await asyncio.to_thread(policy.renderer.faults)
        missing = await self._unaccounted(now)
        return (
            *self._of_feeds(now),
            *(each for source in self.sources for each in source.incidents(now)),
            *_of_channels(policy, facts, now),
            *_of_stranded(facts.stranded, now),
            *_of_accounts(missing, now),
            *_broken_templates(faults, now),
        )

    def _of_feeds(self, now: datetime) -> Iterator[Incident]:
        """Yield what is wrong with feeds; while no host responds, that alone and not every failing feed."""
        since = self.outage.since
        offline = since is not None and now - since >= OFFLINE_AFTER
        if offline:
            yield Incident("", IncidentKind.OFFLINE, f"no host answers since {since:%Y-%m-%d %H:%M} UTC", now)
        for feed, kind, reason in self._faults:
            if not (offline and kind == IncidentKind.FAILING):
                yield Incident(feed, kind, reason, now)

    async def _unaccounted(self, now: datetime) -> tuple[str, ...]:
        """Return the alerts and digests of the last day that lack a delivery; counted once a minute."""
        if self._counted_at is None or not timedelta() <= now - self._counted_at < COUNTED_EVERY:
            accounts = await self.context.db.run(self.context.store.accounting, now - COUNTED)
            self._counted_at, self._missing = now, accounts.missing
        return self._missing


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the store knows about channels, runs of given-up deliveries, and incidents that are open."""

    channels: Mapping[str, ChannelState]
    abandoned_runs: Mapping[str, AbandonedRun]
    stranded: Mapping[str, int]
    incidents: Sequence[Incident]


def _of_channels(policy: Policy, facts: _Facts, now: datetime) -> Iterator[Incident]:
    """Yield the channels that are at fault, or whose deliveries are all given up."""
    for name, target in policy.alerts.channel_targets.items():
        state, run = facts.channels.get(name), facts.abandoned_runs.get(name)
        if state and is_degraded(state, now):
            yield Incident(name, IncidentKind.CHANNEL, state.reason, now)
        elif run and fails_all(run, len(target.recipients)):
            reason = f"{run.count} deliveries in a row were given up, none was sent; the last: {run.reason}"
            yield Incident(name, IncidentKind.CHANNEL, reason, now)


def _of_stranded(stranded: Mapping[str, int], now: datetime) -> Iterator[Incident]:
    """Yield channels that are owed something and no longer configured."""
    for name, owed in sorted(stranded.items()):
        reason = f"{owed} deliveries wait for it: configure [channels.{name}], or discard them"
        yield Incident(name, IncidentKind.MISSING, reason, now)


def _of_accounts(missing: Sequence[str], now: datetime) -> Iterator[Incident]:
    if missing:
        reason = f"deliveries are missing of {len(missing)} alerts or digests: {', '.join(missing[:5])}"
        yield Incident("", IncidentKind.UNACCOUNTED, reason, now)


def _deliveries(policy: Policy, report: HealthReport, broken: frozenset[str]) -> tuple[Delivery, ...]:
    """Return the deliveries of a report; faults of channels are reported by channels that work."""
    of_channels, of_others = _part(report, of_channels=True), _part(report, of_channels=False)
    return (
        *_deliveries_to(policy.health_channels, policy, of_others),
        *_deliveries_to(_working_channels(policy, broken), policy, of_channels),
    )


def _deliveries_to(names: Iterable[str], policy: Policy, report: HealthReport) -> Iterator[Delivery]:
    """Yield the deliveries of a report to some channels; none if it reports nothing."""
    if not (report.opened or report.closed):
        return
    for name in names:
        target = policy.alerts.channel_targets[name]
        messages = policy.renderer.health(report, target.form, policy.health_language)
        yield from deliveries_of_report(report, target, messages)


def _working_channels(policy: Policy, broken: frozenset[str]) -> list[str]:
    """Return the channels of health reports that work; if none does, the first other one that works."""
    if not policy.health_channels:
        return []
    working = [name for name in policy.health_channels if name not in broken]
    return working or [name for name in policy.alerts.channel_targets if name not in broken][:1]


def _part(report: HealthReport, *, of_channels: bool) -> HealthReport:
    """Return a report of the incidents whose subject is a channel, or of all others."""

    def chosen(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
        return tuple(each for each in incidents if (each.kind in ABOUT_CHANNELS) is of_channels)

    return replace(report, opened=chosen(report.opened), closed=chosen(report.closed))


def _broken_templates(faults: Sequence[str], now: datetime) -> Iterator[Incident]:
    """Yield one incident for all templates."""
    if faults:
        reason = f"{'; '.join(faults)}; the built-in template is used instead"
        yield Incident("", IncidentKind.TEMPLATE, reason, now)


def opened_and_closed(
    wrong: Iterable[Incident], before: Sequence[Incident], now: datetime
) -> tuple[tuple[Incident, ...], tuple[Incident, ...]]:
    """Return (opened, closed) incidents: wrong now and not before, wrong before and not now.

    A failing feed that an outage of our own only hides stays open.
    """
    there = {(each.subject, each.kind): each for each in wrong}
    known = {(each.subject, each.kind) for each in before}
    hidden = {IncidentKind.FAILING} if ("", IncidentKind.OFFLINE) in there else frozenset[IncidentKind]()
    opened = tuple(each for key, each in there.items() if key not in known)
    closed = tuple(
        replace(each, closed_at=now)
        for each in before
        if (each.subject, each.kind) not in there and each.kind not in hidden
    )
    return opened, closed
