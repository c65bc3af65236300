"""Make one attempt at a delivery, and record how it ended."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from monitor.channels.base import Channel
from monitor.channels.breaker import after_fault
from monitor.errors import ChannelError, DeliveryError, MonitorError
from monitor.model import AttemptOutcome, AttemptPhase, ChannelState, Delivery, DeliveryState

from .context import JobContext
from .next_attempt import Failure, next_attempt
from .retry import RetryPolicy

log = structlog.get_logger()

#: A lease lasts this much longer than the attempt may.
MARGIN = timedelta(minutes=1)


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
class SendingChannel:
    """A channel in force with its retry policy and the wait before an unanswered message is repeated."""

    channel: Channel
    retry: RetryPolicy
    uncertain_wait: timedelta

    @property
    def lease(self) -> timedelta:
        """Longer than an attempt can last, and than the wait before a lost attempt may be repeated."""
        repeat = timedelta(0) if self.retry.repeatable else self.uncertain_wait
        return max(self.retry.time_limit, repeat) + MARGIN


@dataclass
class Attempts:
    """Makes attempts; each ends in exactly one written outcome.

    An answer that could not be stored is kept and stored later; the message is not sent again. A fault of the
    channel pauses the channel, unless it has sent to other recipients since it refused this one.
    """

    context: JobContext
    _answers: dict[str, tuple[Delivery, str]] = field(default_factory=dict)
    _refused_at: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def refused_recipients(self, channel: str) -> frozenset[str]:
        """Return the recipients whose last attempt failed with a permanent fault of the channel."""
        return frozenset(recipient for name, recipient in self._refused_at if name == channel)

    async def make(self, sending: SendingChannel, delivery: Delivery) -> DeliveryCounts:
        """Make one attempt at a leased delivery and record its outcome."""
        with structlog.contextvars.bound_contextvars(channel=delivery.channel, delivery=delivery.id):
            if delivery.id not in self._answers:
                try:
                    answer = await self._send(sending, delivery)
                except DeliveryError as fault:
                    return await self._record_failure(sending, delivery, fault)
                self._answers[delivery.id] = (delivery, answer)
                self._refused_at.pop((delivery.channel, delivery.recipient), None)
            await self._record_answer(delivery.id)
            return DeliveryCounts(sent=1)

    async def record_answers(self, in_flight: Collection[str] = ()) -> None:
        """Store the answers that could not be stored before, except to messages in flight."""
        for id in self._answers.keys() - set(in_flight):
            await self._record_answer(id)

    async def _record_answer(self, id: str) -> None:
        context, (delivery, answer) = self.context, self._answers[id]
        now = context.clock()
        await context.db.run(
            context.store.close_delivery, delivery, now, state=DeliveryState.SENT, reason=answer
        )
        self._answers.pop(id, None)
        log.info("delivery_sent", kind=delivery.kind, attempts=delivery.attempts + 1)

    async def _send(self, sending: SendingChannel, delivery: Delivery) -> str:
        """Return the channel's answer; an unexpected error becomes a `DeliveryError`.

        It is uncertain if the attempt had reached ``data``.
        """
        context, reached = self.context, AttemptPhase.CONNECT

        async def on_phase(phase: AttemptPhase) -> None:
            nonlocal reached
            ours = await context.db.run(context.store.record_phase, delivery, phase)
            if context.member and not ours:
                raise DeliveryError("another process has taken this delivery over")
            reached = phase

        seconds = sending.retry.time_limit.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                return await sending.channel.send(delivery, on_phase)
        except MonitorError:
            raise
        except TimeoutError as error:
            raise ChannelError(
                f"no end within {seconds:g} s", uncertain=reached == AttemptPhase.DATA
            ) from error
        except Exception as error:  # an unexpected error of one delivery must not stop the others
            log.exception("delivery_crashed")
            reason = f"internal error: {type(error).__name__}"
            raise DeliveryError(reason, uncertain=reached == AttemptPhase.DATA) from error

    async def _record_failure(
        self, sending: SendingChannel, delivery: Delivery, fault: DeliveryError
    ) -> DeliveryCounts:
        context, now = self.context, self.context.clock()
        channel, fault = await self._attributed(delivery, fault, now)
        failure = Failure(
            delivery=delivery,
            fault=fault,
            channel=channel,
            was_uncertain=await self._was_uncertain(delivery) if fault.uncertain else False,
        )
        following = next_attempt(failure, sending.retry, sending.uncertain_wait, now, context.random)
        later, reason = following.delivery, following.reason
        facts = {
            "kind": delivery.kind,
            "attempts": delivery.attempts + 1,
            "reason": reason,
            "code": fault.code,
        }
        if later is None:
            await context.db.run(
                context.store.close_delivery,
                delivery,
                now,
                state=DeliveryState.DEAD,
                reason=reason,
                code=fault.code,
            )
            log.error("delivery_abandoned", **facts)
            return DeliveryCounts(dead=1)
        await context.db.run(context.store.postpone, later, now, code=fault.code)
        log.warning("delivery_postponed", due_at=later.due_at.isoformat(), state=later.state, **facts)
        return DeliveryCounts(postponed=1)

    async def _attributed(
        self, delivery: Delivery, fault: DeliveryError, now: datetime
    ) -> tuple[ChannelState, DeliveryError]:
        """Pause the channel for a fault of its own; return its state, and the fault as it is of the delivery.

        A channel that refuses one recipient and serves the others is not at fault.
        """
        states = await self.context.db.run(self.context.store.channel_states)
        channel = states.get(delivery.channel, ChannelState(channel=delivery.channel))
        if not isinstance(fault, ChannelError):
            return channel, fault
        one_recipient = self._refuses_one_recipient(channel, delivery, fault)
        if fault.permanent:
            self._refused_at[delivery.channel, delivery.recipient] = now
        if one_recipient:
            return channel, DeliveryError(f"{fault}; other recipients get their messages", code=fault.code)
        return await self._pause(channel, fault, now), fault

    def _refuses_one_recipient(self, channel: ChannelState, delivery: Delivery, fault: ChannelError) -> bool:
        """Return whether the channel sent other messages since it last refused this recipient."""
        refused_at = self._refused_at.get((delivery.channel, delivery.recipient))
        if refused_at is None or channel.sent_at is None or not (fault.permanent and delivery.recipient):
            return False
        return channel.sent_at > refused_at

    async def _pause(self, before: ChannelState, fault: ChannelError, now: datetime) -> ChannelState:
        """Record a fault of the channel; attempts that fail together count as one fault."""
        paused = before.paused_until is not None and before.paused_until > now
        if paused and (before.permanent or not fault.permanent):
            return before
        channel = after_fault(before, fault, now)
        await self.context.db.run(self.context.store.record_channel_fault, channel)
        return channel

    async def _was_uncertain(self, delivery: Delivery) -> bool:
        """Return whether an earlier attempt may have arrived."""
        context = self.context
        found = await context.db.run(context.store.delivery, delivery.id)
        return found is not None and any(attempt.outcome == AttemptOutcome.UNCERTAIN for attempt in found[1])
