"""What becomes of deliveries that are not made as planned: told by the next digest or a summary, or given up.

What is too old to be news is no longer sent by itself: the next digest that goes to the same reader tells it,
and without one it stays owed. What a storm kept back is told by one summary for each reader.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from monitor.clock import Clock
from monitor.digests.occasions import next_after
from monitor.executor import Aside
from monitor.model import Delivery, Digest, Occasion, Outlet, Stale, Subscription, key_of
from monitor.store.protocols.base import DeliveryStore

from .deliver import STORM_MEMORY, STORM_WINDOW
from .digest import Digests

log = structlog.get_logger()

#: Nothing is ever planned further ahead: a time beyond it was written by a clock that was wrong.
LATEST = timedelta(days=7)

#: How long a storm gathers before its summary is written; the next one is written a storm's window later.
GATHERED = timedelta(minutes=1)

FOLDED = "not delivered in time: the next digest tells it"

#: Who is told by a summary: its digest has no subscription of its own.
SUMMARY = Subscription("summary", "00:00", "UTC", ())


@dataclass(frozen=True, slots=True)
class Patience:
    """For how long an alert, a digest, and anything for a channel that is no longer there, is tried."""

    alerts: timedelta = timedelta(hours=6)
    digests: timedelta = timedelta(hours=20)
    missing: timedelta = timedelta(days=3)


@dataclass
class Fates:
    """Looks after deliveries that are not made as planned; what it does once it can do again without harm."""

    digests: Digests
    store: DeliveryStore
    aside: Aside
    clock: Clock
    patience: Patience = field(default_factory=Patience)
    _summarised: dict[tuple[str, str], datetime] = field(default_factory=dict)

    async def look(self, settled: bool = False) -> int:
        """Return how many deliveries it changed; once `settled`, the summary of a storm waits no longer."""
        now = self.clock()
        changed = await self.aside(self.store.set_right, now, now + LATEST)
        changed += await self._fold(now)
        changed += await self._bury(now)
        return changed + await self._summarise(now, timedelta() if settled else GATHERED)

    async def _fold(self, now: datetime) -> int:
        patience = self.patience
        stale = await self.aside(self.store.stale, now - patience.alerts, now - patience.digests)
        if not stale:
            return 0
        readers = {sub.name: self.digests.readers(sub) for sub in self.digests.subscriptions}
        waits = await self.digests.waiting_ids()
        told_in: dict[str, str] = {}
        nowhere: list[str] = []
        for each in stale:
            found = teller(each, readers, waits)
            if found is not None and (found or each.state == "owed"):
                told_in[each.id] = found
            elif found is None and each.state == "expired":
                nowhere.append(each.id)
        changed = await self.aside(self.store.expire, told_in, now, FOLDED) if told_in else 0
        if changed:
            log.warning("deliveries_expired", count=changed, reason=FOLDED)
        return changed + (await self.aside(self.store.renew, nowhere, now) if nowhere else 0)

    async def _bury(self, now: datetime) -> int:
        """Give up what is owed to channels that were taken out of the configuration long ago."""
        backlog = await self.aside(self.store.backlog)
        buried = 0
        for name in sorted(backlog.keys() - self.digests.outlets.keys()):
            if not backlog[name].get("owed"):
                continue
            owed = await self.aside(self.store.deliveries, ("owed",), 1000, name)
            old = [each.id for each in owed if each.created_at < now - self.patience.missing]
            note = f"given up: no channel is called {name!r} any more"
            buried += await self.aside(self.store.bury, old, now, note) if old else 0
        if buried:
            log.error("deliveries_abandoned", count=buried, reason="their channels are no longer configured")
        return buried

    async def _summarise(self, now: datetime, gathered: timedelta) -> int:
        """Owe one message about all that a storm kept from a reader."""
        kept = await self.aside(self.store.open_summaries, now - STORM_MEMORY)
        storms: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
        for each in kept:
            storms[each.channel, each.recipient].append(each)
        written = 0
        for reader, several in storms.items():
            outlet = self.digests.outlets.get(reader[0])
            last = self._summarised.get(reader)
            waited = now - min(each.created_at for each in several) >= gathered
            if outlet is None or not waited or (last and now - last < STORM_WINDOW and gathered):
                continue
            summary = await self._summary(outlet, several, now)
            await self.aside(self.store.owe, summary)
            self._summarised[reader] = now
            written += len(summary)
            log.warning("storm_summarised", channel=outlet.name, alerts=len(several))
        return written

    async def _summary(
        self, outlet: Outlet, several: Sequence[Delivery], now: datetime
    ) -> tuple[Delivery, ...]:
        alerts = await self.aside(self.store.alerts_by_id, [each.ref for each in several])
        since = min(alert.raised_at for alert in alerts) if alerts else now
        counts = await self.aside(self.store.counts, since, now)
        id, recipient = several[0].told_in, several[0].recipient
        zones = (sub.zone for sub in self.digests.subscriptions if outlet.name in sub.channels)
        sub = Subscription(SUMMARY.name, SUMMARY.at, next(zones, SUMMARY.zone), (outlet.name,))
        window = (alerts[0].seq - 1, alerts[-1].seq) if alerts else (0, 0)
        digest = Digest(
            id, sub, Occasion(sub.name, "storm", now), now, since, *window, alerts, counts,
            next_after(sub, now),
        )  # fmt: skip
        said = self.digests.render.digest(digest, outlet.form)
        return tuple(
            Delivery(
                id if part == 0 else key_of("storm", id, str(part)),
                "storm", id, outlet.name, recipient, message, now, now,
            )
            for part, message in enumerate(said)
        )  # fmt: skip


def teller(
    stale: Stale,
    readers: Mapping[str, Iterable[tuple[str, str]]],
    waits: Mapping[str, frozenset[str]],
) -> str | None:
    """Return the digest that tells a stale delivery's reader of it, "" for the next one, None if none will.

    `readers` are (channel, recipient) by subscription, `waits` the alerts that its next digest will tell.
    """
    reader, told = (stale.channel, stale.recipient), dict(stale.digests)
    reached = [name for name in readers if reader in readers[name]]
    if stale.kind == "digest":
        return "" if any(name in told for name in reached) else None
    for name in reached:
        if name in told:
            return told[name]
    return "" if any(stale.ref in waits[name] for name in reached) else None
