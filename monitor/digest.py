"""The second half of the day: quiet alerts → one digest owed per reader and occasion.

What is due is computed from the database each time, so that a digest missed while nobody ran is made up for.
Its alerts, its deliveries and the watermark are written in one transaction, or nothing is.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import takewhile
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

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
        digest = _digest(sub, window, alerts, (state.upto_seq, to_seq), setting)
        skipped = not alerts and sub.empty == "skip"
        owed = () if skipped else await asyncio.to_thread(self._deliveries, digest, now)
        seqs = tuple(alert.seq for alert in alerts)
        plan = DigestPlan(digest.id, window.occasion, now, digest.from_seq, to_seq, seqs, owed, skipped)
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

    def _deliveries(self, digest: Digest, now: datetime) -> tuple[Delivery, ...]:
        outlets = [self.outlets[name] for name in digest.subscription.channels]
        said = {form: self.render.digest(digest, form) for form in {outlet.form for outlet in outlets}}
        return tuple(each for outlet in outlets for each in _owed(digest, outlet, said[outlet.form], now))


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
