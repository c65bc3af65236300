"""Send a GET over aiohttp's implementation of HTTP, written as bytes and without its session.

The objects that a session builds for a request cost as much as all the rest of a poll that finds nothing new.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import httpx
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader

from .connections import Connections, origin_of
from .limits import READ_S

#: Some sites send policies of 20 KB in one header field, and one French newspaper more than the usual 128.
MAX_FIELD = 65_536
MAX_FIELDS = 1_000

_BUFFER = 65_536


@asynccontextmanager
async def sent(
    connections: Connections, url: httpx.URL, headers: Mapping[str, str]
) -> AsyncIterator[tuple[RawResponseMessage, StreamReader]]:
    """Send a GET; yield the head of the response and its body, which is not read yet.

    A request that a reused connection did not answer is sent once more: a server may close an idle connection
    just as it is used again (RFC 9112 §9.3.1).

    Raises:
        aiohttp.ClientError: no connection is possible, or it broke.
        aiohttp.http.HttpProcessingError: the response is no HTTP.
    """
    request = request_bytes(url, headers)
    origin = origin_of(url.scheme, url.raw_host.decode("ascii"), url.port)
    connected = await connections.take(origin)
    try:
        head, body = await _exchange(connected.protocol, request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
        if not connected.is_reused:
            raise
        connected = await connections.take(origin, anew=True)
        head, body = await _exchange(connected.protocol, request)
    with _closed_on_error(connected.protocol):
        yield head, body
    connections.give_back(connected)


def request_bytes(url: httpx.URL, headers: Mapping[str, str]) -> bytes:
    """Return a GET as sent, its header names in title case, as browsers write them.

    Some firewalls reject lower case.

    Raises:
        ValueError: a header holds the end of a line.
    """
    lines = [f"{name.title()}: {value}" for name, value in headers.items()]
    written = "\r\n".join((f"Host: {url.netloc.decode('ascii')}", *lines))
    if written.count("\n") != len(lines) or written.count("\r") != len(lines):
        raise ValueError("a header holds the end of a line")
    return b"GET %s HTTP/1.1\r\n%s\r\n\r\n" % (url.raw_path, written.encode())


async def _exchange(protocol: ResponseHandler, request: bytes) -> tuple[RawResponseMessage, StreamReader]:
    """Write a request and return its response; an error closes the connection."""
    protocol.set_response_params(
        read_until_eof=True,
        auto_decompress=False,
        read_timeout=READ_S,
        read_bufsize=_BUFFER,
        max_line_size=MAX_FIELD,
        max_field_size=MAX_FIELD,
        max_headers=MAX_FIELDS,
    )
    with _closed_on_error(protocol):
        if protocol.transport is None or protocol.transport.is_closing():
            raise aiohttp.ServerDisconnectedError
        protocol.transport.write(request)
        protocol.start_timeout()
        head, body = await protocol.read()
        while 100 <= head.code < 200 and head.code != 101:
            head, body = await protocol.read()
        return head, body


@contextmanager
def _closed_on_error(protocol: ResponseHandler) -> Iterator[None]:
    """Close a connection unless the block ends well."""
    ended_well = False
    try:
        yield
        ended_well = True
    finally:
        if not ended_well:
            protocol.close()
