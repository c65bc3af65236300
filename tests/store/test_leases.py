"""Leases are given back, and the next delivery is found in an index, on every database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from monitor.model import AttemptPhase, Delivery, DeliveryState, Storm
from monitor.store import SqlStore
from tests.conftest import NOW, delivery

SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)
LATEST = NOW + timedelta(hours=2)
SINCE = NOW - timedelta(minutes=10)


def add(store: SqlStore, *ids: str, **changes: Any) -> None:
    store.add_deliveries([delivery(id=id, **changes) for id in ids])


def state_of(store: SqlStore, id: str) -> tuple[str, object, int]:
    found = store.delivery(id)
    assert found
    return found[0].state, found[0].due_at, found[0].attempts


def ids(deliveries: tuple[Delivery, ...]) -> list[str]:
    return [each.id for each in deliveries]


def test_a_process_gives_back_its_own_leases_and_no_others(store: SqlStore, other: SqlStore) -> None:
    add(store, "mine", "theirs")
    store.lease("desk", NOW, LATER)
    other.lease("desk", NOW, LATER)
    assert store.release(SOON, LATER) == 1
    assert state_of(store, "mine") == ("owed", SOON, 1)
    assert state_of(store, "theirs") == ("leased", NOW, 0)
    assert ids(store.lease("desk", SOON, LATER)) == ["mine"]


def test_a_lease_in_flight_is_not_given_back(store: SqlStore) -> None:
    add(store, "flies", "fell")
    store.lease("desk", NOW, LATER, limit=2)
    assert store.release(SOON, LATER, in_flight=["flies"]) == 1
    assert state_of(store, "flies")[0] == "leased"
    assert state_of(store, "fell")[0] == "owed"


def test_a_lease_given_back_is_uncertain_if_the_message_was_leaving(store: SqlStore) -> None:
    add(store, "mail", channel="mail")
    add(store, "hook", channel="hook")
    for channel in ("mail", "hook"):
        (taken,) = store.lease(channel, NOW, LATER)
        store.record_phase(taken, AttemptPhase.DATA)
    assert store.release(SOON, LATER, ["hook"]) == 2
    assert state_of(store, "mail") == ("uncertain", LATER, 1)
    assert state_of(store, "hook") == ("owed", SOON, 1)


def test_a_lease_that_has_ended_is_not_given_back(store: SqlStore) -> None:
    add(store, "sent", "later")
    first, second = store.lease("desk", NOW, LATER, limit=2)
    store.close_delivery(first, NOW, state=DeliveryState.SENT)
    store.postpone(second.later(LATER, "busy"), NOW)
    assert store.release(SOON, LATER) == 0
    assert (state_of(store, "sent")[0], state_of(store, "later")[0]) == ("sent", "owed")


def test_alerts_beyond_the_limit_of_the_next_recipient_are_found(store: SqlStore) -> None:
    add(store, "1", "2", "3", "4", recipient="a")
    assert store.over_limit("desk", SINCE, NOW, 4) == ()
    assert ids(store.over_limit("desk", SINCE, NOW, 2)) == ["3", "4"]
    (taken,) = store.lease("desk", NOW, LATER)
    assert ids(store.over_limit("desk", SINCE, NOW, 2)) == ["3", "4"]
    store.close_delivery(taken, NOW, state=DeliveryState.SENT)
    assert ids(store.over_limit("desk", SINCE, NOW, 2)) == ["3", "4"]
    assert ids(store.over_limit("desk", NOW + timedelta(seconds=1), NOW, 2)) == ["4"]


def test_each_recipient_has_a_limit_of_their_own(store: SqlStore) -> None:
    add(store, "1", "2", "3", recipient="a")
    add(store, "4", "5", "6", recipient="b")
    assert ids(store.over_limit("desk", SINCE, NOW, 2)) == ["3"]
    assert ids(store.over_limit("desk", SINCE, NOW, 2, busy=["a"])) == ["6"]
    assert store.over_limit("desk", SINCE, NOW, 2, busy=["a", "b"]) == ()


def test_the_gravest_alerts_and_other_messages_are_within_every_limit(store: SqlStore) -> None:
    add(store, "1", "2", recipient="a", severity=5)
    assert store.over_limit("desk", SINCE, NOW, 1) == ()
    store.discard("1", NOW, "no")
    store.discard("2", NOW, "no")
    add(store, "3", "4", recipient="a", kind="digest")
    assert store.over_limit("desk", SINCE, NOW, 1) == ()


def test_a_summary_that_is_not_written_yet_takes_further_alerts(store: SqlStore) -> None:
    add(store, "1", "2", recipient="a")
    add(store, "3", recipient="b")
    assert store.open_summary("desk", "a", SINCE) == ""
    store.suppress({"1": "sum-a", "3": "sum-b", "2": ""}, NOW, "too many")
    assert store.open_summary("desk", "a", SINCE) == "sum-a"
    assert store.open_summary("desk", "b", SINCE) == "sum-b"
    assert store.open_summary("hook", "a", SINCE) == ""
    assert store.open_summary("desk", "a", SOON) == ""
    storms = Storm("sum-a", "desk", "a", NOW), Storm("sum-b", "desk", "b", NOW)
    assert store.open_storms(SINCE) == storms
    assert store.open_storms(SOON) == ()
    assert store.storm_alerts("sum-a") == (delivery(id="1").ref,)
    add(store, "sum-a", recipient="a", kind="storm")
    assert store.open_summary("desk", "a", SINCE) == ""
    assert store.open_storms(SINCE) == storms[1:]
    assert store.storm_alerts("sum-a") == ()


def test_alerts_that_are_not_due_do_not_count(store: SqlStore) -> None:
    add(store, "now", recipient="a")
    add(store, "later", recipient="a", due_at=LATER)
    assert store.over_limit("desk", SINCE, NOW, 1) == ()
    assert ids(store.over_limit("desk", SINCE, LATER, 1)) == ["later"]


def test_the_oldest_of_all_states_is_leased_first(store: SqlStore) -> None:
    add(store, "owed", due_at=NOW + timedelta(minutes=2))
    add(store, "lost", due_at=NOW - timedelta(minutes=2))
    store.lease("desk", NOW - timedelta(minutes=1), SOON)
    store.add_deliveries([replace(delivery(id="unsure", due_at=NOW), state=DeliveryState.UNCERTAIN)])
    assert ids(store.lease("desk", LATER, LATEST, limit=2)) == ["lost", "unsure"]
    assert ids(store.lease("desk", LATER, LATEST, limit=2)) == ["owed"]


@contextmanager
def plans_of(store: SqlStore) -> Iterator[list[str]]:
    """Collect how SQLite executes each query of deliveries within the block."""
    plans: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "deliveries" in statement and statement.startswith(("SELECT", "WITH")):
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            plans.extend(row[3] for row in rows)

    event.listen(store.database.engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(store.database.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_what_is_next_is_found_without_reading_what_is_owed(store: SqlStore, kind: str) -> None:
    add(store, *(f"d{number}" for number in range(50)))
    with plans_of(store) as plans:
        store.owed_channels(NOW)
        store.over_limit("desk", SINCE, NOW, 1)
        store.lease("desk", NOW, LATER)
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN deliveries") or "TEMP B-TREE" in plan] == []
    assert any("deliveries_next" in plan for plan in plans)
