"""The HTTP client: httpx over aiohttp, with the guard in the resolver that all connections use.

The errors of httpx-aiohttp 0.2 are corrected here: it reports refused and dropped connections as
`httpx.ConnectTimeout`, passes on aiohttp's own errors for malformed responses, and puts full addresses into
error texts.
"""

import asyncio
import base64
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, cast

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from aiohttp.client_middlewares import ClientHandlerType
from aiohttp.http import HttpProcessingError
from httpx_aiohttp import AiohttpTransport
from multidict import CIMultiDict

from .authorities import trusted_authorities
from .causes import cause_of
from .connections import CONNECT_S, NAMES_S, Connections
from .direct import MAX_FIELD, MAX_FIELDS, READ_S, sent
from .guard import Guard, GuardedResolver
from .received import Received, ResponseHeaders
from .streams import TranslatedStream

_TIMEOUT = httpx.Timeout(connect=CONNECT_S, read=READ_S, write=20, pool=30)
_CHUNK = 65_536
_MAX_CONNECTIONS = 200


def client(
    guard: Guard,
    user_agent: str,
    *,
    verify: ssl.SSLContext | None = None,
    resolver: AbstractResolver | None = None,
    trust_env: bool = False,
    keep_alive: bool = True,
) -> httpx.AsyncClient:
    """Create a client for feeds or channels; close it with ``async with`` or `aclose`.

    It follows no redirects, keeps no cookies and reaches no address that `guard` forbids. Proxies of the
    environment are used only with `trust_env`; the guard then checks the address of the proxy and hosts
    written as numbers, and the proxy must check names. Without `keep_alive` no connection is used twice, so
    that a stale one is never mistaken for a lost response. Certificates are those of
    ``SSL_CERT_FILE`` or certifi.
    """
    # httpx logs every address in full, with the tokens in its query
    logging.getLogger("httpx").setLevel(logging.WARNING)
    trusted = verify or trusted_authorities()

    def guarded() -> GuardedResolver:
        return GuardedResolver(guard, resolver or aiohttp.ThreadedResolver())

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            ssl=trusted,
            limit=_MAX_CONNECTIONS,
            resolver=guarded(),
            ttl_dns_cache=int(NAMES_S),
            force_close=not keep_alive,
        )
        return _session(connector, guard, trust_env)

    def connections() -> Connections:
        return Connections(guard, guarded(), trusted, keep_alive=keep_alive)

    if trust_env:
        return httpx_client(_Transport(verify=trusted, client=session), user_agent)
    return httpx_client(_Transport(connections, verify=trusted, client=session), user_agent, DirectClient)


def proxy_client(guard: Guard, user_agent: str, proxy: str, trusted: ssl.SSLContext) -> httpx.AsyncClient:
    """Create a client that uses a proxy, whose address `guard` always allows.

    Hosts written as numbers are checked here; names are resolved and checked by the proxy.
    """
    address = httpx.URL(proxy)
    # aiohttp turns this header into Proxy-Authorization, for tunnels and plain requests
    via = httpx.Proxy(address.copy_with(username=None, password=None), headers=credentials(address))
    opened = guard.opened_to(via.url.host, port_of(via.url))

    def session() -> aiohttp.ClientSession:
        resolver = GuardedResolver(opened, aiohttp.ThreadedResolver())
        connector = aiohttp.TCPConnector(ssl=trusted, limit=_MAX_CONNECTIONS, resolver=resolver)
        return _session(connector, guard)

    return httpx_client(_Transport(verify=trusted, client=session, proxy=via), user_agent)


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


def port_of(url: httpx.URL) -> int | None:
    """Return the port of an address, or the default port of its scheme."""
    return url.port or {"http": 80, "https": 443}.get(url.scheme)


def credentials(url: httpx.URL) -> dict[str, str]:
    """Return the Authorization header for ``user:password@`` in an address; aiohttp refuses both at once."""
    if not url.userinfo:
        return {}
    pair = f"{url.username}:{url.password}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def httpx_client(
    transport: httpx.AsyncBaseTransport,
    user_agent: str,
    made: Callable[..., httpx.AsyncClient] = httpx.AsyncClient,
) -> httpx.AsyncClient:
    """Return a client that keeps no cookies, follows no redirects and takes no proxy from the environment."""
    return made(
        transport=transport,
        headers={"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        timeout=_TIMEOUT,
        trust_env=False,
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


class _Transport(AiohttpTransport):
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


class DirectClient(httpx.AsyncClient):
    """An httpx client over aiohttp that also sends a GET without httpx, at a third of the cost."""

    def __init__(self, *, transport: _Transport, **options: Any) -> None:
        super().__init__(transport=transport, **options)
        self._direct = transport
        self._defaults = tuple(self.headers.items())

    def get_direct(self, url: httpx.URL, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Received]:
        """Send a GET with these headers and, where they name none, those of the client.

        Raises:
            httpx.TransportError: as with `stream`; also while the body is read.
        """
        given = {name.lower() for name in headers}
        missing = {name: value for name, value in self._defaults if name not in given}
        return self._direct.get(url, missing | dict(headers))


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
