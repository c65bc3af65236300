"""The second half of the day: quiet alerts → one digest owed per reader and occasion.

What is due is computed from the database each time, so that a digest missed while nobody ran is made up for.
Its alerts, its deliveries and the watermark are written in one transaction, or nothing is.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import compress, takewhile, zip_longest
from zoneinfo import ZoneInfo

import structlog

from monitor.alerts.suppression import silenced_by
from monitor.clock import Clock
from monitor.digests.occasions import WELCOME_LATEST, due, next_after, welcome_due
from monitor.digests.overdue import OverdueContent
from monitor.digests.wording import DigestRenderer, Wording, deliveries_of_digest
from monitor.executor import Executor
from monitor.model import (
    Alert,
    ChannelTarget,
    Counts,
    Delivery,
    DeliveryKind,
    Digest,
    DigestPlan,
    EmptyDigest,
    Occasion,
    OverdueDelivery,
    StorySoFar,
    Subscription,
    SubscriptionState,
    Tally,
    key_of,
)
from monitor.store.protocols.planning import DigestStore

log = structlog.get_logger()

#: A digest shows this many days before its own.
HISTORY = timedelta(days=29)


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


@dataclass(frozen=True, slots=True)
class Due:
    """A digest to be planned; `seqs` are of all it accounts for, silenced alerts too."""

    digest: Digest
    seqs: tuple[int, ...]
    overdue: OverdueContent = field(default_factory=OverdueContent)

    @property
    def silent(self) -> bool:
        """Whether those who missed nothing are owed nothing."""
        return not self.seqs and self.digest.subscription.empty == EmptyDigest.SKIP


@dataclass
class DigestJob:
    """Plans every digest that is due. Subscriptions, outlets and words may be swapped between two calls."""

    subscriptions: tuple[Subscription, ...]
    channel_targets: Mapping[str, ChannelTarget]
    render: DigestRenderer
    store: DigestStore
    db: Executor
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

    def readers(self, sub: Subscription) -> frozenset[tuple[str, str]]:
        """Return the (channel, recipient) that the digests of a subscription reach."""
        return frozenset(
            (target.name, each)
            for target in sub.channel_targets(self.channel_targets)
            for each in target.recipients
        )

    async def waiting_ids(self) -> dict[str, frozenset[str]]:
        """Return the ids of the alerts that the next digest of each subscription will tell, by its name."""
        waiting = await self._waiting(self.subscriptions)
        return {sub.name: frozenset(alert.id for alert in alerts) for sub, alerts in waiting.items()}

    async def _states(self, now: datetime) -> dict[str, SubscriptionState]:
        names = [sub.name for sub in self.subscriptions]
        known = await self.db.run(self.store.subscription_states, names)
        if new := [sub for sub in self.subscriptions if sub.name not in known]:
            await self.db.run(self.store.subscribe, new, now)
            known = await self.db.run(self.store.subscription_states, names)
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
        waiting = await self.db.run(self.store.waiting, [sub.name for sub in subscriptions])
        return {
            sub: tuple(alert for alert in waiting.get(sub.name, ()) if sub.fits(alert))
            for sub in subscriptions
        }

    async def _plan(self, round: Sequence[tuple[Subscription, Window]], now: datetime) -> int:
        """Write a digest for each, with all that it owes, and return how many owe something.

        The end of the sequence is read before the alerts: what comes in between is past the end, so it waits.
        """
        states, end = await self._states(now), await self.db.run(self.store.last_seq)
        waiting = await self._waiting([sub for sub, _ in round])
        found = [_told(sub, window, waiting[sub], (states[sub.name].upto_seq, end)) for sub, window in round]
        silences = await self.db.run(self.store.silences, now)
        told = [tuple(each for each in alerts if not silenced_by(silences, each, now)) for alerts, _ in found]
        settings = await self.db.run(_settings, self.store, round, told)
        uncovered = await self.db.run(self.store.uncovered)
        everything: list[Due] = []
        for (sub, window), (alerts, seqs), shown, setting in zip(round, found, told, settings, strict=True):
            counts = replace(setting.counts, silenced=len(alerts) - len(shown))
            digest = _digest(sub, window, shown, seqs, replace(setting, counts=counts))
            overdue = await self._overdue(sub, shown, uncovered)
            everything.append(Due(digest, tuple(alert.seq for alert in alerts), overdue))
        plans = await asyncio.to_thread(self._plans, everything, now)
        written = await self.db.run(self.store.plan_each, plans)
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

    async def _overdue(
        self, sub: Subscription, alerts: Sequence[Alert], uncovered: Sequence[OverdueDelivery]
    ) -> OverdueContent:
        """Return what the recipients of a subscription did not receive and this digest is to add."""
        if not uncovered:
            return OverdueContent()
        readers, ids = self.readers(sub), frozenset(alert.id for alert in alerts)
        ours = [each for each in uncovered if (each.channel, each.recipient) in readers]
        late = [each for each in ours if each.kind == DeliveryKind.ALERT and each.ref in ids]
        digests = [each for each in ours if each.kind == DeliveryKind.DIGEST]
        merged = [each for each in digests if sub.name in dict(each.digests)]
        earlier = await self.db.run(self.store.digest_alerts, {each.ref for each in merged}) if merged else {}
        return OverdueContent(tuple(late), tuple(merged), earlier)

    def _plans(self, round: Sequence[Due], now: datetime) -> tuple[DigestPlan, ...]:
        wording = Wording(self.render)
        return tuple(self._plan_of(each, wording, now) for each in round)

    def _plan_of(self, due: Due, wording: Wording, now: datetime) -> DigestPlan:
        """Plan the deliveries of a digest; a recipient who missed earlier digests gets their content too."""
        digest, overdue = due.digest, due.overdue
        owed: list[Delivery] = []
        for target in digest.subscription.channel_targets(self.channel_targets):
            for recipient in target.recipients:
                missed = overdue.missed_by(target.name, recipient)
                if due.silent and not missed.digests:
                    continue
                messages = wording(overdue.add_to(digest, missed), target, missed)
                owed += deliveries_of_digest(digest, replace(target, recipients=(recipient,)), messages, now)
        return DigestPlan(
            id=digest.id,
            occasion=digest.occasion,
            planned_at=now,
            from_seq=digest.from_seq,
            to_seq=digest.to_seq,
            alert_seqs=due.seqs,
            deliveries=tuple(owed),
            skipped=due.silent and not owed,
            overdue_ids=overdue.delivery_ids,
        )


def _windows(occasions: tuple[Occasion, ...], since: datetime, now: datetime) -> Iterator[Window]:
    """Yield a window for each occasion; together they leave no gap, and the last reaches to now."""
    for occasion in occasions:
        last = occasion is occasions[-1]
        until = now if last else occasion.due_at
        yield Window(occasion, min(since, until), until, last)
        since = until


def _told(
    sub: Subscription, window: Window, waiting: tuple[Alert, ...], seqs: tuple[int, int]
) -> tuple[tuple[Alert, ...], tuple[int, int]]:
    """Return what a window tells of what waits, all if it is the last, and the window as sequence."""
    upto, end = seqs
    if not window.last:
        waiting, end = tuple(takewhile(lambda alert: alert.raised_at < window.until, waiting)), upto
    return waiting, (upto, max((end, *(alert.seq for alert in waiting))))


def _settings(
    store: DigestStore,
    round: Sequence[tuple[Subscription, Window]],
    told: Sequence[tuple[Alert, ...]],
) -> list[Setting]:
    """Look up what the digests of a round say besides their alerts; what several share is looked up once."""
    counts: dict[tuple[datetime, datetime], Counts] = {}
    history: dict[tuple[datetime, datetime, str], tuple[Tally, ...]] = {}
    so_far: dict[tuple[str, datetime, tuple[int, ...]], Mapping[str, StorySoFar]] = {}
    settings: list[Setting] = []
    for (sub, window), alerts in zip(round, told, strict=True):
        zone = ZoneInfo(sub.zone)
        begin = datetime.combine(window.until.astimezone(zone).date() - HISTORY, time(), zone)
        span, days = (window.since, window.until), (begin, window.until, sub.zone)
        # Readers who were told the same at the same time last were told the same before.
        known = ("" if sub.recipient else sub.name, window.since, tuple(alert.seq for alert in alerts))
        counts[span] = counts.get(span) or store.counts(*span)
        if days not in history:
            history[days] = store.history(*days)
        if known not in so_far:
            so_far[known] = store.so_far(sub.name, alerts)
        settings.append(Setting(counts[span], so_far[known], history[days]))
    return settings


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


def preview_of(
    sub: Subscription, since: datetime, until: datetime, store: DigestStore, alerts: Sequence[Alert]
) -> Digest:
    """Return the digest that these alerts would make; nothing is written."""
    told = tuple(alert for alert in alerts if sub.fits(alert))
    seqs = [alert.seq for alert in told] or [0]
    window = Window(Occasion(sub.name, since.date().isoformat(), until), since, until, last=True)
    (setting,) = _settings(store, [(sub, window)], [told])
    return _digest(sub, window, told, (min(seqs) - 1, max(seqs)), setting)
