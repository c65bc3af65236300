"""Send requests by aiohttp, with the guard in the resolver that all connections use.

The errors of httpx-aiohttp 0.2 are corrected here: it reports refused and dropped connections as
`httpx.ConnectTimeout`, passes on aiohttp's own errors for malformed responses, and puts full addresses into
error texts.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from aiohttp.client_middlewares import ClientHandlerType
from aiohttp.http import HttpProcessingError
from httpx_aiohttp import AiohttpTransport
from multidict import CIMultiDict

from .causes import cause_of
from .connections import NAMES_S, Connections
from .direct import MAX_FIELD, MAX_FIELDS, sent
from .guard import Guard
from .limits import NO_HOSTS
from .received import Received, ResponseHeaders
from .resolver import GuardedResolver
from .streams import TranslatedStream

_CHUNK = 65_536
_MAX_CONNECTIONS = 200


def usual_transport(
    guard: Guard,
    trusted: ssl.SSLContext,
    resolver: AbstractResolver | None,
    *,
    trust_env: bool,
    kept_hosts: frozenset[str] | None,
) -> "SessionTransport":
    """Return the transport of `transport.client`."""

    def guarded() -> GuardedResolver:
        return GuardedResolver(guard, resolver or aiohttp.ThreadedResolver())

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            ssl=trusted,
            limit=_MAX_CONNECTIONS,
            resolver=guarded(),
            ttl_dns_cache=int(NAMES_S),
            force_close=kept_hosts == NO_HOSTS,
        )
        return _session(connector, guard, trust_env)

    def connections() -> Connections:
        return Connections(guard, guarded(), trusted, kept_hosts)

    return SessionTransport(connections, verify=trusted, client=session)


def proxy_transport(
    guard: Guard, opened: Guard, trusted: ssl.SSLContext, via: httpx.Proxy
) -> "SessionTransport":
    """Return the transport of `transport.proxy_client`; `opened` allows the proxy too."""

    def session() -> aiohttp.ClientSession:
        resolver = GuardedResolver(opened, aiohttp.ThreadedResolver())
        connector = aiohttp.TCPConnector(ssl=trusted, limit=_MAX_CONNECTIONS, resolver=resolver)
        return _session(connector, guard)

    return SessionTransport(verify=trusted, client=session, proxy=via)


def _session(connector: aiohttp.TCPConnector, guard: Guard, trust_env: bool = False) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        middlewares=(_Checkpoint(guard), _with_title_case),
        trust_env=trust_env,
        max_field_size=MAX_FIELD,
        max_line_size=MAX_FIELD,
        max_headers=MAX_FIELDS,
    )


class _Checkpoint:
    """Refuses hosts written as numbers, in the form in which aiohttp connects to them."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def __call__(
        self, request: aiohttp.ClientRequest, send: ClientHandlerType
    ) -> aiohttp.ClientResponse:
        refused = self._guard.refusal(request.url.raw_host or "", request.url.port)
        if refused:
            raise aiohttp.ClientConnectorError(request.connection_key, refused) from refused
        return await send(request)


async def _with_title_case(request: aiohttp.ClientRequest, send: ClientHandlerType) -> aiohttp.ClientResponse:
    """Write header names in title case, as browsers do: some firewalls reject lower case."""
    request.headers = CIMultiDict((name.title(), value) for name, value in request.headers.items())
    return await send(request)


class SessionTransport(AiohttpTransport):
    """httpx-aiohttp's transport with corrected errors; with `connections` it also sends GETs without httpx.

    Requests wait for a connection here: aiohttp shuffles all that wait in it whenever one ends.
    """

    def __init__(self, connections: Callable[[], Connections] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._places = asyncio.Semaphore(_MAX_CONNECTIONS)
        self._made = connections
        self._connections: Connections | None = None

    @asynccontextmanager
    async def get(self, url: httpx.URL, headers: Mapping[str, str]) -> AsyncIterator[Received]:
        """Send a GET without any object of httpx; its errors are those of `handle_async_request`."""
        if self._connections is None:
            assert self._made  # noqa: S101  `DirectClient` has given it
            self._connections = self._made()
        with _corrected_errors():
            async with self._places, sent(self._connections, url, headers) as (head, body):
                yield Received(head.code, str(url), ResponseHeaders(head.raw_headers), _chunks(body))

    async def aclose(self) -> None:
        if self._connections:
            await self._connections.close()
        await super().aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with _corrected_errors():
            response = await super().handle_async_request(request)
        inner = cast(httpx.AsyncByteStream, response.stream)
        response.stream = TranslatedStream(inner, inner.aclose, _corrected_errors)
        return response


async def _chunks(body: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    with _corrected_errors():
        async for chunk in body.iter_chunked(_CHUNK):
            yield chunk


_CORRECTED: tuple[tuple[type[BaseException], type[httpx.TransportError]], ...] = (
    (aiohttp.ClientProxyConnectionError, httpx.ProxyError),
    (aiohttp.ClientConnectorError, httpx.ConnectError),
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
    (aiohttp.ServerTimeoutError, httpx.ReadTimeout),
    (aiohttp.InvalidURL, httpx.UnsupportedProtocol),
    (aiohttp.NonHttpUrlClientError, httpx.UnsupportedProtocol),
    (aiohttp.ClientHttpProxyError, httpx.ProxyError),
    (aiohttp.ClientResponseError, httpx.RemoteProtocolError),
    (HttpProcessingError, httpx.RemoteProtocolError),
    (aiohttp.ClientError, httpx.ReadError),  # what breaks later may have arrived
)


@contextmanager
def _corrected_errors() -> Iterator[None]:
    """Turn aiohttp's errors into httpx errors of the same meaning, without addresses in their texts."""
    try:
        yield
    except (httpx.TransportError, aiohttp.ClientError, HttpProcessingError) as error:
        origin = error.__cause__ if isinstance(error, httpx.TransportError) else error
        truer = next((made for kind, made in _CORRECTED if isinstance(origin, kind)), None)
        if truer is None:
            raise
        raise truer(cause_of(origin or error)[1]) from origin
