"""Time limits on a loop whose clock the tests move: time in which the loop was busy does not count."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from monitor.errors import FeedError
from monitor.feeds.base import time_limit
from monitor.feeds.countdown import STEPS
from tests.feeds.samples import feed

LIMIT_S = 60.0


class MovedLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps, as it seems to after a long computation."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


async def computed(seconds: float) -> None:
    """Let time pass in one go, then let the loop do all that became due."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, MovedLoop)
    loop.ahead += seconds
    for _ in range(5):
        await asyncio.sleep(0)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with time_limit(feed("http://news.example/"), LIMIT_S):
            await work()

    with asyncio.Runner(loop_factory=MovedLoop) as runner:
        runner.run(limited())


def test_a_long_computation_does_not_time_a_feed_out():
    ended = []

    async def work() -> None:
        await computed(10 * LIMIT_S)
        ended.append(True)

    run(work)
    assert ended


def test_a_silent_server_times_out_after_the_limit():
    waited = []

    async def work() -> None:
        for _ in range(2 * STEPS):
            await computed(LIMIT_S / STEPS)
            waited.append(LIMIT_S / STEPS)

    with pytest.raises(FeedError) as caught:
        run(work)
    assert caught.value.health == "timeout"
    assert LIMIT_S - 2 * LIMIT_S / STEPS <= sum(waited) <= LIMIT_S


def test_many_long_computations_time_out_in_the_end():
    async def work() -> None:
        for _ in range(STEPS):
            await computed(LIMIT_S)

    with pytest.raises(FeedError):
        run(work)
