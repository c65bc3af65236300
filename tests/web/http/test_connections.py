"""Connections that say nothing, or too little, end by themselves and leave room for others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.responses import PlainTextResponse

from monitor.feeds.http.authorities import trusted_authorities
from monitor.web.http.listener import Listener
from monitor.web.http.protocol import Connections
from tests.web.conftest import Served

pytestmark = pytest.mark.anyio

UNFINISHED = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-a: "


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))


@asynccontextmanager
async def listening(most: int = 512, header_s: float = 60) -> AsyncIterator[str]:
    """A server that answers "ok" to everything; the address."""
    listener = Listener(PlainTextResponse("ok"), Connections(most, header_s))
    yield await listener.start("127.0.0.1", 0)
    await listener.stop(1)


async def is_closed(stream: asyncio.StreamReader) -> bool:
    try:
        return await stream.read() == b""
    except ConnectionError:
        return True


async def test_more_connections_than_there_is_room_for_close_the_oldest_idle_ones() -> None:
    async with listening(most=8) as url:
        opened = [await connect(url) for _ in range(10)]
        for _, writer in opened:
            writer.write(UNFINISHED)
        async with httpx.AsyncClient(verify=trusted_authorities(), timeout=240) as http:
            assert (await http.get(url)).text == "ok"
        for stream, _ in opened[:3]:
            assert await is_closed(stream)
        opened[-1][1].write(b"b\r\n\r\n")
        assert (await opened[-1][0].readline()).startswith(b"HTTP/1.1 200")
        for _, writer in opened:
            writer.close()


async def test_a_connection_that_sends_no_whole_headers_is_closed_in_time() -> None:
    async with listening(header_s=0.05) as url:
        slow, quiet, used = await connect(url), await connect(url), await connect(url)
        slow[1].write(UNFINISHED)
        used[1].write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" + UNFINISHED)
        assert await is_closed(slow[0])
        assert await is_closed(quiet[0])
        assert (await used[0].read()).count(b"HTTP/1.1") == 1
        for _, writer in (slow, quiet, used):
            writer.close()


async def test_requests_in_a_row_on_one_connection_are_all_answered(served: Served) -> None:
    stream, writer = await connect(served.server.url)
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    writer.write(request * 3)
    text = b""
    while text.count(b"ok\n") < 3:
        text += await stream.read(4096)
    assert text.count(b"HTTP/1.1 200") == 3
    writer.close()


async def test_stopping_lets_a_request_under_way_finish(served: Served) -> None:
    stream, writer = await connect(served.server.url)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (await stream.readline()).startswith(b"HTTP/1.1 200")
    await served.server.stop()
    assert (await stream.read()).endswith(b"ok\n")
    writer.close()
