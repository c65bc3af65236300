from datetime import timedelta

import pytest

from monitor.feeds.profile.bursts import dated_since, is_burst, is_recent, with_arrivals
from monitor.model import FeedProfile
from tests.conftest import item
from tests.feeds.samples import NOW

USED_TO = FeedProfile(arrivals=(1, 2, 1, 3, 2, 1, 4, 2))


@pytest.mark.parametrize(
    ("profile", "new", "count", "burst"),
    [
        (USED_TO, 5, 5, False),  # few are never a burst
        (USED_TO, 12, 100, False),
        (USED_TO, 13, 100, True),
        (USED_TO, 7, 10, True),  # most of the document
        (FeedProfile(), 6, 100, True),
        (FeedProfile(arrivals=(20,) * 9), 50, 100, False),
    ],
)
def test_a_burst_is_more_than_the_feed_ever_brings_or_most_of_a_document(profile, new, count, burst):
    assert is_burst(profile, new, count) is burst


def test_only_polls_that_brought_something_are_remembered_and_not_too_many():
    profile = FeedProfile()
    for new in (0, 3, 0, *range(1, 100)):
        profile = FeedProfile(arrivals=with_arrivals(profile, new))
    assert profile.arrivals == tuple(range(50, 100))


def test_dates_count_by_the_day_because_many_have_no_time():
    midnight = NOW.replace(hour=0)
    items = [item(published_at=when) for when in (midnight, NOW, NOW - timedelta(days=1), None)]
    assert [is_recent(each, NOW) for each in items] == [True, True, False, False]
    assert dated_since(items, NOW) == 2
