from datetime import timedelta

import pytest

from monitor.feeds.health import feed_faults
from monitor.model import FeedProfile, QuietSpell, Tier
from tests.feeds.samples import NOW, feed, state

DAILY = tuple(QuietSpell(f"2026-11-{day:02}", 86_400.0) for day in range(10, 20))


def kinds(tier=Tier.WIRE, every=timedelta(minutes=10), **changes):
    changes = {"polled_at": NOW, "health": "ok"} | changes
    asked = feed("https://e.example", tier=tier, every=every)
    return [kind for kind, _ in feed_faults(asked, state(**changes))]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"failures": 5, "health": "timeout"}, []),
        ({"failures": 6, "health": "timeout"}, ["failing"]),
        ({"failures": 1, "health": "http", "tier": Tier.OFFICIAL}, []),
        ({"failures": 2, "health": "http", "tier": Tier.OFFICIAL}, ["failing"]),
        ({"failures": 1, "health": "gone"}, ["failing"]),
        ({"failures": 1, "health": "parser_killed"}, ["failing"]),
        ({"failures": 1, "health": "http", "good_at": NOW - timedelta(hours=23)}, []),
        ({"failures": 2, "health": "http", "every": timedelta(hours=3)}, ["failing"]),
        ({"failures": 3, "health": "http", "good_at": None}, []),
        ({"profile": FeedProfile(fresh_at=NOW - timedelta(days=4), quiet_spells=DAILY)}, ["silent"]),
        ({"profile": FeedProfile(fresh_at=NOW - timedelta(days=2), quiet_spells=DAILY)}, []),
        ({"profile": FeedProfile(signs={"gap": "…", "burst": "…"})}, ["gap", "burst"]),
    ],
)
def test_each_fault_of_a_feed_gives_its_incident(changes, found):
    assert kinds(**changes) == found


def test_a_feed_that_fails_is_not_called_silent_too():
    profile = FeedProfile(fresh_at=NOW - timedelta(days=9), quiet_spells=DAILY)
    assert kinds(failures=9, health="dns", profile=profile) == ["failing"]


def test_the_reason_names_the_health_and_what_was_said():
    failing = state(failures=9, health="blocked", reason="answers HTTP 403", polled_at=NOW)
    assert list(feed_faults(feed("https://e.example"), failing)) == [("failing", "blocked: answers HTTP 403")]
