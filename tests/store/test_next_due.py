"""When the next feed is due is found by reading few rows, on every database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event

from monitor.store import SqlStore
from tests.conftest import NOW
from tests.store.builders import feed, outcome, state_of

EVERY = timedelta(minutes=10)


def ask_host(store: SqlStore, name: str, host: str, due_at: Any, free_at: Any) -> None:
    """Write that a feed is due then, and its host free then."""
    state = replace(state_of(store, name), next_poll_at=due_at)
    asked = replace(outcome(state), state=state, host=host, host_free_at=free_at)
    assert store.commit([asked]) == (name,)


def test_a_feed_whose_host_is_free_later_is_due_later(store: SqlStore) -> None:
    store.enrol([feed("a", host="a.example"), feed("b", host="b.example")], NOW)
    ask_host(store, "a", "a.example", NOW, NOW + 3 * EVERY)
    ask_host(store, "b", "b.example", NOW + EVERY, NOW)
    assert store.next_due() == NOW + EVERY
    ask_host(store, "b", "b.example", NOW + 5 * EVERY, NOW)
    assert store.next_due() == NOW + 3 * EVERY


def test_only_feeds_due_by_a_time_are_asked_for(store: SqlStore) -> None:
    store.enrol([feed("a", host="a.example"), feed("b", host="b.example")], NOW)
    ask_host(store, "a", "a.example", NOW, NOW + 3 * EVERY)
    ask_host(store, "b", "b.example", NOW + EVERY, NOW)
    assert store.next_due(NOW) == NOW + 3 * EVERY
    assert store.next_due(NOW + EVERY) == NOW + EVERY
    assert store.next_due(NOW - EVERY) is None


def test_a_removed_feed_is_never_due(store: SqlStore) -> None:
    store.enrol([feed("a"), feed("b")], NOW)
    store.enrol([feed("b")], NOW + EVERY)
    assert store.next_due(NOW) == NOW
    store.enrol([], NOW + EVERY)
    assert store.next_due(NOW) is None


def test_neither_idle_feeds_nor_removed_ones_are_read(store: SqlStore) -> None:
    removed = [feed(f"removed{n}", host=f"r{n}.example") for n in range(20)]
    store.enrol(removed, NOW)
    idle = [feed(f"f{n}", host=f"h{n}.example") for n in range(1_000)]
    store.enrol(idle, NOW)
    states = {state.feed: state for state in store.feed_states()}
    later = [replace(states[each.name], next_poll_at=NOW + (n + 1) * EVERY) for n, each in enumerate(idle)]
    store.commit([replace(outcome(s), state=s, host=f"h{s.feed[1:]}.example") for s in later])
    analyze(store)
    with plans(store) as steps:
        assert store.next_due() == NOW + EVERY
        assert store.next_due(NOW) is None
        assert store.due_shards(NOW) == ()
    assert len([step for step in steps if "feeds_next" in step]) == len(steps) > 3


def test_enrolling_the_same_feeds_writes_none_of_them(store: SqlStore) -> None:
    feeds = [feed(f"f{n}") for n in range(3)]
    store.enrol(feeds, NOW)
    with statements(store) as written:
        store.enrol(feeds, NOW + EVERY)
    assert not [each for each in written if each.startswith(("UPDATE feeds", "INSERT INTO feeds"))]


def test_only_the_feeds_that_changed_are_written(store: SqlStore) -> None:
    store.enrol([feed("same"), feed("moved"), feed("gone")], NOW)
    before = {state.feed: state.version for state in store.feed_states()}
    moved = replace(feed("moved"), url="https://elsewhere.example/feed")
    store.enrol([feed("same"), moved, feed("fresh")], NOW + EVERY)
    after = {state.feed: state.version for state in store.feed_states()}
    assert after == {"fresh": 0, "moved": before["moved"] + 1, "same": before["same"]}
    store.enrol([feed("same"), moved, feed("fresh"), feed("gone")], NOW + 2 * EVERY)
    assert {state.feed: state.version for state in store.feed_states()} == after | {"gone": before["gone"]}


def analyze(store: SqlStore) -> None:
    with store.database.write_transaction() as connection:
        connection.exec_driver_sql("ANALYZE")


@contextmanager
def statements(store: SqlStore) -> Iterator[list[str]]:
    """Collect the statements of a store."""
    with listening(store, lambda connection, statement, parameters: [statement]) as found:
        yield found


@contextmanager
def plans(store: SqlStore) -> Iterator[list[str]]:
    """Collect the steps that read feeds by which the database executes each statement."""

    def explain(connection: Connection, statement: str, parameters: Any) -> list[str]:
        driver = connection.connection.driver_connection
        assert driver
        how = "EXPLAIN QUERY PLAN" if store.database.path else "EXPLAIN"
        rows = driver.execute(f"{how} {statement}", parameters).fetchall()
        return [row[-1] for row in rows if " feeds " in row[-1]]

    with listening(store, explain) as steps:
        yield steps


@contextmanager
def listening(store: SqlStore, collect: Any) -> Iterator[list[str]]:
    found: list[str] = []

    def note(connection: Connection, cursor: object, statement: str, parameters: Any, *_: object) -> None:
        found.extend(collect(connection, statement, parameters))

    event.listen(store.database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(store.database.engine, "before_cursor_execute", note)
