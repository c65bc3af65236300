"""The second half of the day: quiet alerts → one digest owed per reader and occasion.

What is due is computed from the database each time, so that a digest missed while nobody ran is made up for.
Its alerts, its deliveries and the watermark are written in one transaction, or nothing is.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import takewhile
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from .alerts.holding import silenced_by
from .alerts.occasions import WELCOME_LATEST, due, next_after, welcome_due
from .aside import Aside
from .clock import Clock
from .model import (
    Alert,
    Counts,
    Delivery,
    Digest,
    DigestPlan,
    Message,
    Occasion,
    Outlet,
    Placement,
    Stale,
    StorySoFar,
    Subscription,
    SubscriptionState,
    Tally,
    key_of,
)
from .store.base import DigestStore

log = structlog.get_logger()

#: A digest shows this many days before its own.
HISTORY = timedelta(days=29)


class DigestWords(Protocol):
    """Whoever words a digest."""

    def digest(self, digest: Digest, form: str) -> tuple[Message, ...]:
        """Return the messages of a digest in the form that a channel takes, in order."""


@dataclass(frozen=True, slots=True)
class Window:
    """What one digest tells of: everything new in [since, until), or all that waits if it is the `last`."""

    occasion: Occasion
    since: datetime
    until: datetime
    last: bool


@dataclass(frozen=True, slots=True)
class Behind:
    """What one reader missed: ids of alerts in the digest to come, and of earlier digests."""

    alerts: frozenset[str]
    digests: frozenset[str]


@dataclass(frozen=True, slots=True)
class Missed:
    """What readers were not told in time: alerts that are `late`, and digests to be merged into the next.

    `earlier` are the alerts of those digests.
    """

    late: tuple[Stale, ...] = ()
    merged: tuple[Stale, ...] = ()
    earlier: Mapping[str, tuple[Alert, ...]] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """The deliveries whose content is told now."""
        return tuple(each.id for each in (*self.late, *self.merged))

    def by(self, channel: str, recipient: str) -> Behind:
        """Return the digests and the alerts that a reader missed, by id."""
        late, merged = (
            frozenset(each.ref for each in several if (each.channel, each.recipient) == (channel, recipient))
            for several in (self.late, self.merged)
        )
        return Behind(late, merged)

    def told_in(self, digest: Digest, behind: Behind) -> Digest:
        """Return a digest for a reader who is behind: it tells what they missed too, in match order."""
        if not (behind.alerts or behind.digests):
            return digest
        earlier = (alert for each in behind.digests for alert in self.earlier.get(each, ()))
        told = {alert.seq: replace(alert, late=True) for alert in earlier}
        told |= {each.seq: replace(each, late=each.id in behind.alerts) for each in digest.alerts}
        since = min((alert.raised_at for alert in told.values()), default=digest.since)
        first = min((digest.from_seq, *(seq - 1 for seq in told)))
        alerts = tuple(told[seq] for seq in sorted(told))
        return replace(digest, alerts=alerts, since=min(digest.since, since), from_seq=first)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a digest says besides its alerts."""

    counts: Counts
    so_far: Mapping[str, StorySoFar]
    history: tuple[Tally, ...]


@dataclass
class Digests:
    """Plans every digest that is due. Subscriptions, outlets and words may be swapped between two calls."""

    subscriptions: tuple[Subscription, ...]
    outlets: Mapping[str, Outlet]
    render: DigestWords
    store: DigestStore
    aside: Aside
    clock: Clock

    async def plan_due(self, settled: bool = False) -> int:
        """Plan every digest that is due, and return how many are owed now.

        `settled` says that no more alerts are to be waited for: a welcome is due at once.
        """
        owed = 0
        for sub in self.subscriptions:
            now = self.clock()
            state = await self._state(sub, now)
            occasions = due(sub, state, now) or await self._welcome(sub, state, now, settled)
            for window in _windows(occasions, state.since, now):
                owed += await self._plan(sub, window, now)
        return owed

    def readers(self, sub: Subscription) -> frozenset[tuple[str, str]]:
        """Return the (channel, recipient) that the digests of a subscription reach."""
        outlets = (self.outlets[name] for name in sub.channels)
        return frozenset((outlet.name, each) for outlet in outlets for each in outlet.recipients)

    async def waiting_ids(self, sub: Subscription) -> frozenset[str]:
        """Return the ids of the alerts that the next digest of a subscription will tell."""
        return frozenset(alert.id for alert in await self._waiting(sub))

    async def _state(self, sub: Subscription, now: datetime) -> SubscriptionState:
        known = await self.aside(self.store.subscription, sub.name)
        if known is None:
            await self.aside(self.store.subscribe, (sub,), now)
            known = await self.aside(self.store.subscription, sub.name)
        return known or SubscriptionState(sub.name, now, 0)

    async def _welcome(
        self, sub: Subscription, state: SubscriptionState, now: datetime, settled: bool
    ) -> tuple[Occasion, ...]:
        if not sub.welcome or state.digests:
            return ()
        raised = [alert.raised_at for alert in await self._waiting(sub)]
        at = now + WELCOME_LATEST if settled else now
        occasion = welcome_due(sub, state, min(raised, default=None), max(raised, default=None), at)
        return (replace(occasion, due_at=min(occasion.due_at, now)),) if occasion else ()

    async def _waiting(self, sub: Subscription) -> tuple[Alert, ...]:
        waiting = await self.aside(self.store.waiting, sub.name, sub.topics)
        return tuple(alert for alert in waiting if alert.decision.placement > Placement.ARCHIVE)

    async def _plan(self, sub: Subscription, window: Window, now: datetime) -> bool:
        """Write one digest with all it owes; False if nothing is owed.

        The end of the sequence is read before the alerts: what comes in between is past the end, so it waits.
        """
        state = await self._state(sub, now)
        end = await self.aside(self.store.last_seq) if window.last else state.upto_seq
        alerts = await self._waiting(sub)
        if not window.last:
            alerts = tuple(takewhile(lambda alert: alert.raised_at < window.until, alerts))
        to_seq = max((end, *(alert.seq for alert in alerts)))
        setting = await self.aside(_setting, self.store, sub, window, alerts)
        told = await self._unsilenced(alerts, now)
        setting = replace(setting, counts=replace(setting.counts, silenced=len(alerts) - len(told)))
        missed = await self._missed(sub, told)
        digest = _digest(sub, window, told, (state.upto_seq, to_seq), setting)
        silent = not alerts and sub.empty == "skip"
        owed = await asyncio.to_thread(self._deliveries, digest, now, missed, silent)
        skipped = silent and not owed
        seqs = tuple(alert.seq for alert in alerts)
        plan = DigestPlan(
            digest.id, window.occasion, now, digest.from_seq, to_seq, seqs, owed, skipped, missed.ids
        )
        written = await self.aside(self.store.plan, plan)
        if written:
            log.info(
                "digest_planned",
                subscription=sub.name,
                occasion=window.occasion.key,
                alerts=len(alerts),
                deliveries=len(owed),
                skipped=skipped,
            )
        return written and not skipped

    async def _unsilenced(self, alerts: tuple[Alert, ...], now: datetime) -> tuple[Alert, ...]:
        """Return the alerts that no silence keeps back."""
        silences = await self.aside(self.store.silences, now)
        return tuple(alert for alert in alerts if not silenced_by(silences, alert, now))

    async def _missed(self, sub: Subscription, alerts: Sequence[Alert]) -> Missed:
        """Return what the readers of a subscription were not told in time and this digest is to tell."""
        readers, ids = self.readers(sub), frozenset[str]()
        untold = [
            each for each in await self.aside(self.store.untold) if (each.channel, each.recipient) in readers
        ]
        if any(each.kind == "alert" for each in untold):
            ids = frozenset(alert.id for alert in alerts)
        late = [each for each in untold if each.kind == "alert" and each.ref in ids]
        merged = [each for each in untold if each.kind == "digest" and sub.name in dict(each.digests)]
        earlier = await self.aside(self.store.digest_alerts, {each.ref for each in merged})
        return Missed(tuple(late), tuple(merged), earlier)

    def _deliveries(
        self, digest: Digest, now: datetime, missed: Missed, silent: bool
    ) -> tuple[Delivery, ...]:
        """Return what each reader is owed; one who missed earlier digests has them in this one.

        Of a `silent` digest nothing is owed to those who missed none.
        """
        outlets = [self.outlets[name] for name in digest.subscription.channels]
        said: dict[tuple[str, Behind], tuple[Message, ...]] = {}
        owed: list[Delivery] = []
        for outlet in outlets:
            for recipient in outlet.recipients:
                behind = missed.by(outlet.name, recipient)
                if silent and not behind.digests:
                    continue
                key = (outlet.form, behind)
                if key not in said:
                    said[key] = self.render.digest(missed.told_in(digest, behind), outlet.form)
                owed += _owed(digest, replace(outlet, recipients=(recipient,)), said[key], now)
        return tuple(owed)


def _windows(occasions: tuple[Occasion, ...], since: datetime, now: datetime) -> Iterator[Window]:
    """Yield a window for each occasion; together they leave no gap, and the last reaches to now."""
    for occasion in occasions:
        last = occasion is occasions[-1]
        until = now if last else occasion.due_at
        yield Window(occasion, min(since, until), until, last)
        since = until


def _setting(store: DigestStore, sub: Subscription, window: Window, alerts: Sequence[Alert]) -> Setting:
    zone = ZoneInfo(sub.zone)
    begin = datetime.combine(window.until.astimezone(zone).date() - HISTORY, time(), zone)
    return Setting(
        store.counts(window.since, window.until),
        store.so_far(sub.name, alerts),
        store.history(begin, window.until, sub.zone),
    )


def _digest(
    sub: Subscription, window: Window, alerts: tuple[Alert, ...], seqs: tuple[int, int], setting: Setting
) -> Digest:
    return Digest(
        id=key_of("digest", sub.name, window.occasion.key),
        subscription=sub,
        occasion=window.occasion,
        planned_at=window.until,
        since=window.since,
        from_seq=seqs[0],
        to_seq=seqs[1],
        alerts=alerts,
        counts=setting.counts,
        next_due_at=next_after(sub, window.until),
        so_far=setting.so_far,
        history=setting.history,
    )


def _owed(digest: Digest, outlet: Outlet, messages: Sequence[Message], now: datetime) -> Iterator[Delivery]:
    """Yield a delivery for each recipient and part; parts are due a moment apart, to leave in order."""
    for recipient in outlet.recipients:
        for part, message in enumerate(messages):
            yield Delivery(
                id=key_of("digest", digest.id, outlet.name, recipient, str(part)),
                kind="digest",
                ref=digest.id,
                channel=outlet.name,
                recipient=recipient,
                message=message,
                created_at=now,
                due_at=now - timedelta(milliseconds=len(messages) - 1 - part),
            )


def preview_of(
    sub: Subscription, since: datetime, until: datetime, store: DigestStore, alerts: Sequence[Alert]
) -> Digest:
    """Return the digest that these alerts would make; nothing is written."""
    told = tuple(alert for alert in alerts if alert.decision.placement > Placement.ARCHIVE)
    seqs = [alert.seq for alert in told] or [0]
    occasion = Occasion(sub.name, since.date().isoformat(), until)
    window = Window(occasion, since, until, last=True)
    setting = _setting(store, sub, window, told)
    return _digest(sub, window, told, (min(seqs) - 1, max(seqs)), setting)
