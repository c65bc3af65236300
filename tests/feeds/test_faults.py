"""The faults of all feeds follow the states that changed."""

from dataclasses import replace
from datetime import UTC, datetime

from monitor.feeds.faults import FeedFaults
from monitor.model import Feed, FeedState, IncidentKind

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def feed(name: str) -> Feed:
    return Feed(name=name, url=f"https://{name}.example/feed", title=name, host=f"{name}.example")


FEEDS = {name: feed(name) for name in ("a", "b")}
GOOD = FeedState(feed="a", next_poll_at=NOW)
GONE = replace(GOOD, health="gone", reason="410", failures=9, version=1)


def faults_of(*states: FeedState) -> FeedFaults:
    faults = FeedFaults()
    faults.known(FEEDS)
    faults.update(FEEDS.keys(), states)
    return faults


def test_a_fault_is_known_until_the_state_changes() -> None:
    faults = faults_of(GONE, replace(GOOD, feed="b"))
    assert list(faults) == [("a", IncidentKind.FAILING, "gone: 410")]
    faults.update(FEEDS.keys(), [])
    assert [name for name, _, _ in faults] == ["a"]
    faults.update(FEEDS.keys(), [replace(GOOD, version=2)])
    assert list(faults) == []


def test_the_versions_that_are_known_need_not_be_read_again() -> None:
    assert faults_of(GONE, replace(GOOD, feed="b")).known(FEEDS) == {"a": 1, "b": 0}


def test_a_feed_that_is_no_longer_enrolled_has_no_fault() -> None:
    faults = faults_of(GONE)
    faults.update({"b"}, [])
    assert list(faults) == []
    assert faults.known(FEEDS) == {}


def test_other_feeds_make_everything_known_anew() -> None:
    faults = faults_of(GONE)
    assert faults.known(dict(FEEDS)) == {}
    assert list(faults) == []
