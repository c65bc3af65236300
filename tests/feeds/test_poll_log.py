"""Which polls the log of a feed keeps."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import FeedHealth
from monitor.feeds.poll_log import poll_to_log
from monitor.model import FeedState
from tests.conftest import NOW

STATE = FeedState(feed="wire", next_poll_at=NOW, version=7)

#: The health and reason before, those after, the news, and whether the poll is logged.
CASES = [
    ("new", "", "not_modified", "", 0, False),
    ("ok", "", "not_modified", "", 0, False),
    ("not_modified", "", "ok", "", 0, False),
    ("ok", "", "ok", "", 1, True),
    ("ok", "", "http", "HTTP 500", 0, True),
    ("http", "HTTP 500", "http", "HTTP 500", 0, False),
    ("http", "HTTP 500", "http", "HTTP 502", 0, True),
    ("http", "HTTP 500", "not_modified", "", 0, True),
    ("ok", "", "empty", "", 0, True),
    ("partial", "broke off", "partial", "broke off", 0, False),
    ("partial", "broke off", "partial", "broke off", 3, True),
]


@pytest.mark.parametrize(("health", "reason", "then", "why", "news", "is_logged"), CASES)
def test_a_poll_is_logged_for_its_news_or_for_another_answer(
    health: str, reason: str, then: str, why: str, news: int, is_logged: bool
) -> None:
    before = replace(STATE, health=FeedHealth(health), reason=reason)
    after = replace(STATE, health=FeedHealth(then), reason=why, polled_at=NOW)
    logged = poll_to_log(before, after, NOW, news=news)
    assert (logged is not None) is is_logged
    assert logged is None or (logged.health, logged.reason, logged.news) == (then, why, news)


def test_an_entry_has_the_version_that_is_written_and_the_time_that_the_poll_took() -> None:
    after = replace(STATE, health=FeedHealth.OK, polled_at=NOW + timedelta(seconds=1.5), items_seen=30)
    logged = poll_to_log(STATE, after, NOW, size=900, news=2)
    assert logged
    assert (logged.version, logged.took_s, logged.size, logged.items) == (8, 1.5, 900, 30)


def test_a_clock_that_was_set_back_makes_no_negative_time() -> None:
    after = replace(STATE, health=FeedHealth.OK, polled_at=NOW - timedelta(hours=1))
    logged = poll_to_log(STATE, after, NOW, news=1)
    assert logged
    assert logged.took_s == 0
