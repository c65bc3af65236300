"""The second half of the day: quiet alerts → one digest owed per reader and occasion.

What is due is computed from the database each time, so that a digest missed while nobody ran is made up for.
Its alerts, its deliveries and the watermark are written in one transaction, or nothing is.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import compress, takewhile, zip_longest

import structlog

from .alerts.edition import DigestWords, Wording
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
    Subscription,
    SubscriptionState,
    key_of,
)
from .store.base import DigestStore

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Window:
    """What one digest tells of: everything new in [since, until), or all that waits if it is the `last`."""

    occasion: Occasion
    since: datetime
    until: datetime
    last: bool


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

        Those due at the same time are written together. `settled` says that no more alerts are to be waited
        for: a welcome is due at once.
        """
        now = self.clock()
        states = await self._states(now)
        occasions = {sub: due(sub, states[sub.name], now) for sub in self.subscriptions}
        unwelcomed = [sub for sub in occasions if not occasions[sub]]
        occasions |= await self._welcomes(unwelcomed, states, now, settled)
        windows = [
            [(sub, window) for window in _windows(found, states[sub.name].since, now)]
            for sub, found in occasions.items()
        ]
        rounds = (list(filter(None, each)) for each in zip_longest(*windows))
        return sum([await self._plan(each, now) for each in rounds])

    async def _states(self, now: datetime) -> dict[str, SubscriptionState]:
        names = [sub.name for sub in self.subscriptions]
        known = await self.aside(self.store.subscription_states, names)
        if new := [sub for sub in self.subscriptions if sub.name not in known]:
            await self.aside(self.store.subscribe, new, now)
            known = await self.aside(self.store.subscription_states, names)
        return known

    async def _welcomes(
        self,
        subscriptions: Sequence[Subscription],
        states: Mapping[str, SubscriptionState],
        now: datetime,
        settled: bool,
    ) -> dict[Subscription, tuple[Occasion, ...]]:
        new = [sub for sub in subscriptions if sub.welcome and not states[sub.name].digests]
        found: dict[Subscription, tuple[Occasion, ...]] = {}
        for sub, alerts in (await self._waiting(new)).items():
            raised = [alert.raised_at for alert in alerts]
            first, last = min(raised, default=None), max(raised, default=None)
            at = now + WELCOME_LATEST if settled else now
            if occasion := welcome_due(sub, states[sub.name], first, last, at):
                found[sub] = (replace(occasion, due_at=min(occasion.due_at, now)),)
        return found

    async def _waiting(self, subscriptions: Sequence[Subscription]) -> dict[Subscription, tuple[Alert, ...]]:
        if not subscriptions:
            return {}
        waiting = await self.aside(self.store.waiting, [sub.name for sub in subscriptions])
        return {
            sub: tuple(alert for alert in waiting.get(sub.name, ()) if sub.fits(alert))
            for sub in subscriptions
        }

    async def _plan(self, due: Sequence[tuple[Subscription, Window]], now: datetime) -> int:
        """Write a digest for each, with all that it owes, and return how many owe something.

        The end of the sequence is read before the alerts: what comes in between is past the end, so it waits.
        """
        states, end = await self._states(now), await self.aside(self.store.last_seq)
        waiting = await self._waiting([sub for sub, _ in due])
        counts: dict[tuple[datetime, datetime], Counts] = {}
        for _, window in due:
            if (span := (window.since, window.until)) not in counts:
                counts[span] = await self.aside(self.store.counts, *span)
        digests = [
            _told(sub, window, waiting[sub], (states[sub.name].upto_seq, end), counts) for sub, window in due
        ]
        plans = await asyncio.to_thread(self._plans, digests, now)
        written = await self.aside(self.store.plan_each, plans)
        for plan in compress(plans, written):
            log.info(
                "digest_planned",
                subscription=plan.occasion.subscription,
                occasion=plan.occasion.key,
                alerts=len(plan.alert_seqs),
                deliveries=len(plan.deliveries),
                skipped=plan.skipped,
            )
        return sum(not plan.skipped for plan in compress(plans, written))

    def _plans(self, digests: Sequence[Digest], now: datetime) -> tuple[DigestPlan, ...]:
        wording = Wording(self.render)
        return tuple(self._plan_of(digest, wording, now) for digest in digests)

    def _plan_of(self, digest: Digest, wording: Wording, now: datetime) -> DigestPlan:
        sub, seqs = digest.subscription, tuple(alert.seq for alert in digest.alerts)
        skipped = not seqs and sub.empty == "skip"
        owed = (
            each
            for outlet in sub.outlets(self.outlets)
            for each in _owed(digest, outlet, wording(digest, outlet), now)
        )
        deliveries = () if skipped else tuple(owed)
        return DigestPlan(
            digest.id, digest.occasion, now, digest.from_seq, digest.to_seq, seqs, deliveries, skipped
        )


def _windows(occasions: tuple[Occasion, ...], since: datetime, now: datetime) -> Iterator[Window]:
    """Yield a window for each occasion; together they leave no gap, and the last reaches to now."""
    for occasion in occasions:
        last = occasion is occasions[-1]
        until = now if last else occasion.due_at
        yield Window(occasion, min(since, until), until, last)
        since = until


def _told(
    sub: Subscription,
    window: Window,
    waiting: tuple[Alert, ...],
    seqs: tuple[int, int],
    counts: Mapping[tuple[datetime, datetime], Counts],
) -> Digest:
    """Return the digest of a window: of what waits, all if it is the last, else what was raised in time."""
    upto, end = seqs
    if not window.last:
        waiting, end = tuple(takewhile(lambda alert: alert.raised_at < window.until, waiting)), upto
    to_seq = max((end, *(alert.seq for alert in waiting)))
    return _digest(sub, window, waiting, (upto, to_seq), counts[window.since, window.until])


def _digest(
    sub: Subscription, window: Window, alerts: tuple[Alert, ...], seqs: tuple[int, int], counts: Counts
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
        counts=counts,
        next_due_at=next_after(sub, window.until),
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
    told = tuple(alert for alert in alerts if sub.fits(alert))
    seqs = [alert.seq for alert in told] or [0]
    occasion = Occasion(sub.name, since.date().isoformat(), until)
    counts = store.counts(since, until)
    return _digest(sub, Window(occasion, since, until, last=True), told, (min(seqs) - 1, max(seqs)), counts)
