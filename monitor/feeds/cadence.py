"""When a feed is due again, and when it must be asked without validators. Pure."""

import random
from datetime import datetime, timedelta

from monitor.errors import FeedError
from monitor.model import Feed, FeedState, Tier

SHORTEST_ASKED = timedelta(seconds=60)
LONGEST = timedelta(hours=24)
LONGEST_OFFICIAL = timedelta(hours=6)
LONGEST_ASKED_OFFICIAL = timedelta(hours=2)
PROOF = timedelta(hours=24)

#: How much one failure lengthens the interval. What heals by itself weighs little: an hour without
#: DNS must not cost a day of news.
WEIGHTS = {
    "dns": 0.25,
    "timeout": 0.5,
    "throttled": 0.5,
    "http": 0.5,
    "tls": 0.5,
    "protocol": 0.5,
    "partial": 0.5,
    "empty": 0.5,
}
_HARD = 1.0


def next_poll(
    now: datetime, feed: Feed, chance: random.Random, failures: int = 0, error: FeedError | None = None
) -> datetime:
    """Return when to ask again: a tenth earlier or later than planned, so that feeds do not march in step.

    `failures` counts this `error` too. Failures lengthen the interval in proportion, by class, up to 24 h
    (official sources 6 h); nothing ever switches a feed off. What a server asked for (`Retry-After`) is kept
    when it is longer, up to 24 h (official sources 2 h).
    """
    official = feed.tier is Tier.OFFICIAL
    longest = max(LONGEST_OFFICIAL if official else LONGEST, feed.every * 1.1)
    weight = WEIGHTS.get(error.health, _HARD) * max(failures, 1) if error else 0.0
    wait = min(feed.every.total_seconds() * (1 + min(weight, 10_000)), longest.total_seconds() / 1.1)
    planned = timedelta(seconds=wait * chance.uniform(0.9, 1.1))
    return now + max(planned, _asked(error, LONGEST_ASKED_OFFICIAL if official else LONGEST))


def _asked(error: FeedError | None, longest: timedelta) -> timedelta:
    if error is None or error.retry_after is None:
        return timedelta()
    return min(max(error.retry_after, SHORTEST_ASKED), longest)


def forced(state: FeedState, now: datetime) -> bool:
    """Return whether the next request must carry no validators: a day without proof of content.

    Needs `good_at` to be renewed only by a body that was read: by `Fetched`, or by `NotModified` that is
    `proved`. A server that says 304 for ever (a clock ahead by years, one ETag for all) is found out so.
    """
    return state.good_at is None or now - state.good_at >= PROOF
