"""What becomes of deliveries that are not made as planned: told by the next digest or a summary, or given up.

What is too old to be news is no longer sent by itself: the next digest that goes to the same reader tells it,
and without one it stays owed. What a storm kept back is told by one summary for each reader.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from monitor.clock import Clock
from monitor.digests.occasions import next_after
from monitor.executor import Executor
from monitor.model import (
    ChannelTarget,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Digest,
    Occasion,
    OverdueDelivery,
    Subscription,
    key_of,
)
from monitor.store.protocols.base import DeliveryStore

from .deliver import STORM_MEMORY, STORM_WINDOW
from .digest import DigestJob

log = structlog.get_logger()

#: Nothing is ever planned further ahead: a time beyond it was written by a clock that was wrong.
LATEST = timedelta(days=7)

#: How long a storm gathers before its summary is written; the next one is written a storm's window later.
GATHERED = timedelta(minutes=1)

FOLDED = "not delivered in time: the next digest tells it"

#: Who is told by a summary: its digest has no subscription of its own.
SUMMARY = Subscription(name="summary", at="00:00", zone="UTC", channels=())


@dataclass(frozen=True, slots=True)
class Expiry:
    """For how long an alert, a digest, and anything for a channel that is no longer there, is tried."""

    alerts: timedelta = timedelta(hours=6)
    digests: timedelta = timedelta(hours=20)
    missing: timedelta = timedelta(days=3)


@dataclass
class OverdueJob:
    """Looks after deliveries that are not made as planned; what it does once it can do again without harm."""

    digests: DigestJob
    store: DeliveryStore
    db: Executor
    clock: Clock
    patience: Expiry = field(default_factory=Expiry)
    _summarised: dict[tuple[str, str], datetime] = field(default_factory=dict)

    async def look(self, settled: bool = False) -> int:
        """Return how many deliveries it changed; once `settled`, the summary of a storm waits no longer."""
        now = self.clock()
        changed = await self.db.run(self.store.pull_forward, now, now + LATEST)
        changed += await self._fold(now)
        changed += await self._abandon(now)
        return changed + await self._summarise(now, timedelta() if settled else GATHERED)

    async def _fold(self, now: datetime) -> int:
        patience = self.patience
        overdue_deliveries = await self.db.run(
            self.store.overdue_deliveries, now - patience.alerts, now - patience.digests
        )
        if not overdue_deliveries:
            return 0
        readers = {sub.name: self.digests.readers(sub) for sub in self.digests.subscriptions}
        waits = await self.digests.waiting_ids()
        covered_by: dict[str, str] = {}
        nowhere: list[str] = []
        for each in overdue_deliveries:
            found = teller(each, readers, waits)
            if found is not None and (found or each.state == DeliveryState.OWED):
                covered_by[each.id] = found
            elif found is None and each.state == DeliveryState.EXPIRED:
                nowhere.append(each.id)
        changed = await self.db.run(self.store.expire, covered_by, now, FOLDED) if covered_by else 0
        if changed:
            log.warning("deliveries_expired", count=changed, reason=FOLDED)
        return changed + (await self.db.run(self.store.restore_expired, nowhere, now) if nowhere else 0)

    async def _abandon(self, now: datetime) -> int:
        """Give up what is owed to channels that were taken out of the configuration long ago."""
        backlog = await self.db.run(self.store.backlog)
        abandoned = 0
        for name in sorted(backlog.keys() - self.digests.channel_targets.keys()):
            if not backlog[name].get(DeliveryState.OWED):
                continue
            owed = await self.db.run(self.store.deliveries, (DeliveryState.OWED,), 1000, name)
            old = [each.id for each in owed if each.created_at < now - self.patience.missing]
            reason = f"given up: no channel is called {name!r} any more"
            abandoned += await self.db.run(self.store.abandon, old, now, reason) if old else 0
        if abandoned:
            log.error(
                "deliveries_abandoned", count=abandoned, reason="their channels are no longer configured"
            )
        return abandoned

    async def _summarise(self, now: datetime, gathered: timedelta) -> int:
        """Owe one message about all that a storm kept from a reader."""
        kept = await self.db.run(self.store.open_summaries, now - STORM_MEMORY)
        storms: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
        for each in kept:
            storms[each.channel, each.recipient].append(each)
        written = 0
        for reader, several in storms.items():
            target = self.digests.channel_targets.get(reader[0])
            last = self._summarised.get(reader)
            waited = now - min(each.created_at for each in several) >= gathered
            if target is None or not waited or (last and now - last < STORM_WINDOW and gathered):
                continue
            summary = await self._summary(target, several, now)
            await self.db.run(self.store.add_deliveries, summary)
            self._summarised[reader] = now
            written += len(summary)
            log.warning("storm_summarised", channel=target.name, alerts=len(several))
        return written

    async def _summary(
        self, target: ChannelTarget, several: Sequence[Delivery], now: datetime
    ) -> tuple[Delivery, ...]:
        alerts = await self.db.run(self.store.alerts_by_id, [each.ref for each in several])
        since = min(alert.raised_at for alert in alerts) if alerts else now
        counts = await self.db.run(self.store.counts, since, now)
        id, recipient = several[0].covered_by, several[0].recipient
        zones = (sub.zone for sub in self.digests.subscriptions if target.name in sub.channels)
        sub = replace(SUMMARY, zone=next(zones, SUMMARY.zone), channels=(target.name,))
        digest = Digest(
            id=id,
            subscription=sub,
            occasion=Occasion(sub.name, "storm", now),
            planned_at=now,
            since=since,
            from_seq=alerts[0].seq - 1 if alerts else 0,
            to_seq=alerts[-1].seq if alerts else 0,
            alerts=alerts,
            counts=counts,
            next_due_at=next_after(sub, now),
        )
        said = self.digests.render.digest(digest, target.form)
        return tuple(
            Delivery(
                id=id if part == 0 else key_of("storm", id, str(part)),
                kind=DeliveryKind.STORM,
                ref=id,
                channel=target.name,
                recipient=recipient,
                message=message,
                created_at=now,
                due_at=now,
            )
            for part, message in enumerate(said)
        )


def teller(
    overdue_deliveries: OverdueDelivery,
    readers: Mapping[str, Iterable[tuple[str, str]]],
    waits: Mapping[str, frozenset[str]],
) -> str | None:
    """Return the digest that tells a stale delivery's reader of it, "" for the next one, None if none will.

    `readers` are (channel, recipient) by subscription, `waits` the alerts that its next digest will tell.
    """
    reader, told = (
        (overdue_deliveries.channel, overdue_deliveries.recipient),
        dict(overdue_deliveries.digests),
    )
    reached = [name for name in readers if reader in readers[name]]
    if overdue_deliveries.kind == DeliveryKind.DIGEST:
        return "" if any(name in told for name in reached) else None
    for name in reached:
        if name in told:
            return told[name]
    return "" if any(overdue_deliveries.ref in waits[name] for name in reached) else None
