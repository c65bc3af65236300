"""Decide when a subscription is requested, confirmed for how long, and renewed. Pure."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import HubState, HubSubscription

#: The wait for a confirmation before the request is repeated; it doubles with each failure.
RETRY_INTERVAL, LONGEST_RETRY = timedelta(hours=1), timedelta(days=1)

#: A hub may confirm less time than this or more, but it is not believed.
SHORTEST_LEASE, LONGEST_LEASE = timedelta(minutes=5), timedelta(days=30)

#: The part of a lease after which it is renewed.
_RENEWED_AFTER = 0.75

#: A feed is polled for a notice no sooner than this after its last poll.
POLL_GAP = timedelta(seconds=30)


def requested(subscription: HubSubscription, now: datetime) -> HubSubscription:
    """Return a subscription as it is stored before its request is sent; a renewal keeps token and secret."""
    wait = min(RETRY_INTERVAL * 2 ** min(subscription.failures, 10), LONGEST_RETRY)
    return replace(
        subscription,
        state=HubState.ACTIVE if subscription.is_active(now) else HubState.REQUESTED,
        token=subscription.token or secrets.token_urlsafe(24),
        secret=subscription.secret or secrets.token_urlsafe(32),
        failures=subscription.failures + 1,
        due_at=now + wait,
    )


def lease_of(seconds: str, usual: timedelta) -> timedelta:
    """Return how long a confirmation holds: what the hub says within limits, else what was requested."""
    if not (seconds.isascii() and seconds.isdecimal()):
        return usual
    return min(max(timedelta(seconds=int(seconds[:10])), SHORTEST_LEASE), LONGEST_LEASE)


def renewed_at(now: datetime, lease: timedelta) -> datetime:
    """Return when a subscription confirmed now is requested again."""
    return now + lease * _RENEWED_AFTER


def polled_at(now: datetime, last_poll: datetime | None) -> datetime:
    """Return when a feed is polled for a notice that came now."""
    return max(now, last_poll + POLL_GAP) if last_poll else now
