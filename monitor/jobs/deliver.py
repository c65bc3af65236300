"""Send the deliveries that are due, channel by channel, and record every attempt."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from monitor.channels.base import Channel
from monitor.channels.breaker import MAX_RETRY_AFTER, after_fault
from monitor.channels.rate_limit import RateLimit
from monitor.errors import ChannelError, DeliveryError, MonitorError
from monitor.model import (
    AttemptOutcome,
    AttemptPhase,
    ChannelState,
    Delivery,
    DeliveryState,
    key_of,
)

from .context import JobContext
from .outgoing import Outgoing
from .policy import Policy
from .retry import RETRY_POLICIES, RetryPolicy

log = structlog.get_logger()

#: A lease lasts this much longer than the attempt may.
MARGIN = timedelta(minutes=1)

#: Within this time a recipient gets so many alerts and no more; a summary reports the rest.
STORM_WINDOW = timedelta(minutes=10)
STORM_MEMORY = timedelta(days=30)
STORM = "too many alerts at once: a summary reports it, and the next digest"


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """The result of a round of attempts."""

    sent: int = 0
    postponed: int = 0
    dead: int = 0

    def __add__(self, other: "DeliveryCounts") -> "DeliveryCounts":
        return DeliveryCounts(
            self.sent + other.sent, self.postponed + other.postponed, self.dead + other.dead
        )


@dataclass(frozen=True, slots=True)
class _Target:
    """A channel in force with its retry policy and the wait before an unanswered message is repeated."""

    channel: Channel
    retry: RetryPolicy
    uncertain_wait: timedelta

    @property
    def lease(self) -> timedelta:
        """Longer than an attempt can last, and than the wait before a lost attempt may be repeated."""
        repeat = timedelta(0) if self.retry.repeatable else self.uncertain_wait
        return max(self.retry.deadline, repeat) + MARGIN


@dataclass
class DeliverJob:
    """Sends deliveries, one at a time for each channel; every attempt ends in exactly one written outcome.

    A delivery whose outcome is unknown is tried once more. A channel that is itself at fault pauses, and its
    deliveries stay owed. Alerts beyond the storm limit of a recipient are suppressed for a summary.
    """

    context: JobContext
    outgoing: Outgoing
    retry_policies: Mapping[str, RetryPolicy] = field(default_factory=lambda: RETRY_POLICIES)
    _rate_limits: dict[str, RateLimit] = field(default_factory=dict)
    _answers: dict[str, str] = field(default_factory=dict)
    _missing: set[str] = field(default_factory=set)

    async def due_channels(self) -> tuple[str, ...]:
        """Return channels with a delivery due that may be used now; log, once, those not configured."""
        context = self.context
        due = await context.db.run(context.store.owed_channels, context.clock())
        return tuple(name for name in due if self._is_configured(context.policy, name))

    def repeatable(self) -> tuple[str, ...]:
        """Return the channels on which a repeat does no harm."""
        forms = self.context.policy.forms
        return tuple(name for name, form in forms.items() if self.retry_policies[form].repeatable)

    async def resume_channels(self) -> None:
        """End the pause of every channel: its fault may have been mended."""
        await self.context.db.run(self.context.store.resume_channels)

    async def send_due(self, channel: str, stop: Callable[[], bool] = lambda: False) -> DeliveryCounts:
        """Send what is due on one channel until nothing is, the channel pauses, or `stop()`."""
        counts = DeliveryCounts()
        while not stop():
            with self.context.current.use() as policy:
                sent = await self._send_next(policy, channel)
            if sent is None:
                break
            counts += sent
        return counts

    async def _send_next(self, policy: Policy, channel: str) -> DeliveryCounts | None:
        """Lease the next delivery of a channel and send it; None if none is due."""
        if not self._is_configured(policy, channel):
            return None
        context, now = self.context, self.context.clock()
        target = self._target(policy, channel)
        await self._suppress_storm(policy, channel, now)
        leased = await context.db.run(context.store.lease, channel, now, now + target.lease, 1)
        if not leased:
            return None
        checked = await self.outgoing.check(leased[0], now)
        if checked != leased[0]:
            await self._return(leased[0], checked, now)
            return DeliveryCounts()
        await self._rate_limit(policy, channel, target.retry).acquire()
        return await self._attempt(target, leased[0])

    async def _return(self, leased: Delivery, checked: Delivery, now: datetime) -> None:
        """Give back a leased delivery that preferences defer or suppress by now."""
        context = self.context
        if checked.state == DeliveryState.SUPPRESSED:
            await context.db.run(context.store.suppress_leased, leased, now, reason=checked.reason)
        else:
            await context.db.run(context.store.postpone, checked, now)

    async def _suppress_storm(self, policy: Policy, channel: str, now: datetime) -> None:
        """Suppress the alerts that are too many for a recipient; `OverdueJob` writes their summary."""
        context = self.context
        since, limit = now - STORM_WINDOW, policy.delivery.storm
        many = await context.db.run(context.store.over_limit, channel, since, now, limit)
        if not many:
            return
        begun = await context.db.run(context.store.open_summaries, now - STORM_MEMORY)
        summaries = {(each.channel, each.recipient): each.covered_by for each in begun}
        covered_by = {
            each.id: summaries.setdefault((channel, each.recipient), key_of("storm", each.id))
            for each in many
        }
        await context.db.run(context.store.suppress, covered_by, now, STORM)
        log.warning("deliveries_suppressed", channel=channel, count=len(many), reason=STORM)

    async def _attempt(self, target: _Target, delivery: Delivery) -> DeliveryCounts:
        """Make one attempt. An answer that could not be stored is stored now, not requested again."""
        context = self.context
        with structlog.contextvars.bound_contextvars(channel=delivery.channel, delivery=delivery.id):
            try:
                answer = self._answers.get(delivery.id) or await self._send(target, delivery)
            except DeliveryError as fault:
                return await self._record_failure(target, delivery, fault)
            self._answers[delivery.id] = answer
            now = context.clock()
            await context.db.run(context.store.settle, delivery, now, state=DeliveryState.SENT, reason=answer)
            del self._answers[delivery.id]
            log.info("delivery_sent", kind=delivery.kind, attempts=delivery.attempts + 1)
            return DeliveryCounts(sent=1)

    async def _send(self, target: _Target, delivery: Delivery) -> str:
        """Return the channel's answer; any surprise becomes a DeliveryError that says how far it came."""
        context, reached = self.context, AttemptPhase.CONNECT

        async def on_phase(phase: AttemptPhase) -> None:
            nonlocal reached
            await context.db.run(context.store.record_phase, delivery, phase)
            reached = phase

        seconds = target.retry.deadline.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                return await target.channel.send(delivery, on_phase)
        except MonitorError:
            raise
        except TimeoutError as error:
            raise ChannelError(
                f"no end within {seconds:g} s", uncertain=reached == AttemptPhase.DATA
            ) from error
        except Exception as error:  # one delivery's surprise must not stop the others
            log.exception("delivery_crashed")
            reason = f"internal error: {type(error).__name__}"
            raise DeliveryError(reason, uncertain=reached == AttemptPhase.DATA) from error

    async def _record_failure(
        self, target: _Target, delivery: Delivery, fault: DeliveryError
    ) -> DeliveryCounts:
        context, now = self.context, self.context.clock()
        channel = ChannelState(channel=delivery.channel)
        if isinstance(fault, ChannelError):
            states = await context.db.run(context.store.channel_states)
            channel = after_fault(states.get(delivery.channel, channel), fault, now)
            await context.db.run(context.store.record_channel_fault, channel)
        later, reason = await self._later(target, delivery, fault, channel)
        attempts, code = delivery.attempts + 1, fault.code
        facts = {"kind": delivery.kind, "attempts": attempts, "reason": reason, "code": code}
        if later is None:
            await context.db.run(
                context.store.settle, delivery, now, state=DeliveryState.DEAD, reason=reason, code=code
            )
            log.error("delivery_abandoned", **facts)
            return DeliveryCounts(dead=1)
        await context.db.run(context.store.postpone, later, now, code=code)
        log.warning("delivery_postponed", due_at=later.due_at.isoformat(), state=later.state, **facts)
        return DeliveryCounts(postponed=1)

    async def _later(
        self, target: _Target, delivery: Delivery, fault: DeliveryError, channel: ChannelState
    ) -> tuple[Delivery | None, str]:
        """Return the delivery as it is owed from now on, or None, and the reason."""
        reason, now, blameless = str(fault), self.context.clock(), isinstance(fault, ChannelError)
        retry = target.retry
        if fault.permanent:  # it goes as soon as somebody has mended the channel
            return (delivery.later(now, reason), reason) if blameless else (None, reason)
        if fault.uncertain and not retry.repeatable:
            if await self._was_uncertain(delivery):
                return None, f"given up, it may have arrived twice: {reason}"
            reason = f"it may have arrived: {reason}"
            return delivery.later(now + target.uncertain_wait, reason, DeliveryState.UNCERTAIN), reason
        wait = retry.wait(delivery.attempts, self.context.random)
        if blameless and not (channel.sent_at and channel.sent_at >= delivery.created_at):
            wait = wait or retry.waits[-1]  # no other message got through either
        elif fault.tries is not None and delivery.attempts + 1 >= fault.tries:
            wait = None
        if wait is None:
            return None, f"given up after {delivery.attempts + 1} attempts: {reason}"
        requested = min(fault.retry_after or timedelta(0), MAX_RETRY_AFTER)
        return delivery.later(now + max(wait, requested), reason), reason

    async def _was_uncertain(self, delivery: Delivery) -> bool:
        """Say whether an attempt before this one went out and was never answered."""
        context = self.context
        found = await context.db.run(context.store.delivery, delivery.id)
        return found is not None and any(attempt.outcome == AttemptOutcome.UNCERTAIN for attempt in found[1])

    def _is_configured(self, policy: Policy, channel: str) -> bool:
        """Say whether there is a channel of that name; if not, log it once."""
        if channel in policy.channels:
            return True
        if channel not in self._missing:
            self._missing.add(channel)
            log.warning("channel_missing", channel=channel)
        return False

    def _target(self, policy: Policy, channel: str) -> _Target:
        retry = self.retry_policies[policy.forms[channel]]
        return _Target(policy.channels[channel], retry, policy.delivery.uncertain_wait)

    def _rate_limit(self, policy: Policy, channel: str, retry: RetryPolicy) -> RateLimit:
        gap_s = policy.delivery.gaps.get(channel, retry.gap).total_seconds()
        return self._rate_limits.setdefault(channel, RateLimit(gap_s))
