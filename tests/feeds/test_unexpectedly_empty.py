"""A document without items: a quiet day, or a source that broke."""

import pytest

from monitor.feeds.health import unexpectedly_empty
from monitor.feeds.parsing.parse import ParsedFeed, parse_feed
from tests.feeds.samples import NOW, RSS, feed, rss, state

URL = "https://user:secret@site.example/feed?token=secret"


def read(body: str | bytes) -> ParsedFeed:
    return parse_feed(feed(URL), body.encode() if isinstance(body, str) else body, "", URL, NOW)


@pytest.mark.parametrize(
    ("body", "seen", "failed"), [(rss(), 0, False), (rss(), 12, True), (RSS, 12, False), (RSS, 0, False)]
)
def test_no_items_are_a_failure_where_there_were_some(body, seen, failed):
    failure = unexpectedly_empty(feed(URL), state(items_seen=seen), len(read(body).items))
    assert bool(failure) is failed


def test_the_failure_says_what_was_there_and_where_without_credentials():
    failure = unexpectedly_empty(feed(URL), state(items_seen=12), len(read(rss()).items))
    assert failure is not None
    assert failure.health == "empty"
    assert "https://site.example/feed answers without a single item, where it had 12" in str(failure)
    assert "secret" not in str(failure)
