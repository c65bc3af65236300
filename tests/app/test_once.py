"""`once` counts every poll, however late it ends."""

import asyncio
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.app.build import build
from monitor.app.once import once
from monitor.config import load
from monitor.errors import FeedError
from monitor.feeds.base import NotModified
from monitor.model import Feed, FeedState, PollOutcome
from tests.conftest import FakeClock
from tests.support.policies import change_policy

FEEDS = 100
SLOW = range(0, FEEDS, 3)
FAILING = 42

pytestmark = pytest.mark.anyio


@dataclass
class Network:
    """Responds at once, but for slow feeds only after turns of the loop, each after a number of its own."""

    fetched: list[str] = field(default_factory=list)

    async def fetch(self, feed: Feed, _state: FeedState, _now: datetime) -> NotModified:
        number = int(feed.name.removeprefix("f"))
        for _ in range(number if number in SLOW else 0):
            await asyncio.sleep(0)
        self.fetched.append(feed.name)
        if number == FAILING:
            raise FeedError("HTTP 503", "http")
        return NotModified()


def configuration(numbers: Iterable[int]) -> str:
    tables = [f'[feeds.f{number}]\nurl = "https://host{number}.example/feed"\n' for number in numbers]
    return "\n".join(['database = "m.db"', *tables])


@pytest.mark.parametrize("round_wait_s", [0, 2])
async def test_every_poll_is_counted_and_a_late_failure_too(
    round_wait_s: float, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text(configuration(range(FEEDS)), "utf-8")
    network = Network()
    async with build(load(Path("config.toml")), clock=clock, stream=io.StringIO()) as app:
        change_policy(app, fetch=network.fetch)
        app.poll.round_wait_s = round_wait_s
        done = await once(app)
    assert len(network.fetched) == FEEDS
    assert (done.polled.polled, done.polled.failed) == (FEEDS, 1)


async def test_a_slow_poll_that_ends_before_anybody_waits_for_it_is_counted(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text(configuration(SLOW), "utf-8")
    async with build(load(Path("config.toml")), clock=clock, stream=io.StringIO()) as app:
        change_policy(app, fetch=Network().fetch)
        app.poll.round_wait_s = 0
        rounds = [await app.poll.poll_shard(shard) for shard in await app.poll.due_shards()]
        while any(state.polled_at is None for state in await app.db.run(app.store.feed_states)):
            await asyncio.sleep(0)
        counts = sum(rounds, await app.poll.finish())
    assert (counts.polled, counts.failed) == (len(SLOW), 1)


async def test_a_feed_whose_host_is_blocked_for_long_is_left_though_others_are_due_soon(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text(configuration([1, 2]), "utf-8")
    network, now = Network(), clock()
    async with build(load(Path("config.toml")), clock=clock, stream=io.StringIO()) as app:
        change_policy(app, fetch=network.fetch)
        blocked, soon = await app.db.run(app.store.feed_states)
        app.store.commit([due(blocked, now, host_free_at=now + timedelta(hours=1))])
        app.store.commit([due(soon, now + timedelta(seconds=1), host_free_at=now)])
        done = await once(app, pause=never)
    assert (done.polled.polled, network.fetched) == (0, [])


def due(state: FeedState, at: datetime, host_free_at: datetime) -> PollOutcome:
    state = replace(state, next_poll_at=at)
    return PollOutcome(state=state, host=f"host{state.feed[1:]}.example", host_free_at=host_free_at)


async def never(seconds: float) -> None:
    raise AssertionError(f"waited for {seconds} s")
