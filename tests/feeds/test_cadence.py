from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import FeedError
from monitor.feeds.cadence import (
    MAX_INTERVAL,
    MAX_INTERVAL_OFFICIAL,
    adapted_wait,
    is_unconditional,
    next_poll,
    next_retry,
    tier_interval,
)
from monitor.model import FeedProfile, Tier
from tests.feeds.samples import NOW, feed, state

EVERY = timedelta(minutes=10)


def wait(failures=0, health="", asked=None, tier=Tier.WIRE, every=EVERY, seed=1):
    asked_feed, random = feed("https://e.example", every=every, tier=tier), Random(seed)
    if not health:
        return next_poll(NOW, asked_feed, random) - NOW
    return next_retry(NOW, asked_feed, random, failures, FeedError("…", health, asked)) - NOW


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
    assert wait(failures, "gone", seed=seed) <= MAX_INTERVAL
    assert wait(failures, "gone", tier=Tier.OFFICIAL, seed=seed) <= MAX_INTERVAL_OFFICIAL


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
    assert is_unconditional(state(good_at=None), NOW)
    assert is_unconditional(state(good_at=NOW - timedelta(hours=24)), NOW)
    assert not is_unconditional(state(good_at=NOW - timedelta(hours=23)), NOW)


def test_after_a_failure_and_once_a_server_lied_no_validators_are_sent():
    assert is_unconditional(state(failures=1), NOW)
    assert is_unconditional(state(profile=FeedProfile(distrusted=True)), NOW)
    assert not is_unconditional(state(), NOW)


@pytest.mark.parametrize(
    ("tier", "hint", "most"),
    [
        (Tier.OFFICIAL, timedelta(days=365), timedelta(minutes=15)),
        (Tier.WIRE, timedelta(days=365), timedelta(hours=1)),
        (Tier.REGIONAL, timedelta(days=365), timedelta(hours=2)),
        (Tier.WIRE, timedelta(minutes=30), timedelta(minutes=30)),
        (Tier.WIRE, timedelta(seconds=1), EVERY),
    ],
)
def test_what_an_answer_says_of_its_freshness_is_believed_within_the_tiers_bounds(tier, hint, most):
    asked = feed("https://e.example", every=EVERY, tier=tier)
    waited = next_poll(NOW, asked, Random(1), hint=hint) - NOW
    assert most * 0.9 <= waited <= most * 1.1


LEARNING = feed("https://e.example", every=timedelta(minutes=15), slowest=timedelta(hours=12))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50))))
def test_a_learned_interval_stays_within_its_bounds_whatever_comes(polls):
    wait = 0.0
    for new, known in polls:
        wait = adapted_wait(LEARNING, wait, new, new + known)
        assert 15 * 60 <= wait <= 12 * 3600


def test_a_quiet_feed_is_asked_less_often_a_busy_one_more_and_one_that_outran_us_as_often_as_allowed():
    quiet = busy = 3600.0
    for _ in range(3):
        quiet, busy = adapted_wait(LEARNING, quiet, 0, 20), adapted_wait(LEARNING, busy, 12, 20)
    assert (quiet, busy) == (3600 + 3 * 600, 900)
    assert adapted_wait(LEARNING, 43_200, 3, 20) == 43_200
    assert adapted_wait(LEARNING, 43_200, 20, 20) == 900


def test_an_interval_that_the_operator_wrote_is_not_learned():
    assert adapted_wait(feed("https://e.example"), 0.0, 20, 20) == 0.0


def test_official_sources_are_asked_most_often_and_unknown_ones_as_they_deserve():
    assert [tier_interval(tier).every for tier in (Tier.OFFICIAL, Tier.WIRE, Tier.REGIONAL)] == [
        timedelta(minutes=minutes) for minutes in (5, 10, 15)
    ]
    assert tier_interval(Tier.AGGREGATOR).slowest == timedelta(hours=12)
