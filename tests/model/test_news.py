"""Whether a feed is read: one answer for digests and commands."""

import pytest

from monitor.model import FeedReach, reach_of
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("polled_at", "failures", "reach"),
    [
        (None, 0, FeedReach.UNREAD),
        (NOW, 0, FeedReach.ANSWERING),
        (NOW, 1, FeedReach.FAILING),
        (None, 1, FeedReach.FAILING),
    ],
)
def test_a_feed_is_not_yet_read_until_its_first_poll_has_ended(polled_at, failures, reach):
    assert reach_of(polled_at, failures) is reach
