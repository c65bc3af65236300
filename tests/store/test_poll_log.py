"""The log of the latest polls of each feed."""

from dataclasses import replace
from datetime import timedelta

from monitor.errors import FeedHealth
from monitor.model import LoggedPoll
from monitor.store import SqlStore
from monitor.store.poll_log import KEPT_POLLS
from tests.conftest import NOW
from tests.store.builders import feed, outcome, state_of


def poll(feed: str, number: int) -> LoggedPoll:
    at = NOW + timedelta(minutes=number)
    return LoggedPoll(
        feed=feed,
        version=number,
        at=at,
        health=FeedHealth.OK,
        size=4_321,
        items=30,
        news=2,
        took_s=1.25,
    )


def commit(store: SqlStore, *names: str) -> None:
    """Commit a logged poll of each feed, all in one transaction."""
    states = [state_of(store, name) for name in names]
    store.commit([outcome(each, state=each, logged=poll(each.feed, each.version + 1)) for each in states])


def test_polls_are_read_back_newest_first(store: SqlStore) -> None:
    store.enrol([feed("wire"), feed("ofac")], NOW)
    commit(store, "wire", "ofac")
    commit(store, "wire")
    assert store.feed_polls("wire") == (poll("wire", 2), poll("wire", 1))
    assert store.feed_polls("ofac") == (poll("ofac", 1),)
    assert store.feed_polls("nowhere") == ()


def test_a_fault_is_read_back_with_its_reason(store: SqlStore) -> None:
    store.enrol([feed("wire")], NOW)
    failed = replace(poll("wire", 1), health=FeedHealth.DNS, reason="no such host", size=0, items=0, news=0)
    state = state_of(store)
    store.commit([outcome(state, state=state, logged=failed)])
    assert store.feed_polls("wire") == (failed,)


def test_only_the_newest_polls_of_each_feed_are_kept(store: SqlStore) -> None:
    store.enrol([feed("wire"), feed("ofac")], NOW)
    commit(store, "ofac")
    for _ in range(KEPT_POLLS + 3):
        commit(store, "wire")
    versions = [each.version for each in store.feed_polls("wire")]
    assert versions == list(range(KEPT_POLLS + 3, 3, -1))
    assert len(store.feed_polls("ofac")) == 1


def test_a_stale_outcome_leaves_nothing_in_the_log(store: SqlStore) -> None:
    store.enrol([feed("wire")], NOW)
    stale = state_of(store)
    commit(store, "wire")
    store.commit([outcome(stale, state=stale, logged=poll("wire", 9))])
    assert store.feed_polls("wire") == (poll("wire", 1),)
