from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.feeds.profile.observe import PollObservation, doubt, observe, observe_unchanged
from monitor.model import FeedProfile
from tests.conftest import item
from tests.feeds.samples import NOW, feed, state

FEED = feed("https://news.example/feed")
HERE = "https://news.example/feed"


def fresh(count, days_ago=0.0, **more):
    dated = NOW - timedelta(days=days_ago) if days_ago is not None else None
    return tuple(
        item(guid=str(n), url=f"https://news.example/{n}", published_at=dated, **more) for n in range(count)
    )


def known_for_long(**changes):
    usual = FeedProfile(fresh_at=NOW - timedelta(hours=1), arrivals=(1, 2, 1, 2), document_url=HERE)
    polled = NOW - timedelta(minutes=10)
    return state(read_at=polled, polled_at=polled, items_seen=20, profile=replace(usual, **changes))


def signs(before, new, count, document_url=HERE, moved_to=""):
    return observe(
        FEED, before, PollObservation(new=new, count=count, document_url=document_url, moved_to=moved_to), NOW
    ).signs


@pytest.mark.parametrize(
    ("new", "count", "found"),
    [
        (fresh(1), 20, set()),
        (fresh(0), 20, set()),
        (fresh(20), 20, {"gap"}),  # all dated today: we were too slow
        (fresh(20, days_ago=None), 20, {"gap", "burst"}),
        (fresh(16, days_ago=30), 20, {"burst"}),
        (fresh(16), 20, set()),  # a busy day
        (fresh(2), 2, {"gap"}),
    ],
)
def test_what_is_odd_about_a_document(new, count, found):
    assert set(signs(known_for_long(), new, count)) == found


def test_the_first_document_is_odd_in_no_way():
    before = state(good_at=None)
    profile = observe(
        FEED,
        before,
        PollObservation(new=fresh(20, days_ago=90), count=20, document_url="https://cdn.example/x"),
        NOW,
    )
    assert (dict(profile.signs), profile.document_url, profile.fresh_at, profile.arrivals) == (
        {},
        "https://cdn.example/x",
        NOW,
        (),
    )


def test_a_gap_says_between_which_polls_something_may_be_missing():
    assert "since its answer of 2026-11-23 08:50 UTC" in signs(known_for_long(), fresh(20), 20)["gap"]


def test_in_a_burst_only_what_is_dated_since_the_last_poll_interrupts():
    before = known_for_long()
    old, new, undated = fresh(1, days_ago=30)[0], fresh(1)[0], fresh(1, days_ago=None)[0]
    profile = observe(
        FEED, before, PollObservation(new=fresh(16, days_ago=30), count=20, document_url=HERE), NOW
    )
    assert [bool(doubt(FEED, before, profile, each)) for each in (old, new, undated)] == [True, False, True]
    assert "16 of its 20 items were new at once" in doubt(FEED, before, profile, old)


def test_a_burst_does_not_become_what_is_usual():
    profile = observe(
        FEED, known_for_long(), PollObservation(new=fresh(16, days_ago=30), count=20, document_url=HERE), NOW
    )
    assert profile.arrivals == (1, 2, 1, 2)


def test_a_redirect_to_another_site_with_other_items_is_doubted_until_the_old_one_answers():
    before, casino = known_for_long(), "https://casino.example/feed"
    profile = observe(FEED, before, PollObservation(new=fresh(20), count=20, document_url=casino), NOW)
    assert "https://casino.example/feed answers instead" in doubt(FEED, before, profile, fresh(1)[0])
    after = replace(before, profile=profile)
    again = observe(FEED, after, PollObservation(new=(), count=20, document_url=casino), NOW)
    assert "redirected" in again.signs
    assert (
        observe(
            FEED,
            replace(after, profile=again),
            PollObservation(new=fresh(1), count=20, document_url=HERE),
            NOW,
        ).signs
        == {}
    )


def test_another_site_with_the_same_items_is_the_same_feed():
    profile = observe(
        FEED,
        known_for_long(),
        PollObservation(new=fresh(1), count=20, document_url="https://cdn.example/feed"),
        NOW,
    )
    assert (dict(profile.signs), profile.document_url) == ({}, "https://cdn.example/feed")


def test_a_permanent_move_is_reported_once_it_is_proven():
    target, before = "https://new.example/feed", known_for_long()
    for days in (0, 1, 2):
        now = NOW + timedelta(days=days)
        profile = observe(
            FEED, before, PollObservation(new=(), count=20, document_url=target, moved_to=target), now
        )
        before = replace(before, profile=profile)
        assert ("moved" in profile.signs) is (days == 2)
    assert "https://new.example/feed" in profile.signs["moved"]


def test_an_item_about_the_feed_is_reported_until_news_comes_again():
    said = fresh(1, title="This feed has moved", summary="")
    before = replace(
        known_for_long(),
        profile=observe(FEED, known_for_long(), PollObservation(new=said, count=20, document_url=HERE), NOW),
    )
    assert "This feed has moved" in before.profile.signs["notice"]
    before = replace(
        before, profile=observe(FEED, before, PollObservation(new=(), count=20, document_url=HERE), NOW)
    )
    assert "notice" in before.profile.signs
    assert observe(FEED, before, PollObservation(new=fresh(1), count=20, document_url=HERE), NOW).signs == {}


def test_an_item_that_never_stops_changing_is_a_sign():
    profile = observe(
        FEED, known_for_long(), PollObservation(new=(), count=20, document_url=HERE, tickers=2), NOW
    )
    assert profile.signs == {"ticker": "2 of its items changed too often to be judged again"}


def test_a_server_that_lied_once_is_not_believed_again():
    profile = observe(
        FEED,
        known_for_long(),
        PollObservation(new=(), count=20, document_url=HERE, validators_lied=True),
        NOW,
    )
    assert profile.distrusted
    assert observe(
        FEED, state(profile=profile), PollObservation(new=(), count=20, document_url=HERE), NOW
    ).distrusted


def test_a_poll_without_a_document_only_teaches_patience():
    learning = feed(HERE, every=timedelta(minutes=15), slowest=timedelta(hours=12))
    before = FeedProfile(wait_s=1800.0, signs={"gap": "…"})
    assert observe_unchanged(learning, before) == replace(before, wait_s=2400.0)
    longest = replace(before, wait_s=learning.slowest.total_seconds())
    assert observe_unchanged(learning, longest) is longest
