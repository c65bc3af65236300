"""Send the deliveries that are due, channel by channel."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from monitor.channels.rate_limit import RateLimit
from monitor.errors import StoreError
from monitor.model import Delivery, DeliveryState, MessageForm, key_of

from .attempt import Attempts, DeliveryCounts, SendingChannel
from .context import JobContext
from .outgoing import Outgoing
from .policy import Policy
from .retry import RETRY_POLICIES, RetryPolicy

log = structlog.get_logger()

#: The time to which the storm limit of a recipient applies; a summary reports the alerts above it.
STORM_WINDOW = timedelta(minutes=10)

#: How far back a storm is looked for that has no summary yet.
STORM_MEMORY = timedelta(days=30)

STORM = "too many alerts at once: a summary reports it, and the next digest"

#: From this gap between messages on only one delivery is leased at a time, so that none waits while leased.
LONG_GAP = timedelta(seconds=1)


@dataclass(kw_only=True)
class DeliverJob:
    """Sends deliveries: as many at a time as the channel has connections, one at a time to each recipient.

    A delivery whose outcome is unknown is tried once more. A channel at fault is paused, and its deliveries
    stay ``owed``. Alerts above the storm limit of a recipient are suppressed for a summary, except those of
    severity 5.
    """

    context: JobContext
    outgoing: Outgoing
    retry_policies: Mapping[MessageForm, RetryPolicy] = field(default_factory=lambda: RETRY_POLICIES)
    _rate_limits: dict[str, RateLimit] = field(default_factory=dict)
    _missing: set[str] = field(default_factory=set)
    _in_flight: set[str] = field(default_factory=set)
    _store_failed: bool = False

    def __post_init__(self) -> None:
        self._attempts = Attempts(self.context)

    @property
    def must_release(self) -> bool:
        """Whether `due_channels` has leases to release, after a failure of the store."""
        return self._store_failed

    async def due_channels(self) -> tuple[str, ...]:
        """Return the configured channels with a delivery due; log the others once."""
        context = self.context
        await self.release_leases()
        due = await context.db.run(context.store.owed_channels, context.clock())
        return tuple(name for name in due if self._is_configured(context.policy, name))

    def repeatable(self) -> tuple[str, ...]:
        """Return the channels on which a message may be repeated safely."""
        forms = self.context.policy.forms
        return tuple(name for name, form in forms.items() if self.retry_policies[form].repeatable)

    async def resume_channels(self) -> None:
        """End the pause of every channel, so that each is tried again."""
        await self.context.db.run(self.context.store.resume_channels)

    async def send_due(self, channel: str, stop: Callable[[], bool] = lambda: False) -> DeliveryCounts:
        """Send the due deliveries of one channel until none is left, the channel pauses, or `stop()`."""
        counts = DeliveryCounts()
        running: dict[asyncio.Task[DeliveryCounts], str] = {}  # attempt to recipient
        try:
            while True:
                while not stop() and (begun := await self._begin_next(channel, running)):
                    task, recipient = begun
                    running[task] = recipient
                if not running:
                    return counts
                ended, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    del running[task]
                    counts += task.result()
        except StoreError:
            self._store_failed = True
            raise
        except asyncio.CancelledError:
            for task in running:
                task.cancel()
            raise
        finally:
            await asyncio.gather(*running, return_exceptions=True)

    async def _begin_next(
        self, channel: str, running: Mapping[asyncio.Task[DeliveryCounts], str]
    ) -> tuple[asyncio.Task[DeliveryCounts], str] | None:
        """Lease the next delivery and begin to send it; None if none is due or no connection is free."""
        with ExitStack() as stack:
            policy = stack.enter_context(self.context.current.use())
            if not self._is_configured(policy, channel):
                return None
            if len(running) >= self._connections(policy, channel):
                return None
            sending = self._sending(policy, channel)
            leased = await self._lease(policy, sending, channel, frozenset(running.values()))
            if leased is None:
                return None
            self._in_flight.add(leased.id)
            stack.callback(self._in_flight.discard, leased.id)
            attempt = self._deliver(policy, sending, leased, stack.pop_all())
            return asyncio.create_task(attempt), leased.recipient

    async def _lease(
        self, policy: Policy, sending: SendingChannel, channel: str, busy: frozenset[str]
    ) -> Delivery | None:
        """Lease the next due delivery to a recipient who is not busy.

        Recipients who were refused come last: the results of the others show whether the channel is at fault.
        """
        context, now = self.context, self.context.clock()
        refused = self._attempts.refused_recipients(channel)
        for avoided in dict.fromkeys((busy | refused, busy)):  # once if nobody else was refused
            await self._suppress_storm(policy, channel, now, avoided)
            leased = await context.db.run(context.store.lease, channel, now, now + sending.lease, 1, avoided)
            if leased:
                return leased[0]
        return None

    async def _deliver(
        self, policy: Policy, sending: SendingChannel, leased: Delivery, resources: ExitStack
    ) -> DeliveryCounts:
        """Send a leased delivery, or release it if preferences now defer or suppress it."""
        with resources:
            now = self.context.clock()
            checked = await self.outgoing.check(leased, now)
            if checked != leased:
                await self._return(leased, checked, now)
                return DeliveryCounts()
            await self._wait_for_turn(policy, leased.channel)
            return await self._attempts.make(sending, leased)

    async def _return(self, leased: Delivery, checked: Delivery, now: datetime) -> None:
        context = self.context
        if checked.state == DeliveryState.SUPPRESSED:
            await context.db.run(context.store.suppress_leased, leased, now, reason=checked.reason)
        else:
            await context.db.run(context.store.postpone, checked, now)

    async def release_leases(self) -> None:
        """After a failure of the store, record the answers kept and release the other leases."""
        if not self._store_failed:
            return
        context, in_flight, now = self.context, frozenset(self._in_flight), self.context.clock()
        await self._attempts.record_answers(in_flight)
        uncertain_until = now + context.policy.delivery.uncertain_wait
        released = await context.db.run(
            context.store.release, now, uncertain_until, self.repeatable(), in_flight
        )
        self._store_failed = False
        log.info("leases_released", count=released)

    async def _suppress_storm(
        self, policy: Policy, channel: str, now: datetime, busy: frozenset[str]
    ) -> None:
        """Suppress the alerts above the limit of a recipient; `OverdueJob` writes their summary."""
        context = self.context
        since, limit = now - STORM_WINDOW, policy.delivery.storm
        many = await context.db.run(context.store.over_limit, channel, since, now, limit, busy)
        if not many:
            return
        recipient, memory = many[0].recipient, now - STORM_MEMORY
        summary = await context.db.run(context.store.open_summary, channel, recipient, memory)
        summary = summary or key_of("storm", many[0].id)
        covered_by = {each.id: summary for each in many}
        await context.db.run(context.store.suppress, covered_by, now, STORM)
        log.warning("deliveries_suppressed", channel=channel, count=len(many), reason=STORM)

    def _is_configured(self, policy: Policy, channel: str) -> bool:
        """Return whether a channel is configured; if not, log it once."""
        if channel in policy.channels:
            return True
        if channel not in self._missing:
            self._missing.add(channel)
            log.warning("channel_missing", channel=channel)
        return False

    def _sending(self, policy: Policy, channel: str) -> SendingChannel:
        retry = self.retry_policies[policy.forms[channel]]
        return SendingChannel(policy.channels[channel], retry, policy.delivery.uncertain_wait)

    def _connections(self, policy: Policy, channel: str) -> int:
        """Return how many messages may be sent at a time: one if the gap between them is long."""
        waits = self._gap(policy, channel) >= LONG_GAP
        return 1 if waits else policy.delivery.connections.get(channel, 1)

    def _rate_limit(self, policy: Policy, channel: str) -> RateLimit:
        gap_s = self._gap(policy, channel).total_seconds()
        limit = self._rate_limits.get(channel)
        if limit is None or limit.gap_s != gap_s:
            limit = self._rate_limits[channel] = RateLimit(gap_s)
        return limit

    async def _wait_for_turn(self, policy: Policy, channel: str) -> None:
        """Wait until the channel may get another message, from this process or from any."""
        context, limit = self.context, self._rate_limit(policy, channel)
        if context.member is None:
            await limit.acquire()
        elif gap := self._gap(policy, channel):
            wait = await context.db.run(
                context.store.take_message_turn, channel, context.clock(), gap, limit.burst
            )
            await asyncio.sleep(wait.total_seconds())

    def _gap(self, policy: Policy, channel: str) -> timedelta:
        return policy.delivery.gaps.get(channel, self.retry_policies[policy.forms[channel]].gap)
