"""More new items at once than the feed ever brought: a storm of guids or dates, or a busy day. Pure."""

from collections.abc import Sequence
from datetime import datetime

from monitor.model import FeedProfile, Item

#: A poll is a burst beyond both numbers: fixed, and times what 95 of 100 polls stay within.
FEWEST, TIMES = 5, 3
#: Or when more than this share (0-1) of a document is new at once.
SHARE = 0.6
_REMEMBERED = 50


def counted(profile: FeedProfile, new: int) -> tuple[int, ...]:
    """Return the numbers of new items that are remembered once a poll has brought so many."""
    return (*profile.arrivals, new)[-_REMEMBERED:] if new else profile.arrivals


def is_burst(profile: FeedProfile, new: int, count: int) -> bool:
    """Say whether `new` of a document's `count` items are more than this feed brings at once."""
    if new <= FEWEST:
        return False
    usual = sorted(profile.arrivals)
    most = usual[min(int(len(usual) * 0.95), len(usual) - 1)] if usual else 0
    return new > TIMES * most or new > SHARE * count


def told_since(items: Sequence[Item], read_at: datetime) -> int:
    """Return how many items their publisher dates at or after the day of the last reading."""
    return sum(is_recent(item, read_at) for item in items)


def is_recent(item: Item, read_at: datetime) -> bool:
    """Say whether an item is dated since the last reading; days count, many dates have no time."""
    return item.published_at is not None and item.published_at.date() >= read_at.date()
