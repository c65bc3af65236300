"""Turns: how many requests work at once, how many wait, and that a place is given back."""

import asyncio

import pytest
from fastapi import HTTPException

from monitor.web.turns import Turns

pytestmark = pytest.mark.anyio


async def test_requests_beyond_those_that_may_wait_are_refused() -> None:
    turns, order, end = Turns(at_once=1, most_waiting=1), [], asyncio.Event()

    async def work(name: str) -> None:
        async with turns.turn():
            order.append(name)
            await end.wait()

    first, second = asyncio.create_task(work("first")), asyncio.create_task(work("second"))
    await asyncio.sleep(0)
    with pytest.raises(HTTPException) as refused:
        async with turns.turn():
            order.append("third")
    assert refused.value.status_code == 503
    assert refused.value.headers == {"Retry-After": "10"}
    assert order == ["first"]
    end.set()
    await asyncio.gather(first, second)
    assert order == ["first", "second"]


async def test_work_that_fails_gives_its_place_back() -> None:
    turns = Turns(at_once=1, most_waiting=0)
    for _ in range(2):
        with pytest.raises(ValueError, match="no use"):
            async with turns.turn():
                raise ValueError("no use")
    turns.check()
