"""Handle overdue deliveries: fold them into the next digest, summarise storms, abandon the unroutable."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from monitor.digests.summary import Summary, summary_deliveries
from monitor.model import (
    ChannelTarget,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Storm,
)

from .context import JobContext
from .deliver import STORM_MEMORY, STORM_WINDOW
from .digest import RecipientKey, recipients_of, waiting_alerts
from .outgoing import Outgoing
from .overdue_outcomes import outcomes_of
from .policy import Policy

log = structlog.get_logger()

#: Nothing is planned further ahead: a later time was written by a clock that was wrong.
LATEST = timedelta(days=7)

#: How long the alerts of a storm gather before its summary is written.
GATHERED = timedelta(minutes=1)

#: How far back storms are looked for again: another process may have written with a slower clock.
LOOK_BACK = timedelta(minutes=10)

FOLDED = "not delivered in time: the next digest reports it"


@dataclass
class OverdueJob:
    """Expires overdue deliveries, abandons those without a channel, and writes the summaries of storms."""

    context: JobContext
    outgoing: Outgoing
    _summarised: dict[RecipientKey, datetime] = field(default_factory=dict)
    _storms: dict[str, Storm] = field(default_factory=dict)
    _looked_at: datetime | None = None

    async def run(self, final: bool = False) -> int:
        """Return how many deliveries changed; if `final`, the summary of a storm is written at once."""
        context, now = self.context, self.context.clock()
        if not self._storms and not await context.db.run(self._has_work, now):
            return 0
        with context.current.use() as policy:
            changed = await context.db.run(context.store.pull_forward, now, now + LATEST)
            changed += await self._fold(policy, now)
            changed += await self._abandon(policy, now)
            return changed + await self._summarise(policy, now, timedelta() if final else GATHERED)

    def _has_work(self, now: datetime) -> bool:
        return bool(self.context.store.states_to_check(self._storms_since(now)) - {DeliveryState.DEAD})

    async def _fold(self, policy: Policy, now: datetime) -> int:
        """Expire what the next digest will carry; what no digest will carry stays owed."""
        db, store, expiry = self.context.db, self.context.store, policy.expiry
        overdue = await db.run(store.overdue_deliveries, now - expiry.alerts, now - expiry.digests)
        if not overdue:
            return 0
        targets = policy.alerts.channel_targets
        recipients = {sub.name: recipients_of(sub, targets) for sub in policy.subscriptions}
        alerts = await db.run(waiting_alerts, store, policy.subscriptions)
        waiting = {sub.name: frozenset(each.id for each in alerts[sub]) for sub in policy.subscriptions}
        outcomes = outcomes_of(overdue, recipients, waiting)
        expired = await db.run(store.expire, outcomes.covered_by, now, FOLDED) if outcomes.covered_by else 0
        if expired:
            log.warning("deliveries_expired", count=expired, reason=FOLDED)
        restored = await db.run(store.restore_expired, outcomes.uncarried, now) if outcomes.uncarried else 0
        return expired + restored

    async def _abandon(self, policy: Policy, now: datetime) -> int:
        """Abandon the deliveries of channels that were removed from the configuration long ago."""
        db, store = self.context.db, self.context.store
        abandoned = 0
        for name in sorted(await db.run(store.unconfigured, tuple(policy.alerts.channel_targets))):
            reason = f"given up: no channel is called {name!r} any more"
            abandoned += await db.run(store.abandon, name, now - policy.expiry.missing, now, reason)
        if abandoned:
            reason = "their channels are no longer configured"
            log.error("deliveries_abandoned", count=abandoned, reason=reason)
        return abandoned

    async def _summarise(self, policy: Policy, now: datetime, gathered: timedelta) -> int:
        """Write one message about all alerts that a storm suppressed for a recipient."""
        db, store = self.context.db, self.context.store
        await self._find_storms(now)
        written = 0
        for storm in tuple(self._storms.values()):
            target = policy.alerts.channel_targets.get(storm.channel)
            if target is None or not self._is_due(storm, now, gathered):
                continue
            alert_ids = await db.run(store.storm_alerts, storm.id)
            if alert_ids:
                deliveries = await self._summary(policy, target, storm, alert_ids, now)
                await db.run(store.add_deliveries, await self.outgoing.prepare(deliveries))
                self._summarised[storm.channel, storm.recipient] = now
                written += len(deliveries)
                log.warning("storm_summarised", channel=target.name, alerts=len(alert_ids))
            del self._storms[storm.id]
        return written

    async def _find_storms(self, now: datetime) -> None:
        """Add the storms since the last run, or in the first one those of `STORM_MEMORY`, to those known."""
        since, self._looked_at = self._storms_since(now), now
        for found in await self.context.db.run(self.context.store.open_storms, since):
            known = self._storms.get(found.id, found)
            self._storms[found.id] = replace(found, began_at=min(known.began_at, found.began_at))

    def _storms_since(self, now: datetime) -> datetime:
        return now - STORM_MEMORY if self._looked_at is None else min(self._looked_at, now) - LOOK_BACK

    def _is_due(self, storm: Storm, now: datetime, gathered: timedelta) -> bool:
        """Say whether a storm has gathered long enough, and the last summary is old enough."""
        if now - storm.began_at < gathered:
            return False
        last = self._summarised.get((storm.channel, storm.recipient))
        return last is None or not gathered or now - last >= STORM_WINDOW

    async def _summary(
        self, policy: Policy, target: ChannelTarget, storm: Storm, alert_ids: Sequence[str], now: datetime
    ) -> tuple[Delivery, ...]:
        """Return the deliveries of the summary of a storm."""
        context, store = self.context, self.context.store
        alerts = await context.db.run(store.alerts_by_id, alert_ids)
        summary = Summary(
            id=storm.id,
            kind=DeliveryKind.STORM,
            target=target,
            recipient=storm.recipient,
            since=min((alert.raised_at for alert in alerts), default=now),
            alerts=alerts,
        )
        counts = await context.db.run(store.counts, summary.since, now)
        return await context.cpu.run(
            summary_deliveries, policy.renderer, policy.subscriptions, summary, counts, now
        )
