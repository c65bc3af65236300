"""Decide when a feed is polled next, and when without validators. Pure."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.errors import FeedError, FeedHealth
from monitor.model import Feed, FeedState, Tier

MIN_RETRY_AFTER = timedelta(seconds=60)
MAX_INTERVAL = timedelta(hours=24)
MAX_INTERVAL_OFFICIAL = timedelta(hours=6)
MAX_RETRY_AFTER_OFFICIAL = timedelta(hours=2)
PROOF_INTERVAL = timedelta(hours=24)

#: The weight of one failure in the interval. Passing faults weigh little: an hour without DNS must not cost a
#: day of news.
WEIGHTS = {
    FeedHealth.DNS: 0.25,
    FeedHealth.TIMEOUT: 0.5,
    FeedHealth.THROTTLED: 0.5,
    FeedHealth.HTTP: 0.5,
    FeedHealth.TLS: 0.5,
    FeedHealth.PROTOCOL: 0.5,
    FeedHealth.PARTIAL: 0.5,
    FeedHealth.EMPTY: 0.5,
}
_FULL_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class TierInterval:
    """The poll interval of a tier, and the longest freshness hint that is honoured.

    Where `slowest` is longer than `every`, the interval adapts between the two.
    """

    every: timedelta
    most_hinted: timedelta
    slowest: timedelta = timedelta()


_FIVE, _TEN, _FIFTEEN = (timedelta(minutes=minutes) for minutes in (5, 10, 15))
_OTHER_TIERS = TierInterval(_FIFTEEN, timedelta(hours=2), timedelta(hours=12))
_TIER_INTERVALS = {
    Tier.OFFICIAL: TierInterval(_FIVE, _FIFTEEN),
    Tier.WIRE: TierInterval(_TEN, timedelta(hours=1)),
    Tier.TRADE: TierInterval(_TEN, timedelta(hours=1)),
}


def tier_interval(tier: Tier) -> TierInterval:
    """Return the default poll interval of a tier."""
    return _TIER_INTERVALS.get(tier, _OTHER_TIERS)


#: Added to the adapted interval after a poll without new items.
_STEP = timedelta(minutes=10)


def adapted_wait(feed: Feed, wait_s: float, new: int, count: int) -> float:
    """Return the adapted interval in seconds, after a document of `count` items of which `new` were new.

    Nothing new: ten minutes longer. More than a third new: half. All new: the shortest, because others may
    have come and gone unseen. 0 for feeds with a fixed interval.
    """
    if feed.slowest <= feed.every:
        return 0.0
    shortest, wait = feed.every.total_seconds(), wait_s or feed.every.total_seconds()
    if not new:
        wait += _STEP.total_seconds()
    elif new == count:
        wait = shortest
    elif new > count / 3:
        wait /= 2
    return min(max(wait, shortest), feed.slowest.total_seconds())


def next_poll(
    now: datetime, feed: Feed, random: random.Random, wait_s: float = 0.0, hint: timedelta | None = None
) -> datetime:
    """Return the next poll after a success, with ±10 % jitter.

    `wait_s` is the adapted interval, if any; `hint` is the freshness that the response states, honoured as
    far as the tier allows.
    """
    wait = timedelta(seconds=wait_s) or feed.every
    if hint:
        wait = max(wait, min(hint, tier_interval(feed.tier).most_hinted))
    return now + wait * random.uniform(0.9, 1.1)


def next_retry(now: datetime, feed: Feed, random: random.Random, failures: int, error: FeedError) -> datetime:
    """Return the next poll after a failure.

    `failures` includes this `error`. Failures lengthen the interval in proportion, by class, up to 24 h
    (official sources 6 h); a feed is never switched off. A longer `Retry-After` is honoured up to 24 h
    (official sources 2 h).
    """
    official = feed.tier is Tier.OFFICIAL
    longest = max(MAX_INTERVAL_OFFICIAL if official else MAX_INTERVAL, feed.every * 1.1)
    weight = WEIGHTS.get(error.health, _FULL_WEIGHT) * failures
    wait = min(feed.every.total_seconds() * (1 + min(weight, 10_000)), longest.total_seconds() / 1.1)
    planned = timedelta(seconds=wait * random.uniform(0.9, 1.1))
    return now + max(planned, _requested_wait(error, MAX_RETRY_AFTER_OFFICIAL if official else MAX_INTERVAL))


def _requested_wait(error: FeedError, longest: timedelta) -> timedelta:
    if error.retry_after is None:
        return timedelta()
    return min(max(error.retry_after, MIN_RETRY_AFTER), longest)


def is_unconditional(state: FeedState, now: datetime) -> bool:
    """Say whether the next request must be sent without validators.

    After a day without proof of content, because some servers answer 304 for ever; after a failure, which a
    bare 304 does not disprove; and once a server sent equal validators for other bytes. Only a body that was
    read renews `good_at`.
    """
    unproved = state.good_at is None or now - state.good_at >= PROOF_INTERVAL
    return unproved or state.failures > 0 or state.profile.distrusted
