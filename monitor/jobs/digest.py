"""Plan the digests that are due: select alerts, render, and commit each with its deliveries.

What is due is computed from the database each time, so that a digest missed while nothing ran is caught up.
Its alerts, its deliveries and the watermark are written in one transaction, or nothing is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from itertools import compress, zip_longest
from zoneinfo import ZoneInfo

import structlog

from monitor.alerts.suppression import matching_silence
from monitor.digests.occasions import WELCOME_LATEST, due, is_early, welcome_due
from monitor.digests.overdue import OverdueContent
from monitor.digests.selection import DigestFacts, DueDigest, Selection, Window, digest_of, selected, windows
from monitor.digests.wording import Wording, deliveries_of_digest
from monitor.model import (
    Alert,
    ChannelTarget,
    Delivery,
    DeliveryKind,
    Digest,
    DigestPlan,
    Occasion,
    OverdueDelivery,
    StorySoFar,
    Subscription,
    SubscriptionState,
)
from monitor.store.protocols import DigestContentStore, DigestStore

from .context import JobContext
from .outgoing import Outgoing
from .policy import Policy

log = structlog.get_logger()

#: A digest shows this many days before its own, and deadlines of so many days from it.
HISTORY, AHEAD = timedelta(days=29), timedelta(days=30)

Batch = Sequence[tuple[Subscription, Window]]

#: A channel and a recipient of it.
RecipientKey = tuple[str, str]


@dataclass
class DigestJob:
    """Plans every digest that is due."""

    context: JobContext
    outgoing: Outgoing

    async def plan_due(self, final: bool = False) -> int:
        """Plan every digest that is due, and return how many have deliveries.

        Digests due at the same time are written together. `final`: no more alerts are expected, so a welcome
        digest is due at once.
        """
        with self.context.current.use() as policy:
            if not policy.subscriptions:
                return 0
            now = self.context.clock()
            states = await self._states(policy.subscriptions, now)
            occasions = {sub: due(sub, states[sub.name], now) for sub in policy.subscriptions}
            occasions = await self._without_early(occasions, states, now)
            without = [sub for sub in occasions if not occasions[sub]]
            occasions |= await self._welcomes(without, states, now, final)
            by_subscription = [
                [(sub, window) for window in windows(found, states[sub.name].since, now)]
                for sub, found in occasions.items()
            ]
            planned = 0
            for batch in zip_longest(*by_subscription):
                planned += await self._plan(policy, [each for each in batch if each], now)
            return planned

    async def _states(
        self, subscriptions: Sequence[Subscription], now: datetime
    ) -> dict[str, SubscriptionState]:
        """Return how far each subscription has come; a new one begins now."""
        db, store = self.context.db, self.context.store
        names = [sub.name for sub in subscriptions]
        known = await db.run(store.subscription_states, names)
        if new := [sub for sub in subscriptions if sub.name not in known]:
            await db.run(store.subscribe, new, now)
            known = await db.run(store.subscription_states, names)
        return known

    async def _without_early(
        self,
        occasions: Mapping[Subscription, tuple[Occasion, ...]],
        states: Mapping[str, SubscriptionState],
        now: datetime,
    ) -> dict[Subscription, tuple[Occasion, ...]]:
        """Return the occasions without those before a subscription began, while some feed is not yet read.

        A digest of a backfill would otherwise report that all is quiet before anything was read.
        """
        early = {sub for sub in occasions if is_early(sub, states[sub.name], occasions[sub])}
        if early:
            counts = await self.context.db.run(self.context.store.counts, now, now)
            early = early if counts.feeds_unread else set()
        return {sub: () if sub in early else occasions[sub] for sub in occasions}

    async def _welcomes(
        self,
        subscriptions: Sequence[Subscription],
        states: Mapping[str, SubscriptionState],
        now: datetime,
        final: bool,
    ) -> dict[Subscription, tuple[Occasion, ...]]:
        """Return the welcome digests that are due."""
        new = [sub for sub in subscriptions if sub.welcome and not states[sub.name].digests]
        found: dict[Subscription, tuple[Occasion, ...]] = {}
        if not new:
            return {}
        waiting = await self.context.db.run(waiting_alerts, self.context.store, new)
        for sub, alerts in waiting.items():
            raised = [alert.raised_at for alert in alerts]
            first, last = min(raised, default=None), max(raised, default=None)
            at = now + WELCOME_LATEST if final else now
            if occasion := welcome_due(sub, states[sub.name], first, last, at):
                found[sub] = (replace(occasion, due_at=min(occasion.due_at, now)),)
        return found

    async def _plan(self, policy: Policy, batch: Batch, now: datetime) -> int:
        """Write the digests of a batch with their deliveries, and return how many have any."""
        digests = await self._due_digests(policy, batch, now)
        plans = await self.context.cpu.run(plans_of, policy, digests, now)
        plans = await self._prepared(plans)
        written = await self.context.db.run(self.context.store.plan_each, plans)
        done = list(compress(plans, written))
        for plan in done:
            log.info(
                "digest_planned",
                subscription=plan.occasion.subscription,
                occasion=plan.occasion.key,
                alerts=len(plan.alert_seqs),
                deliveries=len(plan.deliveries),
                skipped=plan.skipped,
            )
        return sum(not plan.skipped for plan in done)

    async def _due_digests(self, policy: Policy, batch: Batch, now: datetime) -> list[DueDigest]:
        """Select the alerts of each digest and look up its facts.

        The end of the sequence is read before the alerts: what comes in between is past the end and waits.
        """
        db, store = self.context.db, self.context.store
        subscriptions = [sub for sub, _ in batch]
        states = await self._states(subscriptions, now)
        end_seq = await db.run(store.last_seq)
        waiting = await db.run(waiting_alerts, store, subscriptions)
        silences = await db.run(store.silences, now)
        selections: list[Selection] = []
        for sub, window in batch:
            found = selected(window, waiting[sub], states[sub.name].upto_seq, end_seq)
            shown = tuple(each for each in found.alerts if not matching_silence(silences, each, now))
            selections.append(replace(found, shown=shown))
        facts = await db.run(facts_of, store, batch, selections)
        uncovered = await db.run(store.uncovered)
        digests: list[DueDigest] = []
        for (sub, window), selection, fact in zip(batch, selections, facts, strict=True):
            ahead = tuple(each for each in fact.deadlines if not matching_silence(silences, each.alert, now))
            counts = replace(fact.counts, silenced=selection.silenced)
            counted = replace(fact, counts=counts, deadlines=ahead)
            digest = digest_of(sub, window, selection, counted)
            overdue = await self._overdue(policy, digest, uncovered)
            digests.append(DueDigest(digest, tuple(alert.seq for alert in selection.alerts), overdue))
        return digests

    async def _overdue(
        self, policy: Policy, digest: Digest, uncovered: Sequence[OverdueDelivery]
    ) -> OverdueContent:
        """Return what the recipients of a digest did not receive in time, for the digest to add."""
        if not uncovered:
            return OverdueContent()
        sub, ids = digest.subscription, {alert.id for alert in digest.alerts}
        recipients = recipients_of(sub, policy.alerts.channel_targets)
        theirs = [each for each in uncovered if (each.channel, each.recipient) in recipients]
        late = [each for each in theirs if each.kind == DeliveryKind.ALERT and each.ref in ids]
        merged = [
            each for each in theirs if each.kind == DeliveryKind.DIGEST and sub.name in dict(each.digests)
        ]
        earlier: Mapping[str, tuple[Alert, ...]] = {}
        if merged:
            earlier = await self.context.db.run(
                self.context.store.digest_alerts, {each.ref for each in merged}
            )
        return OverdueContent(tuple(late), tuple(merged), earlier)

    async def _prepared(self, plans: Sequence[DigestPlan]) -> list[DigestPlan]:
        """Return plans with their deliveries as preferences want them."""
        deliveries = [each for plan in plans for each in plan.deliveries]
        prepared = iter(await self.outgoing.prepare(deliveries))
        return [replace(plan, deliveries=tuple(next(prepared) for _ in plan.deliveries)) for plan in plans]


def recipients_of(sub: Subscription, channel_targets: Mapping[str, ChannelTarget]) -> frozenset[RecipientKey]:
    """Return the recipients that the digests of a subscription reach."""
    targets = sub.channel_targets(channel_targets)
    return frozenset((target.name, each) for target in targets for each in target.recipients)


def waiting_alerts(
    store: DigestStore, subscriptions: Collection[Subscription]
) -> dict[Subscription, tuple[Alert, ...]]:
    """Return the alerts that the next digest of each subscription will hold, in match order."""
    if not subscriptions:
        return {}
    waiting = store.waiting([sub.name for sub in subscriptions])
    return {
        sub: tuple(alert for alert in waiting.get(sub.name, ()) if sub.fits(alert)) for sub in subscriptions
    }


def plans_of(policy: Policy, digests: Sequence[DueDigest], now: datetime) -> list[DigestPlan]:
    """Render digests, each wording once, and return their plans."""
    wording = Wording(policy.renderer)
    return [_plan(policy, each, wording, now) for each in digests]


def _plan(policy: Policy, due: DueDigest, wording: Wording, now: datetime) -> DigestPlan:
    """Plan the deliveries of a digest; a recipient who missed earlier digests gets their content too."""
    digest, overdue = due.digest, due.overdue
    deliveries: list[Delivery] = []
    for target in digest.subscription.channel_targets(policy.alerts.channel_targets):
        for recipient in target.recipients:
            missed = overdue.missed_by(target.name, recipient)
            if due.skipped and not missed.digests:
                continue
            messages = wording(overdue.add_to(digest, missed), target, missed)
            only = replace(target, recipients=(recipient,))
            deliveries += deliveries_of_digest(digest, only, messages, now)
    return DigestPlan(
        id=digest.id,
        occasion=digest.occasion,
        planned_at=now,
        from_seq=digest.from_seq,
        to_seq=digest.to_seq,
        alert_seqs=due.seqs,
        deliveries=tuple(deliveries),
        skipped=due.skipped and not deliveries,
        overdue_ids=overdue.delivery_ids,
    )


def facts_of(store: DigestContentStore, batch: Batch, selections: Sequence[Selection]) -> list[DigestFacts]:
    """Look up what digests report besides their alerts; what several share is looked up once."""
    counts, history, deadlines = cache(store.counts), cache(store.history), cache(store.deadlines)
    so_far: dict[tuple[str, datetime, tuple[int, ...]], Mapping[str, StorySoFar]] = {}
    facts: list[DigestFacts] = []
    for (sub, window), selection in zip(batch, selections, strict=True):
        zone = ZoneInfo(sub.zone)
        today = window.until.astimezone(zone).date()
        first_day = datetime.combine(today - HISTORY, time(), zone)
        # personal subscriptions with the same alerts and the same last digest had the same earlier ones
        key = ("" if sub.recipient else sub.name, window.since, tuple(each.seq for each in selection.shown))
        if key not in so_far:
            so_far[key] = store.so_far(sub.name, selection.shown)
        ahead = deadlines(today, today + AHEAD)
        facts.append(
            DigestFacts(
                counts=counts(window.since, window.until),
                so_far=so_far[key],
                history=history(first_day, window.until, sub.zone),
                deadlines=tuple(each for each in ahead if sub.fits(each.alert)),
            )
        )
    return facts


def preview_of(
    sub: Subscription, since: datetime, until: datetime, store: DigestContentStore, alerts: Sequence[Alert]
) -> Digest:
    """Return the digest that these alerts would make; nothing is written."""
    fitting = tuple(alert for alert in alerts if sub.fits(alert))
    seqs = [alert.seq for alert in fitting] or [0]
    occasion = Occasion(sub.name, since.date().isoformat(), until)
    window = Window(occasion, since, until, last=True)
    selection = Selection(fitting, fitting, min(seqs) - 1, max(seqs))
    (facts,) = facts_of(store, [(sub, window)], [selection])
    return digest_of(sub, window, selection, facts)
