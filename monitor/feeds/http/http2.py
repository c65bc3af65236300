"""The HTTP/2 client: httpx over httpcore, under the same guard as `transport`.

httpx's own transport takes no network backend, so this one wraps httpcore's pool by its public interface.
Servers without HTTP/2 are served over HTTP/1.1.
"""

import ssl
from collections.abc import AsyncIterable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import aiohttp
import httpcore
import httpx
from aiohttp.abc import AbstractResolver

from .guard import Guard
from .resolver import GuardedResolver
from .streams import TranslatedStream
from .transport import httpx_client, port_of

_MAX_CONNECTIONS = 50
_IDLE_S = 15.0

_Options = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


def http2_client(
    guard: Guard,
    user_agent: str,
    trusted: ssl.SSLContext,
    proxy: str = "",
    resolver: AbstractResolver | None = None,
) -> httpx.AsyncClient:
    """Create a client that uses HTTP/2 where the server offers it, through `proxy` if there is one.

    The guarantees are those of `transport.client`, and those of `transport.proxy_client` with a proxy.
    """
    via = httpx.Proxy(proxy) if proxy else None
    opened = guard.opened_to(via.url.host, port_of(via.url)) if via else guard
    backend = _Backend(GuardedResolver(opened, resolver or aiohttp.ThreadedResolver()))
    pool = httpcore.AsyncConnectionPool(
        ssl_context=trusted,
        proxy=httpcore.Proxy(str(via.url), via.raw_auth) if via else None,
        max_connections=_MAX_CONNECTIONS,
        keepalive_expiry=_IDLE_S,
        http2=True,
        network_backend=backend,
    )
    return httpx_client(_Http2Transport(pool, guard), user_agent)


class _Backend(httpcore.AnyIOBackend):
    """Connects to the addresses that the guarded resolver returned, one after another."""

    def __init__(self, resolver: GuardedResolver) -> None:
        self._resolver = resolver

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _Options | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failed: Exception = OSError("no address")
        for address in await self._addresses(host, port):
            try:
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            return [found["host"] for found in await self._resolver.resolve(host.strip("[]"), port)]
        except OSError as error:
            raise httpcore.ConnectError("refused or unknown") from error


class _Http2Transport(httpx.AsyncBaseTransport):
    """Sends requests through the pool; one that a reused connection did not answer is sent once more.

    A server may close an idle connection just as it is used again. The client of `transport` does the same.

    Source: RFC 9112 §9.3.1.
    """

    def __init__(self, pool: httpcore.AsyncConnectionPool, guard: Guard) -> None:
        self._pool = pool
        self._guard = guard

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if refusal := self._guard.refusal(url.host, port_of(url)):
            raise httpx.ConnectError("refused") from refusal
        connecting = _Connecting()
        try:
            with _httpx_errors():
                answer = await self._pool.handle_async_request(_request(request, connecting))
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            if connecting.seen:
                raise
            with _httpx_errors():
                answer = await self._pool.handle_async_request(_request(request, connecting))
        stream = TranslatedStream(cast(AsyncIterable[bytes], answer.stream), answer.aclose, _httpx_errors)
        status, headers, more = answer.status, answer.headers, answer.extensions
        return httpx.Response(status, headers=headers, stream=stream, extensions=more)

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Connecting:
    """Whether a connection was opened for a request; httpcore calls it with every step that it takes."""

    def __init__(self) -> None:
        self.seen = False

    async def __call__(self, step: str, _: Any) -> None:
        self.seen = self.seen or step.startswith("connection.connect")


def _request(request: httpx.Request, trace: _Connecting) -> httpcore.Request:
    """Return a request in httpcore's terms."""
    url = request.url
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=cast(httpx.AsyncByteStream, request.stream),
        extensions={**request.extensions, "trace": trace},
    )


_HTTPX_ERRORS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.TimeoutException, httpx.ReadTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ProxyError, httpx.ProxyError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.ProtocolError, httpx.RemoteProtocolError),
    (httpcore.NetworkError, httpx.ReadError),
)
_HTTPCORE_ERRORS = tuple(kind for kind, _ in _HTTPX_ERRORS)


@contextmanager
def _httpx_errors() -> Iterator[None]:
    """Turn httpcore's errors into httpx's of the same meaning, without an address in their text."""
    try:
        yield
    except _HTTPCORE_ERRORS as error:
        meant = next(made for kind, made in _HTTPX_ERRORS if isinstance(error, kind))
        raise meant(meant.__name__) from (error.__context__ or error)  # the pool cuts off the cause
