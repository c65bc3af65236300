"""What an engine promises, shown on the embedded one. Another engine joins in the `engine` fixture."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from monitor.engine.local import LocalEngine


@pytest.fixture
def engine() -> LocalEngine:
    return LocalEngine()


@dataclass
class Gate:
    """A handler that says which keys begin, and lets them end once it is open."""

    begun: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    began: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    async def __call__(self, key: str) -> None:
        self.began.append(key)
        self.begun.put_nowait(key)
        await self.open.wait()
        self.ended.append(key)


@asynccontextmanager
async def running(engine: LocalEngine) -> AsyncIterator[None]:
    """The engine at work; stopped when the block ends."""
    work = asyncio.create_task(engine.run())
    try:
        yield
    finally:
        await engine.stop()
        await work


# ---------------------------------------------------------------- kicks


async def test_one_run_and_one_queued_come_of_any_number_of_kicks(engine: LocalEngine) -> None:
    gate = Gate()
    engine.handler("poll", gate, max_concurrent=8)
    await engine.kick([("poll", "7")] * 20)
    await gate.begun.get()
    for _ in range(20):
        await engine.kick([("poll", "7")] * 5)
    gate.open.set()
    await engine.idle()
    assert gate.ended == ["7", "7"]


async def test_a_key_never_runs_beside_itself(engine: LocalEngine) -> None:
    beside: list[int] = []
    now = 0

    async def handler(key: str) -> None:
        nonlocal now
        now += 1
        await engine.kick([("poll", key)] if len(beside) < 5 else [])
        beside.append(now)
        now -= 1

    engine.handler("poll", handler, max_concurrent=8)
    await engine.kick([("poll", "7")])
    await engine.idle()
    assert beside == [1] * 6


async def test_what_waits_for_its_lane_is_queued_once(engine: LocalEngine) -> None:
    gate = Gate()
    engine.handler("poll", gate, max_concurrent=1)
    await engine.kick([("poll", "first")])
    await gate.begun.get()
    for _ in range(20):
        await engine.kick([("poll", "second"), ("poll", "third")])
    gate.open.set()
    await engine.idle()
    assert gate.ended == ["first", "second", "third"]


async def test_a_kick_in_the_very_moment_in_which_a_run_ends_still_leads_to_a_run(
    engine: LocalEngine,
) -> None:
    ended, runs = asyncio.Event(), []

    async def handler(key: str) -> None:
        runs.append(key)
        ended.set()

    engine.handler("poll", handler, max_concurrent=1)
    await engine.kick([("poll", "7")])
    await ended.wait()
    await engine.kick([("poll", "7")])
    await engine.idle()
    assert runs == ["7", "7"]


async def test_kinds_of_one_key_are_different_work(engine: LocalEngine) -> None:
    polls, sends = Gate(), Gate()
    engine.handler("poll", polls, max_concurrent=1)
    engine.handler("deliver", sends, max_concurrent=1)
    sends.open.set()
    await engine.kick([("poll", "7"), ("deliver", "7")])
    assert await sends.begun.get() == "7"
    polls.open.set()
    await engine.idle()
    assert (polls.ended, sends.ended) == (["7"], ["7"])


# ---------------------------------------------------------------- lanes


async def test_a_blocked_lane_does_not_delay_another(engine: LocalEngine) -> None:
    polls, sends = Gate(), Gate()
    engine.handler("poll", polls, max_concurrent=2)
    engine.handler("deliver", sends, max_concurrent=1)
    sends.open.set()
    await engine.kick([("poll", str(shard)) for shard in range(10)])
    await engine.kick([("deliver", "desk"), ("deliver", "hook")])
    assert [await sends.begun.get() for _ in range(2)] == ["desk", "hook"]
    assert polls.ended == []
    polls.open.set()
    await engine.idle()
    assert len(polls.ended) == 10


async def test_no_more_run_side_by_side_than_the_lane_is_wide(engine: LocalEngine) -> None:
    beside: list[int] = []
    now = 0

    async def handler(key: str) -> None:
        nonlocal now
        now += 1
        beside.append(now)
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)
        now -= 1

    engine.handler("poll", handler, max_concurrent=3)
    await engine.kick([("poll", str(shard)) for shard in range(9)])
    await engine.idle()
    assert (len(beside), max(beside)) == (9, 3)


# ---------------------------------------------------------------- what fails


async def test_a_run_that_fails_is_logged_and_stops_nothing(engine: LocalEngine) -> None:
    runs: list[str] = []

    async def handler(key: str) -> None:
        runs.append(key)
        if key == "bad":
            raise ValueError("no such shard")

    engine.handler("poll", handler, max_concurrent=1)
    with capture_logs() as logs:
        await engine.kick([("poll", "bad"), ("poll", "good")])
        await engine.idle()
        await engine.kick([("poll", "bad")])
        await engine.idle()
    assert runs == ["bad", "good", "bad"]
    assert [(log["event"], log["kind"], log["key"]) for log in logs] == [
        ("engine_run_failed", "poll", "bad")
    ] * 2


async def test_a_tick_that_fails_is_logged_and_ticks_again(engine: LocalEngine) -> None:
    thrice = asyncio.Event()
    calls = 0

    async def tick() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            thrice.set()
        raise OSError("the disk is full")

    engine.every(0.005, tick, "sweep")
    with capture_logs() as logs:
        async with running(engine):
            await thrice.wait()
    assert {(log["event"], log["tick"]) for log in logs} == {("engine_tick_failed", "sweep")}
    assert len(logs) >= 3


async def test_a_tick_that_fails_does_not_keep_the_others_from_their_first(engine: LocalEngine) -> None:
    reported = asyncio.Event()

    async def bad() -> None:
        raise OSError("the disk is full")

    async def good() -> None:
        reported.set()

    engine.every(3600, bad, "sweep")
    engine.every(3600, good, "digests")
    with capture_logs() as logs:
        async with running(engine):
            await reported.wait()
    assert [log["tick"] for log in logs] == ["sweep"]


# ---------------------------------------------------------------- ticks


async def test_ticks_fire_at_once_and_not_before_the_engine_runs(engine: LocalEngine) -> None:
    reported = asyncio.Event()
    calls: list[str] = []

    async def tick() -> None:
        calls.append("sweep")
        reported.set()

    engine.every(3600, tick, "sweep")
    await engine.idle()
    assert calls == []
    async with running(engine):
        await reported.wait()
    assert calls == ["sweep"]


async def test_a_tick_is_never_called_beside_itself(engine: LocalEngine) -> None:
    let_go, often = asyncio.Event(), asyncio.Event()
    slow_calls = quick_calls = 0

    async def slow() -> None:
        nonlocal slow_calls
        slow_calls += 1
        await let_go.wait()

    async def quick() -> None:
        nonlocal quick_calls
        quick_calls += 1
        if quick_calls == 5:
            often.set()

    engine.every(0.005, slow, "sweep")
    engine.every(0.005, quick, "digests")
    async with running(engine):
        await often.wait()
        assert slow_calls == 1
        let_go.set()


async def test_a_tick_asks_for_work_and_the_work_is_done(engine: LocalEngine) -> None:
    gate = Gate()
    gate.open.set()
    engine.handler("poll", gate, max_concurrent=1)
    engine.every(3600, lambda: engine.kick([("poll", "7")]), "sweep")
    async with running(engine):
        assert await gate.begun.get() == "7"


# ---------------------------------------------------------------- the end


async def test_the_end_waits_for_what_runs(engine: LocalEngine) -> None:
    gate = Gate()
    engine.handler("deliver", gate, max_concurrent=2)
    await engine.kick([("deliver", "desk"), ("deliver", "hook")])
    for _ in range(2):
        await gate.begun.get()
    work, ending = asyncio.create_task(engine.run()), asyncio.create_task(engine.stop())
    gate.open.set()
    await ending
    await work
    assert sorted(gate.ended) == ["desk", "hook"]


async def test_kicks_during_the_end_start_no_run(engine: LocalEngine) -> None:
    gate = Gate()
    engine.handler("deliver", gate, max_concurrent=1)
    await engine.kick([("deliver", "desk"), ("deliver", "hook")])
    await gate.begun.get()
    await engine.kick([("deliver", "desk")])
    ending = asyncio.create_task(engine.stop())
    engine.every(3600, lambda: engine.kick([("deliver", "slack")]), "sweep")
    gate.open.set()
    await ending
    await engine.kick([("deliver", "hook")])
    await engine.run()
    await engine.idle()
    assert gate.began == ["desk"]


async def test_what_outlasts_the_grace_is_cancelled_and_named() -> None:
    engine, gate = LocalEngine(grace_s=0.005), Gate()
    engine.handler("poll", gate, max_concurrent=1)
    await engine.kick([("poll", "7")])
    await gate.begun.get()
    with capture_logs() as logs:
        await engine.stop()
    await engine.run()
    assert (gate.began, gate.ended) == (["7"], [])
    assert [(log["event"], log["run"]) for log in logs] == [("engine_run_cancelled", "poll:7")]
    await engine.idle()


async def test_the_end_waits_for_a_tick_under_way(engine: LocalEngine) -> None:
    begun, let_go, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        begun.set()
        await let_go.wait()
        ended.set()

    engine.every(3600, tick, "sweep")
    work = asyncio.create_task(engine.run())
    await begun.wait()
    ending = asyncio.create_task(engine.stop())
    let_go.set()
    await ending
    assert ended.is_set()
    await work


async def test_an_engine_with_nothing_to_do_is_idle_and_ends_at_once(engine: LocalEngine) -> None:
    done = []
    async with asyncio.timeout(240):
        await engine.idle()
        done.append("idle")
        async with running(engine):
            pass
        done.append("ended")
    assert done == ["idle", "ended"]
