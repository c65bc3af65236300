"""Decide whether and when a delivery is tried again after a failed attempt. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from monitor.channels.breaker import MAX_RETRY_AFTER
from monitor.errors import ChannelError, DeliveryError
from monitor.model import ChannelState, Delivery, DeliveryState

from .retry import RetryPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failed attempt at a delivery, with the state of its channel after it.

    `was_uncertain` says that an earlier attempt may have arrived.
    """

    delivery: Delivery
    fault: DeliveryError
    channel: ChannelState
    was_uncertain: bool = False

    @property
    def reason(self) -> str:
        """What went wrong, in words."""
        return str(self.fault)

    @property
    def is_of_channel(self) -> bool:
        """Whether any other message would have failed too."""
        return isinstance(self.fault, ChannelError)


@dataclass(frozen=True, slots=True)
class NextAttempt:
    """The delivery as it waits for its next attempt, None if it is given up; and the reason."""

    delivery: Delivery | None
    reason: str


def next_attempt(
    failure: Failure, retry: RetryPolicy, uncertain_wait: timedelta, now: datetime, random: Random
) -> NextAttempt:
    """Return when a delivery is tried again; a permanent fault of its channel waits for the repair."""
    delivery, fault, reason = failure.delivery, failure.fault, failure.reason
    if fault.permanent:
        return NextAttempt(delivery.later(now, reason) if failure.is_of_channel else None, reason)
    if fault.uncertain and not retry.repeatable:
        return _after_uncertain(failure, now + uncertain_wait)
    wait = _wait(failure, retry, random)
    if wait is None:
        return NextAttempt(None, f"given up after {delivery.attempts + 1} attempts: {reason}")
    requested = min(fault.retry_after or timedelta(0), MAX_RETRY_AFTER)
    return NextAttempt(delivery.later(now + max(wait, requested), reason), reason)


def _after_uncertain(failure: Failure, due_at: datetime) -> NextAttempt:
    """Return one more attempt after an uncertain one, and none after two."""
    if failure.was_uncertain:
        return NextAttempt(None, f"given up, it may have arrived twice: {failure.reason}")
    reason = f"it may have arrived: {failure.reason}"
    return NextAttempt(failure.delivery.later(due_at, reason, DeliveryState.UNCERTAIN), reason)


def _wait(failure: Failure, retry: RetryPolicy, random: Random) -> timedelta | None:
    """Return how long to wait; None if the delivery has had all its attempts.

    It is not given up for a fault of its channel that no other message got past either.
    """
    delivery, fault, sent_at = failure.delivery, failure.fault, failure.channel.sent_at
    wait = retry.wait(delivery.attempts, random)
    if failure.is_of_channel and (sent_at is None or sent_at < delivery.created_at):
        return wait or retry.waits[-1]
    if fault.tries is not None and delivery.attempts + 1 >= fault.tries:
        return None
    return wait
