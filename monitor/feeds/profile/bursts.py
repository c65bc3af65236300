"""Detect bursts: more new items in one poll than the feed usually brings. Pure."""

from collections.abc import Sequence
from datetime import datetime

from monitor.model import FeedProfile, Item

#: A burst has more new items than this, and than this factor times the 95th percentile of past polls.
MIN_BURST, BURST_FACTOR = 5, 3

#: Or more than this share (0-1) of the document is new.
BURST_SHARE = 0.6
_MAX_ARRIVALS = 50


def with_arrivals(profile: FeedProfile, new: int) -> tuple[int, ...]:
    """Return the remembered counts of new items, with those of this poll."""
    return (*profile.arrivals, new)[-_MAX_ARRIVALS:] if new else profile.arrivals


def is_burst(profile: FeedProfile, new: int, count: int) -> bool:
    """Say whether `new` of `count` items in a document are a burst for this feed."""
    if new <= MIN_BURST:
        return False
    usual = sorted(profile.arrivals)
    most = usual[min(int(len(usual) * 0.95), len(usual) - 1)] if usual else 0
    return new > BURST_FACTOR * most or new > BURST_SHARE * count


def dated_since(items: Sequence[Item], read_at: datetime) -> int:
    """Return the number of items dated on or after the day of the last poll."""
    return sum(is_recent(item, read_at) for item in items)


def is_recent(item: Item, read_at: datetime) -> bool:
    """Say whether an item is dated on or after the day of the last poll; many dates have no time."""
    return item.published_at is not None and item.published_at.date() >= read_at.date()
