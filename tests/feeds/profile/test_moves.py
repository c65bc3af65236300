from datetime import timedelta

import pytest

from monitor.feeds.profile.moves import is_other_site, track_move
from monitor.model import FeedProfile, Move
from tests.feeds.samples import NOW

NEW = "https://new.example/feed"


def after(polls):
    """What is remembered after polls (hours later, target, share known)."""
    profile, now = FeedProfile(), NOW
    for hours, target, known in polls:
        now += timedelta(hours=hours)
        profile = FeedProfile(move=track_move(profile, target, known, now))
    return profile.move


@pytest.mark.parametrize(
    ("polls", "proven"),
    [
        ([(0, NEW, 1), (24, NEW, 1), (24, NEW, 0.9)], True),
        ([(0, NEW, 1), (47, NEW, 1)], False),  # two polls
        ([(0, NEW, 1), (1, NEW, 1), (1, NEW, 1)], False),  # two hours
        ([(0, NEW, 0.1), (24, NEW, 1), (24, NEW, 1)], False),  # another feed lives there
        ([(0, NEW, 1), (24, "https://other.example/", 1), (24, NEW, 1)], False),
        ([(0, NEW, 1), (24, NEW, 1), (24, NEW, 1), (24, NEW, 0.2)], True),  # once proven, a busy day is none
    ],
)
def test_a_move_is_believed_after_three_polls_over_two_days_that_show_the_same_feed(polls, proven):
    assert after(polls).proven is proven


def test_an_address_that_answers_itself_again_has_not_moved():
    assert after([(0, NEW, 1), (24, NEW, 1), (24, "", 1)]) is None


def test_it_remembers_since_when():
    assert after([(0, NEW, 1), (5, NEW, 1)]) == Move(NEW, NOW, 2, same_feed=True)


@pytest.mark.parametrize(
    ("asked", "answered", "other"),
    [
        ("http://news.example/feed", "https://www.news.example/rss", False),
        ("https://news.example/feed", "https://casino.example/feed", True),
        ("https://news.example/feed", "https://login.news.example/", True),
        ("https://[broken", "https://news.example/", True),
    ],
)
def test_another_site_is_another_host_but_for_www(asked, answered, other):
    assert is_other_site(asked, answered) is other
