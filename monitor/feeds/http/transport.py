"""The HTTP client: httpx over aiohttp, which is loaded when the first request is sent."""

import base64
import logging
import ssl
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import httpx

from .authorities import trusted_authorities
from .guard import Guard
from .limits import CONNECT_S, READ_S
from .received import Received

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver

    from .sessions import SessionTransport

_TIMEOUT = httpx.Timeout(connect=CONNECT_S, read=READ_S, write=20, pool=30)


def client(
    guard: Guard,
    user_agent: str,
    *,
    verify: ssl.SSLContext | None = None,
    resolver: "AbstractResolver | None" = None,
    trust_env: bool = False,
    kept_hosts: frozenset[str] | None = None,
) -> httpx.AsyncClient:
    """Create a client for feeds or channels; close it with ``async with`` or `aclose`.

    It follows no redirects, keeps no cookies and reaches no address that `guard` forbids. Proxies of the
    environment are used only with `trust_env`; the guard then checks the address of the proxy and hosts
    written as numbers, and the proxy must check names. Connections to `kept_hosts` are used again, None is
    all hosts; with `NO_HOSTS` a stale one is never mistaken for a lost response. Certificates are those of
    ``SSL_CERT_FILE`` or certifi.
    """
    # httpx logs every address in full, with the tokens in its query
    logging.getLogger("httpx").setLevel(logging.WARNING)

    def made() -> "SessionTransport":
        from .sessions import usual_transport  # noqa: PLC0415  a command that sends nothing needs no aiohttp

        trusted = verify or trusted_authorities()
        return usual_transport(guard, trusted, resolver, trust_env=trust_env, kept_hosts=kept_hosts)

    usual = _LateTransport(made)
    return httpx_client(usual, user_agent, httpx.AsyncClient if trust_env else DirectClient)


def proxy_client(guard: Guard, user_agent: str, proxy: str, trusted: ssl.SSLContext) -> httpx.AsyncClient:
    """Create a client that uses a proxy, whose address `guard` always allows.

    Hosts written as numbers are checked here; names are resolved and checked by the proxy.
    """
    address = httpx.URL(proxy)
    # aiohttp turns this header into Proxy-Authorization, for tunnels and plain requests
    via = httpx.Proxy(address.copy_with(username=None, password=None), headers=credentials(address))
    opened = guard.opened_to(via.url.host, port_of(via.url))

    def made() -> "SessionTransport":
        from .sessions import proxy_transport  # noqa: PLC0415  as above

        return proxy_transport(guard, opened, trusted, via)

    return httpx_client(_LateTransport(made), user_agent)


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


class _LateTransport(httpx.AsyncBaseTransport):
    """A transport that is made, and its library loaded, when it is first used."""

    def __init__(self, make: Callable[[], "SessionTransport"]) -> None:
        self._make = make
        self._made: SessionTransport | None = None

    @property
    def made(self) -> "SessionTransport":
        """The transport itself."""
        if self._made is None:
            self._made = self._make()
        return self._made

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.made.handle_async_request(request)

    async def aclose(self) -> None:
        if self._made is not None:
            await self._made.aclose()


class DirectClient(httpx.AsyncClient):
    """An httpx client over aiohttp that also sends a GET without httpx, at a third of the cost."""

    def __init__(self, *, transport: _LateTransport, **options: Any) -> None:
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
        return self._direct.made.get(url, missing | dict(headers))
