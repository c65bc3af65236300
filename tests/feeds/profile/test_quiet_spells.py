from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.profile.quiet_spells import quiet_spell, usual_quiet_spell, with_new_item
from monitor.model import FeedProfile
from tests.feeds.samples import NOW


def after(hours_between):
    """What is remembered after arrivals so many hours apart, and when the last one was."""
    profile, now = with_new_item(FeedProfile(), NOW), NOW
    for hours in hours_between:
        now += timedelta(hours=hours)
        profile = with_new_item(profile, now)
    return profile, now


DAYS = [1, 1, 1, 1, 20] * 6  # a working day's items, then a night
WEEKS = [24, 24, 24, 24, 72] * 4  # one item a working day


@pytest.mark.parametrize(
    ("arrivals", "quiet_hours", "silent"),
    [
        (DAYS, 50, False),
        (DAYS, 61, True),
        (WEEKS, 200, False),
        (WEEKS, 217, True),
        ([0.1] * 200, 5, False),  # three days of a wire are too few to know its nights
        ([24, 24], 2000, False),
        ([], 2000, False),
    ],
)
def test_a_feed_is_silent_after_three_times_its_usual_quiet_spell(arrivals, quiet_hours, silent):
    profile, last = after(arrivals)
    assert bool(quiet_spell(profile, last + timedelta(hours=quiet_hours))) is silent


def test_an_outage_of_ours_does_not_change_the_cadence_of_an_hourly_feed():
    profile, _ = after([*DAYS, 24 * 9, *DAYS])
    assert usual_quiet_spell(profile) == timedelta(hours=20)


def test_silence_is_counted_to_the_last_poll_because_nobody_asked_since():
    profile, last = after(DAYS)
    assert quiet_spell(profile, last + timedelta(hours=1)) == ""
    assert quiet_spell(profile, None) == ""


def test_it_says_since_when_and_what_is_usual():
    profile, last = after(DAYS)
    said = quiet_spell(profile, last + timedelta(days=4))
    assert said.startswith(f"nothing new since {last:%Y-%m-%d %H:%M} UTC, 4 days")
    assert said.endswith("usual is 20 hours")


@given(st.lists(st.floats(0, 500), max_size=100))
def test_what_is_remembered_stays_small_and_never_silent_at_an_arrival(arrivals):
    profile, last = after(arrivals)
    assert len(profile.quiet_spells) <= 14
    assert quiet_spell(profile, last) == ""
