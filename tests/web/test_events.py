"""The stream of events: a new alert arrives, a browser that was away catches up, and stopping ends it first."""

import asyncio

import pytest

from tests.conftest import item
from tests.store.builders import raised
from tests.web.conftest import Served

pytestmark = pytest.mark.anyio


async def test_a_new_alert_is_announced_with_its_place_in_the_match_sequence(served: Served) -> None:
    async with served.http.stream("GET", "/events", timeout=60) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        assert await anext(lines) == "retry: 5000"
        await asyncio.wait_for(_watching(served), 30)
        raised(served.store, item())
        found = [line async for line in _until(lines, "data:")]
    assert "id: 1" in found
    assert "event: story" in found
    assert found[-1] == 'data: {"stories": 1}'


async def test_a_browser_that_was_away_is_told_what_it_missed(served: Served) -> None:
    for number in range(3):
        raised(served.store, item(guid=str(number)), story=f"s{number}")
    async with served.http.stream("GET", "/events", headers={"Last-Event-ID": "1"}) as stream:
        found = [line async for line in _until(stream.aiter_lines(), "data:")]
    assert found[-1] == 'data: {"stories": 2}'


async def test_stopping_the_server_ends_open_streams_at_once(served: Served) -> None:
    async with served.http.stream("GET", "/events", timeout=60) as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == "retry: 5000"
        await asyncio.wait_for(_watching(served), 30)
        await served.server.stop()
        assert [line async for line in lines if line] == []


async def _watching(served: Served) -> None:
    """Wait until the hub watches the store."""
    assert served.server._web
    while served.server._web.events._task is None:
        await asyncio.sleep(0)


async def _until(lines, beginning):  # type: ignore[no-untyped-def]
    """Yield lines up to the first with a beginning."""
    async for line in lines:
        yield line
        if line.startswith(beginning):
            return
