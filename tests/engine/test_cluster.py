"""What an engine promises, shown on that of a cluster: two engines share a queue on a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg
import pytest
from structlog.testing import capture_logs

from monitor.engine.cluster import ClusterEngine
from monitor.engine.queue_schema import prepare_queue
from monitor.errors import StoreError
from monitor.model import Lane
from monitor.store import open_store
from tests.store.postgres import Databases, own_server, postgres


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A database with our tables and those of the queue."""
    with postgres() as server:
        url = Databases(server).create()
        open_store(url, lock=False).close()
        prepare_queue(url)
        yield url


@pytest.fixture(autouse=True)
def empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def engine(url: str, *, leads: bool = True, lease_s: float = 30.0, grace_s: float = 30.0) -> ClusterEngine:
    return ClusterEngine(url, lease=timedelta(seconds=lease_s), leads=lambda: leads, grace_s=grace_s)


@asynccontextmanager
async def running(*engines: ClusterEngine) -> AsyncIterator[None]:
    """The engines at work; stopped when the block ends."""
    ready = asyncio.Queue[None]()

    async def tick() -> None:
        ready.put_nowait(None)

    for each in engines:
        each.every(3600, tick, "ready", everywhere=True)
    work = [asyncio.create_task(each.run()) for each in engines]
    for _ in engines:
        await ready.get()
    try:
        yield
    finally:
        await asyncio.gather(*(each.stop() for each in engines))
        await asyncio.gather(*work)


@dataclass
class Gate:
    """A handler that says which keys begin, and lets them end once it is open."""

    begun: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    done: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    now: int = 0
    most: int = 0

    async def __call__(self, key: str) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        self.begun.put_nowait(key)
        await self.open.wait()
        self.now -= 1
        self.done.put_nowait(key)


def jobs(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT queueing_lock, status::text FROM procrastinate_jobs ORDER BY 1, 2")
        return [(lock, status) for lock, status in rows]


async def test_one_run_and_one_queued_come_of_any_number_of_kicks_of_all_processes(url: str) -> None:
    gate, first, second = Gate(), engine(url), engine(url)
    for each in (first, second):
        each.handler("poll", gate, max_concurrent=4)
    async with running(first, second):
        await asyncio.gather(*(each.kick([("poll", "7")]) for each in (first, second, first)))
        await gate.begun.get()
        for each in (first, second) * 3:
            await each.kick([("poll", "7")])
        assert jobs(url) == [("poll:7", "doing"), ("poll:7", "todo")]
        lanes = [each.lanes() for each in (first, second)]
        assert sorted(len(lane.runs) for (lane,) in lanes) == [0, 1]
        assert [run.key for (lane,) in lanes for run in lane.runs] == ["7"]
        gate.open.set()
        assert [await gate.done.get() for _ in range(2)] == ["7", "7"]
    assert (gate.most, gate.done.qsize(), jobs(url)) == (1, 0, [])
    assert first.lanes() == (Lane("poll", 4),)


async def test_kicks_of_one_moment_of_which_some_are_queued_are_all_run(url: str) -> None:
    gate, one = Gate(), engine(url)
    one.handler("poll", gate, max_concurrent=1)
    async with running(one):
        await one.kick([("poll", "1")])
        await gate.begun.get()
        await one.kick([("poll", "2")])
        await one.kick([("poll", "1"), ("poll", "2"), ("poll", "3")])
        gate.open.set()
        assert sorted([await gate.done.get() for _ in range(4)]) == ["1", "1", "2", "3"]
    assert gate.most == 1


async def test_a_blocked_lane_does_not_delay_another(url: str) -> None:
    polls, sends, one = Gate(), Gate(), engine(url)
    one.handler("poll", polls, max_concurrent=2)
    one.handler("deliver", sends, max_concurrent=1)
    sends.open.set()
    async with running(one):
        await one.kick([("poll", str(shard)) for shard in range(9)])
        await one.kick([("deliver", "desk"), ("deliver", "hook")])
        assert sorted([await sends.done.get() for _ in range(2)]) == ["desk", "hook"]
        assert len([await polls.begun.get() for _ in range(2)]) == 2
        assert (polls.done.qsize(), polls.most) == (0, 2)
        polls.open.set()
        assert len({await polls.done.get() for _ in range(9)}) == 9


async def test_a_run_that_fails_is_logged_and_stops_nothing(url: str) -> None:
    ended, one = asyncio.Queue[str](), engine(url)

    async def handler(key: str) -> None:
        ended.put_nowait(key)
        if key == "bad":
            raise ValueError("no such shard")

    one.handler("poll", handler, max_concurrent=1)
    with capture_logs() as logs:
        async with running(one):
            await one.kick([("poll", "bad"), ("poll", "good")])
            assert [await ended.get() for _ in range(2)] == ["bad", "good"]
    assert [(log["event"], log["kind"], log["key"]) for log in logs] == [("engine_run_failed", "poll", "bad")]


# ---------------------------------------------------------------- ticks


async def test_the_process_that_leads_ticks_and_each_ticks_for_itself(url: str) -> None:
    ticks = asyncio.Queue[str]()
    engines = {"leads": engine(url), "follows": engine(url, leads=False)}
    for name, each in engines.items():

        async def fleet(name: str = name) -> None:
            ticks.put_nowait(f"fleet {name}")

        async def own(name: str = name) -> None:
            ticks.put_nowait(f"own {name}")

        each.every(3600, fleet, "fleet")
        each.every(3600, own, "own", everywhere=True)
    async with running(*engines.values()):
        found = {await ticks.get() for _ in range(3)}
    assert found == {"fleet leads", "own leads", "own follows"}
    assert ticks.empty()


# ---------------------------------------------------------------- lost processes


def lose(url: str, *locks: str) -> None:
    """Write runs of a process that has sent no heartbeat for an hour."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        ).fetchone()
        assert row
        for lock in locks:
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
                " VALUES ('poll', 'poll', %s, %s, jsonb_build_object('key', split_part(%s, ':', 2)), 'doing', %s)",
                (lock, lock, lock, row[0]),
            )


def queue(url: str, lock: str) -> None:
    """Write a kick that no process has begun to run."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)"
            " VALUES ('poll', 'poll', %s, %s, jsonb_build_object('key', split_part(%s, ':', 2)))",
            (lock, lock, lock),
        )


async def test_the_run_of_a_lost_process_is_given_to_another(url: str) -> None:
    gate, one = Gate(), engine(url, lease_s=0.3)
    one.handler("poll", gate, max_concurrent=1)
    gate.open.set()
    lose(url, "poll:7")
    with capture_logs() as logs:
        async with running(one):
            assert await gate.done.get() == "7"
    assert ("engine_run_lost", "7") in [(log["event"], log.get("key")) for log in logs]
    assert jobs(url) == []


async def test_a_lost_run_whose_successor_is_queued_makes_way_for_it(url: str) -> None:
    gate, one = Gate(), engine(url, lease_s=0.3)
    one.handler("poll", gate, max_concurrent=1)
    gate.open.set()
    lose(url, "poll:7", "poll:8")
    queue(url, "poll:7")
    async with running(one):
        assert {await gate.done.get(), await gate.done.get()} == {"7", "8"}
    assert (gate.done.qsize(), jobs(url)) == (0, [])


async def test_a_process_that_does_not_lead_takes_no_lost_runs(url: str) -> None:
    gate, one = Gate(), engine(url, leads=False, lease_s=0.3)
    one.handler("poll", gate, max_concurrent=1)
    gate.open.set()
    lose(url, "poll:7")
    async with running(one):
        await one.kick([("poll", "8")])
        assert await gate.done.get() == "8"
    assert jobs(url) == [("poll:7", "doing")]


async def test_a_process_that_lost_a_run_does_not_end_it_for_the_one_that_has_it(url: str) -> None:
    gate, one = Gate(), engine(url)
    one.handler("poll", gate, max_concurrent=1)
    async with running(one):
        await one.kick([("poll", "7")])
        await gate.begun.get()
        with psycopg.connect(url) as connection:
            connection.execute(
                "WITH other AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)"
                " UPDATE procrastinate_jobs SET worker_id = other.id FROM other"
            )
        gate.open.set()
        await gate.done.get()
    assert jobs(url) == [("poll:7", "doing")]


# ---------------------------------------------------------------- outages


async def test_a_run_that_ends_in_an_outage_frees_its_key_afterwards() -> None:
    with own_server() as server:
        url = Databases(server.url).create()
        open_store(url, lock=False).close()
        prepare_queue(url)
        gate, one = Gate(), engine(url)
        one.handler("poll", gate, max_concurrent=1)
        with capture_logs() as logs:
            async with running(one):
                await one.kick([("poll", "7")])
                await gate.begun.get()
                await asyncio.to_thread(server.stop)
                gate.open.set()
                await gate.done.get()
                with pytest.raises(StoreError, match="the queue of the cluster cannot be used"):
                    await one.kick([("poll", "8")])
                await asyncio.to_thread(server.start)
                await kick_again(one, ("poll", "7"))
                assert await gate.done.get() == "7"
        events = [log["event"] for log in logs]
        assert (events.count("queue_lost"), events.count("queue_found")) == (1, 1)
        assert "engine_run_ended_late" in events
        assert "engine_lane_failed" not in events


async def kick_again(engine: ClusterEngine, work: tuple[str, str]) -> None:
    """Kick until the server answers; each attempt waits for a connection."""
    while True:
        try:
            return await engine.kick([work])
        except StoreError:
            continue


# ---------------------------------------------------------------- the end


async def test_the_end_waits_for_what_runs_and_leaves_the_rest_to_others(url: str) -> None:
    gate, one = Gate(), engine(url)
    one.handler("poll", gate, max_concurrent=1)
    async with running(one):
        await one.kick([("poll", "1"), ("poll", "2")])
        await gate.begun.get()
        ending = asyncio.create_task(one.stop())
        await asyncio.sleep(0)
        await one.kick([("poll", "3")])
        gate.open.set()
        await ending
    assert (gate.done.qsize(), jobs(url)) == (1, [("poll:2", "todo")])


@pytest.mark.parametrize("turns", [0, 1, 10, 30, 60, 100, 300])
async def test_an_end_that_comes_during_the_start_ends_every_lane(url: str, turns: int) -> None:
    gate, one = Gate(), engine(url)
    for kind in ("poll", "deliver", "digest"):
        one.handler(kind, gate, max_concurrent=2)
    run = asyncio.create_task(one.run())
    for _ in range(turns):
        await asyncio.sleep(0)
    await one.stop()
    await run
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone() == (0,)


async def test_what_outlasts_the_grace_is_cancelled(url: str) -> None:
    gate, one = Gate(), engine(url, grace_s=0.01)
    one.handler("poll", gate, max_concurrent=1)
    async with running(one):
        await one.kick([("poll", "1")])
        await gate.begun.get()
    assert (gate.done.qsize(), jobs(url)) == (0, [])


# ---------------------------------------------------------------- tables


def test_the_tables_of_the_queue_are_made_once(url: str) -> None:
    prepare_queue(url)
    with psycopg.connect(url) as connection:
        (marker,) = connection.execute("SELECT value FROM meta WHERE key = 'queue_migration'").fetchone() or (
            "",
        )
    assert marker.endswith(".sql")


def test_a_queue_of_a_newer_program_is_refused(url: str) -> None:
    change = "UPDATE meta SET value = %s WHERE key = 'queue_migration' RETURNING value"
    with psycopg.connect(url) as connection:
        (before,) = connection.execute("SELECT value FROM meta WHERE key = 'queue_migration'").fetchone() or (
            "",
        )
        connection.execute(change, ("99.00.00_new.sql",))
    try:
        with pytest.raises(StoreError, match="made by a newer Procrastinate"):
            prepare_queue(url)
    finally:
        with psycopg.connect(url) as connection:
            connection.execute(change, (before,))


def test_a_queue_of_another_program_is_refused(url: str) -> None:
    with psycopg.connect(url) as connection:
        (before,) = connection.execute(
            "DELETE FROM meta WHERE key = 'queue_migration' RETURNING value"
        ).fetchone() or ("",)
    try:
        with pytest.raises(StoreError, match="queue of another program"):
            prepare_queue(url)
    finally:
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO meta VALUES ('queue_migration', %s)", (before,))
