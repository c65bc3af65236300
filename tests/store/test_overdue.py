"""Overdue and stranded deliveries are found by index on every database, whatever the outbox holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from monitor.executor import Executor
from monitor.jobs.outgoing import Outgoing
from monitor.jobs.overdue import OverdueJob
from monitor.model import ChannelTarget, Delivery, DeliveryState, MessageForm
from monitor.store import SqlStore, open_store
from tests.conftest import NOW, FakeClock, delivery
from tests.support.policies import job_context

BEFORE = NOW - timedelta(hours=6)
OLD = BEFORE - timedelta(hours=1)
STEPS = 100  # of SQLite's virtual machine


def add(store: SqlStore, *ids: str, **changes: Any) -> None:
    store.add_deliveries([replace(delivery(id=id), **changes) for id in ids])


def overdue(store: SqlStore) -> list[str]:
    return [each.id for each in store.overdue_deliveries(BEFORE, BEFORE)]


def test_what_is_owed_for_longer_is_overdue_and_what_was_deferred_counts_from_then(store: SqlStore) -> None:
    add(store, "old", created_at=OLD, due_at=OLD)
    add(store, "tried", created_at=OLD, due_at=NOW, attempts=3)
    add(store, "deferred", created_at=OLD, due_at=NOW)
    add(store, "new")
    add(store, "digest", created_at=OLD, due_at=OLD, kind="digest")
    add(store, "report", created_at=OLD, due_at=OLD, kind="health")
    add(store, "uncovered", created_at=NOW, state=DeliveryState.EXPIRED)
    add(store, "covered", created_at=OLD, state=DeliveryState.EXPIRED, covered_by="d1")
    assert overdue(store) == ["old", "tried", "digest", "uncovered"]


def test_a_channel_without_a_configuration_is_found_with_what_it_is_owed(store: SqlStore) -> None:
    add(store, "1", "2", channel="gone", created_at=OLD)
    add(store, "3", channel="gone", state=DeliveryState.UNCERTAIN)
    add(store, "4", channel="left", state=DeliveryState.DEAD)
    add(store, "5", "6")
    assert store.unconfigured(["desk"]) == {"gone": 3}
    assert store.unconfigured(["desk", "gone"]) == {}
    assert store.unconfigured([]) == {"desk": 2, "gone": 3}
    add(store, "7", channel="gone")
    assert store.abandon("gone", BEFORE, NOW, "no such channel") == 2
    found = {each.id: each.state for each in store.deliveries(limit=100)}
    assert [found[id] for id in "1237"] == ["dead", "dead", "uncertain", "owed"]


def test_only_states_that_need_a_check_are_reported(store: SqlStore) -> None:
    add(store, "sent", state=DeliveryState.SENT)
    add(store, "covered", state=DeliveryState.EXPIRED, covered_by="d1")
    add(store, "storm", kind="storm", state=DeliveryState.SENT)
    add(store, "summarised", "gathered")
    store.suppress({"summarised": "storm"}, NOW, "too many")
    assert store.states_to_check(OLD) == {DeliveryState.OWED}
    store.suppress({"gathered": "unwritten"}, NOW, "too many")
    assert store.states_to_check(OLD) == {DeliveryState.SUPPRESSED}
    assert store.states_to_check(NOW + timedelta.resolution) == frozenset()
    add(store, "doubt", state=DeliveryState.UNCERTAIN)
    add(store, "dead", state=DeliveryState.DEAD)
    add(store, "uncovered", state=DeliveryState.EXPIRED)
    assert store.states_to_check(OLD) == set(DeliveryState) - {
        DeliveryState.OWED, DeliveryState.LEASED, DeliveryState.SENT, DeliveryState.DISCARDED
    }  # fmt: skip


def history(count: int) -> Iterator[Delivery]:
    """Yield so many deliveries of each state in which an outbox grows long."""
    for n in range(count):
        yield replace(delivery(id=f"owed{n}"), recipient=f"r{n % 9}")
        yield replace(delivery(id=f"tried{n}"), attempts=1, due_at=NOW + timedelta(hours=1))
        yield replace(delivery(id=f"sent{n}"), state=DeliveryState.SENT)
        yield replace(delivery(id=f"expired{n}"), state=DeliveryState.EXPIRED, covered_by="digest")
        yield replace(delivery(id=f"storm{n}"), kind="storm", state=DeliveryState.SENT)
        yield replace(delivery(id=f"dead{n}"), state=DeliveryState.DEAD)
        yield replace(delivery(id=f"many{n}"))


@contextmanager
def counted(store: SqlStore) -> Iterator[list[str]]:
    """Collect the statements within the block, and one "work" for each 100 steps that SQLite takes."""
    seen: list[str] = []

    def work() -> int:
        seen.append("work")
        return 0

    def watch(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        cursor.connection.set_progress_handler(work, STEPS)
        seen.append(statement)

    event.listen(store.database.engine, "before_cursor_execute", watch)
    try:
        yield seen
    finally:
        event.remove(store.database.engine, "before_cursor_execute", watch)


async def cost(folder: Path, count: int, clock: FakeClock) -> tuple[int, int]:
    """Return how many statements a run of the job takes, and how much work, with a history of this length."""
    store, db = open_store(folder / f"{count}.db", lock=False), Executor("store")
    try:
        store.add_deliveries(list(history(count)))
        covered_by = {f"many{n}": f"storm{n}" for n in range(count)}
        store.suppress(covered_by, NOW - timedelta(days=1), "too many")
        desk = ChannelTarget("desk", MessageForm.MAIL)
        context = job_context(store, db, clock, channel_targets={"desk": desk})
        job = OverdueJob(context, Outgoing(context))
        assert await job.run() == 0
        with counted(store) as seen:
            assert await job.run() == 0
        return len(seen) - seen.count("work"), seen.count("work")
    finally:
        db.close()
        store.close()


async def test_a_run_of_the_job_costs_the_same_however_long_the_outbox_is(
    tmp_path: Path, clock: FakeClock
) -> None:
    statements, work = await cost(tmp_path, 30, clock)
    many_statements, much_work = await cost(tmp_path, 1_000, clock)
    assert many_statements == statements <= 20
    assert much_work <= work + 2
