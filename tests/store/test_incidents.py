"""Incidents open once, close once, and are stored together with their deliveries."""

from dataclasses import replace
from datetime import timedelta

from monitor.model import ContentProfile, FeedProfile, Incident, PollOutcome
from monitor.store import SqlStore
from tests.conftest import NOW, delivery
from tests.store.builders import feed, state_of

GAP = Incident("wire", "gap", "none of its 20 items was there", NOW)
OFFLINE = Incident("", "offline", "no host answers", NOW + timedelta(hours=1))


def test_an_incident_stays_open_until_it_is_closed(store: SqlStore) -> None:
    store.report((GAP, OFFLINE), (), ())
    assert store.open_incidents() == (GAP, OFFLINE)
    over = replace(GAP, closed_at=NOW + timedelta(hours=2))
    store.report((), (over,), ())
    assert store.open_incidents() == (OFFLINE,)
    assert store.incidents(NOW) == (OFFLINE, over)


def test_reporting_twice_writes_once_and_owes_once(store: SqlStore) -> None:
    owed = delivery(kind="health", ref="r1")
    for _ in range(2):
        store.report((GAP,), (), (owed,))
    assert store.open_incidents() == (GAP,)
    assert [each.id for each in store.deliveries()] == [owed.id]


def test_what_is_over_may_happen_again(store: SqlStore) -> None:
    again = replace(GAP, opened_at=NOW + timedelta(days=1))
    store.report((GAP,), (), ())
    store.report((), (replace(GAP, closed_at=NOW + timedelta(hours=1)),), ())
    store.report((again,), (), ())
    assert store.open_incidents() == (again,)


def test_what_was_over_before_is_not_shown(store: SqlStore) -> None:
    store.report((GAP,), (), ())
    store.report((), (replace(GAP, closed_at=NOW + timedelta(hours=1)),), ())
    assert store.incidents(NOW + timedelta(hours=2)) == ()


def test_accepting_a_feed_makes_what_it_is_lately_usual_and_asks_it_again(store: SqlStore) -> None:
    store.enrol([feed("wire")], NOW)
    state = state_of(store, "wire")
    lately = ContentProfile(5.0, {"new.example": 5.0}, {"words": 5.0})
    profile = FeedProfile(
        identity="link", document_url="https://old.example", lately=lately, signs={"drift": "…"}
    )
    later = NOW + timedelta(days=1)
    store.commit(
        [
            PollOutcome(
                state=replace(state, profile=profile, next_poll_at=later),
                host="wire.example",
                host_free_at=NOW,
            )
        ]
    )
    overdue_deliveries = state_of(store, "wire")
    assert overdue_deliveries.profile == profile
    assert store.accept("wire", NOW)
    accepted = state_of(store, "wire")
    assert accepted.profile == FeedProfile(identity="link", usual=lately, lately=lately)
    assert accepted.next_poll_at == NOW
    assert store.commit([PollOutcome(state=overdue_deliveries, host="wire.example", host_free_at=NOW)]) == ()
    assert not store.accept("nobody", NOW)


def test_a_feed_at_another_address_is_learned_anew(store: SqlStore) -> None:
    store.enrol([feed("wire")], NOW)
    learned = replace(state_of(store, "wire"), read_at=NOW, profile=FeedProfile(wait_s=900.0))
    store.commit([PollOutcome(state=learned, host="wire.example", host_free_at=NOW)])
    store.enrol([replace(feed("wire"), url="https://elsewhere.example/feed")], NOW)
    state = state_of(store, "wire")
    assert (state.profile, state.read_at) == (FeedProfile(), None)
