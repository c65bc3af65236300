"""How long a channel that is itself at fault is left alone, and when somebody should know. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.errors import ChannelError
from monitor.model import ChannelState

#: The longest that a server may ask for.
MAX_WISH = timedelta(hours=1)

#: So many faults in a row, or faults for so long, are more than a hiccup.
PATIENCE, PATIENCE_TIME = 5, timedelta(hours=1)

FIRST, MOST = timedelta(seconds=2), timedelta(minutes=5)

#: What only a person can mend is asked again ever more rarely: a wrong password locks accounts.
REFUSED_FIRST, REFUSED_MOST = timedelta(minutes=15), timedelta(hours=6)


def after(before: ChannelState, fault: ChannelError, now: datetime) -> ChannelState:
    """Return how a channel fares after one more fault of its own."""
    spent = fault.tries is not None and before.faults + 1 >= fault.tries
    refused = fault.permanent or spent
    faults = 1 if refused and not before.permanent else before.faults + 1
    first, most = (REFUSED_FIRST, REFUSED_MOST) if refused else (FIRST, MOST)
    # The exponent is bounded, not only the result: an outage of days must not overflow.
    rest = min(first * 2 ** min(faults - 1, 20), most)
    wish = min(fault.retry_after or rest, MAX_WISH)
    return replace(
        before,
        faults=faults,
        permanent=before.permanent or refused,
        reason=str(fault),
        since=before.since or now,
        paused_until=now + max(rest, wish),
    )


def is_degraded(state: ChannelState, now: datetime) -> bool:
    """Say whether a channel fails for good, or too often or too long for a hiccup."""
    lasting = state.since is not None and now - state.since >= PATIENCE_TIME
    return state.permanent or state.faults >= PATIENCE or (state.faults > 1 and lasting)
