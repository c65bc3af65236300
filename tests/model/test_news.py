"""Whether a feed is read: one answer for digests and commands."""

import pytest

from monitor.errors import FeedHealth
from monitor.model import FeedReach, reach_of


@pytest.mark.parametrize(
    ("health", "reach"),
    [
        (FeedHealth.NEW, FeedReach.UNREAD),
        (FeedHealth.OK, FeedReach.ANSWERING),
        (FeedHealth.NOT_MODIFIED, FeedReach.ANSWERING),
        (FeedHealth.EMPTY, FeedReach.ANSWERING),
        (FeedHealth.PARTIAL, FeedReach.ANSWERING),
        (FeedHealth.DNS, FeedReach.FAILING),
        (FeedHealth.THROTTLED, FeedReach.FAILING),
    ],
)
def test_a_feed_is_read_if_its_last_poll_was_answered(health, reach):
    assert reach_of(health) is reach
