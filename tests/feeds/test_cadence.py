from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import FeedError
from monitor.feeds.cadence import LONGEST, LONGEST_OFFICIAL, forced, next_poll
from monitor.model import Tier
from tests.feeds.samples import NOW, feed, state

EVERY = timedelta(minutes=10)


def wait(failures=0, health="", asked=None, tier=Tier.WIRE, every=EVERY, seed=1):
    error = FeedError("…", health, asked) if health else None
    return (
        next_poll(NOW, feed("https://e.example", every=every, tier=tier), Random(seed), failures, error) - NOW
    )


@given(st.integers())
def test_a_good_poll_is_followed_by_the_interval_give_or_take_a_tenth(seed):
    assert EVERY * 0.9 <= wait(seed=seed) <= EVERY * 1.1


def test_feeds_do_not_march_in_step():
    assert len({wait(seed=seed) for seed in range(20)}) == 20


@pytest.mark.parametrize(
    ("health", "weight"), [("gone", 1), ("html", 1), ("http", 0.5), ("timeout", 0.5), ("dns", 0.25)]
)
def test_failures_lengthen_the_interval_in_proportion_to_their_class(health, weight):
    for failures in (1, 4, 20):
        planned = EVERY * (1 + weight * failures)
        assert planned * 0.9 <= wait(failures, health) <= planned * 1.1


@given(st.integers(1, 10**9), st.integers())
def test_no_number_of_failures_switches_a_feed_off(failures, seed):
    assert wait(failures, "gone", seed=seed) <= LONGEST
    assert wait(failures, "gone", tier=Tier.OFFICIAL, seed=seed) <= LONGEST_OFFICIAL


@given(st.integers(0, 200), st.sampled_from(["gone", "http", "dns"]))
def test_one_more_failure_never_shortens_the_wait(failures, health):
    assert wait(failures, health) <= wait(failures + 1, health)


def test_an_interval_longer_than_the_bound_stays():
    assert wait(3, "gone", every=timedelta(days=7)) >= timedelta(days=7) * 0.9


@pytest.mark.parametrize(
    ("asked", "tier", "least"),
    [
        (timedelta(hours=3), Tier.WIRE, timedelta(hours=3)),
        (timedelta(days=30), Tier.WIRE, timedelta(days=1)),
        (timedelta(hours=20), Tier.OFFICIAL, timedelta(hours=2)),
    ],
)
def test_a_server_is_given_the_time_it_asks_for_within_reason(asked, tier, least):
    assert wait(1, "throttled", asked, tier) == least


def test_a_server_that_asks_for_less_than_planned_changes_nothing():
    assert wait(1, "throttled", timedelta(seconds=-5)) == wait(1, "throttled")


def test_once_a_day_content_must_be_proved_without_validators():
    assert forced(state(good_at=None), NOW)
    assert forced(state(good_at=NOW - timedelta(hours=24)), NOW)
    assert not forced(state(good_at=NOW - timedelta(hours=23)), NOW)
