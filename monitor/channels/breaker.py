"""Decide how long a faulty channel is paused, and when it counts as degraded. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.errors import ChannelError
from monitor.model import AbandonedRun, ChannelState

#: The longest wait that a server may ask for.
MAX_RETRY_AFTER = timedelta(hours=1)

#: A channel is degraded after this many faults in a row, or after faults for this long.
FAULT_LIMIT, FAULT_TIME_LIMIT = 5, timedelta(hours=1)

#: So many deliveries in a row that were given up, with none sent, are a fault of the channel.
DEAD_LIMIT = 3

FIRST_PAUSE, MAX_PAUSE = timedelta(seconds=2), timedelta(minutes=5)

#: Pauses after a permanent fault are longer: repeated wrong passwords lock accounts.
FIRST_PERMANENT_PAUSE, MAX_PERMANENT_PAUSE = timedelta(minutes=15), timedelta(hours=6)


def after_fault(before: ChannelState, fault: ChannelError, now: datetime) -> ChannelState:
    """Return the state of a channel after one more fault of its own."""
    exhausted = fault.tries is not None and before.faults + 1 >= fault.tries
    permanent = fault.permanent or exhausted
    faults = 1 if permanent and not before.permanent else before.faults + 1
    first, most = (FIRST_PERMANENT_PAUSE, MAX_PERMANENT_PAUSE) if permanent else (FIRST_PAUSE, MAX_PAUSE)
    # The exponent is bounded, not only the result: an outage of days must not overflow.
    pause = min(first * 2 ** min(faults - 1, 20), most)
    retry_after = min(fault.retry_after or pause, MAX_RETRY_AFTER)
    return replace(
        before,
        faults=faults,
        permanent=before.permanent or permanent,
        reason=str(fault),
        since=before.since or now,
        paused_until=now + max(pause, retry_after),
    )


def fails_all(dead: AbandonedRun, recipients: int) -> bool:
    """Return whether a channel reaches nobody although it is not at fault itself.

    That is so if several deliveries in a row were given up, or if all of several recipients gave the same
    refusal.
    """
    one_answer = dead.recipients >= recipients > 1 and dead.codes == 1
    return dead.count >= DEAD_LIMIT or one_answer


def is_degraded(state: ChannelState, now: datetime) -> bool:
    """Return whether a channel has a permanent fault, or temporary faults beyond the limits."""
    lasting = state.since is not None and now - state.since >= FAULT_TIME_LIMIT
    return state.permanent or state.faults >= FAULT_LIMIT or (state.faults > 1 and lasting)
