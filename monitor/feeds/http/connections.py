"""Open connections to the addresses that the guard allows, and keep idle ones to use them again."""

import asyncio
import ipaddress
import socket
import ssl
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import aiohttp
import httpx
from aiohappyeyeballs import pop_addr_infos_interleave, start_connection
from aiohappyeyeballs.types import AddrInfoType
from aiohttp.client_proto import ResponseHandler

from .guard import Guard, literal
from .limits import CONNECT_S
from .resolver import GuardedResolver

#: How long an idle connection is kept, and how long the addresses of a name are.
KEEP_ALIVE_S = 15.0
NAMES_S = 60.0

#: How long the first address of a name may take before the next is tried beside it.
#: Source: RFC 8305 §5.
_NEXT_ADDRESS_S = 0.25

#: How many servers stay parsed, and how many names resolved.
_KEPT = 16_384


@dataclass(frozen=True, slots=True)
class Origin:
    """The server of an address: its host as it is resolved, its port, and whether it speaks TLS.

    `number` is the address if the host is written as one. `ssl` and `is_ssl` are what errors of aiohttp show.
    """

    host: str
    port: int
    is_ssl: bool
    number: str = ""
    ssl: bool = True


@lru_cache(maxsize=_KEPT)
def origin_of(scheme: str, host: str, port: int | None) -> Origin:
    """Return the origin of an address.

    Raises:
        httpx.UnsupportedProtocol: it is no address of the web, or a host written as an unusual number.
    """
    number = host if _is_address(host) else ""
    if scheme not in {"http", "https"} or not host or (literal(host) and not number):
        raise httpx.UnsupportedProtocol("the address cannot be asked for")
    is_ssl = scheme == "https"
    return Origin(host, port or (443 if is_ssl else 80), is_ssl, number)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection that no other request uses; `is_reused` says that an earlier one did."""

    origin: Origin
    protocol: ResponseHandler
    is_reused: bool


class Connections:
    """Opens connections, the fastest address of a name first; `close` closes those that are idle.

    Only connections to `kept_hosts` are kept after a response; None is all hosts. Errors are those of
    aiohttp's connector.
    """

    def __init__(
        self,
        guard: Guard,
        resolver: GuardedResolver,
        trusted: ssl.SSLContext,
        kept_hosts: frozenset[str] | None,
    ) -> None:
        self._guard = guard
        self._names = _Names(resolver)
        self._trusted = trusted
        self._kept_hosts = kept_hosts
        self._idle: dict[Origin, list[tuple[ResponseHandler, float]]] = defaultdict(list)
        self._cleaning: asyncio.TimerHandle | None = None

    async def take(self, origin: Origin, *, anew: bool = False) -> Connected:
        """Return an idle connection to a server, or a new one; with `anew` always a new one.

        Raises:
            aiohttp.ClientError: no connection is allowed or possible; says why.
        """
        protocol = None if anew else self._idle_to(origin)
        if protocol is not None:  # one that has no response yet is empty, and so false
            return Connected(origin, protocol, is_reused=True)
        if refused := self._guard.refusal(origin.host, origin.port):
            raise aiohttp.ClientConnectorError(cast(Any, origin), refused) from refused
        return Connected(origin, await self._open(origin), is_reused=False)

    def give_back(self, connected: Connected) -> None:
        """Keep a connection for the next request, unless it must be closed."""
        protocol, hosts = connected.protocol, self._kept_hosts
        is_kept = hosts is None or connected.origin.host in hosts
        if not is_kept or protocol.should_close:
            protocol.close()
            return
        loop = asyncio.get_running_loop()
        self._idle[connected.origin].append((protocol, loop.time()))
        if self._cleaning is None:
            self._cleaning = loop.call_later(KEEP_ALIVE_S, self._close_old)

    async def close(self) -> None:
        """Close all idle connections."""
        if self._cleaning:
            self._cleaning.cancel()
            self._cleaning = None
        idle, self._idle = self._idle, defaultdict(list)
        for kept in idle.values():
            for protocol, _ in kept:
                protocol.abort()
        await asyncio.sleep(0)  # the loop closes their sockets

    def _idle_to(self, origin: Origin) -> ResponseHandler | None:
        kept = self._idle.get(origin)
        oldest = asyncio.get_running_loop().time() - KEEP_ALIVE_S
        while kept:
            protocol, since = kept.pop()
            if protocol.is_connected() and since >= oldest:
                return protocol
            protocol.close()
        self._idle.pop(origin, None)
        return None

    def _close_old(self) -> None:
        loop = asyncio.get_running_loop()
        oldest = loop.time() - KEEP_ALIVE_S
        for origin, kept in list(self._idle.items()):
            young = [(protocol, since) for protocol, since in kept if since > oldest]
            for protocol, since in kept:
                if since <= oldest:
                    protocol.close()
            if young:
                self._idle[origin] = young
            else:
                del self._idle[origin]
        self._cleaning = loop.call_later(KEEP_ALIVE_S, self._close_old) if self._idle else None

    async def _open(self, origin: Origin) -> ResponseHandler:
        addresses = await self._names.addresses(origin)
        while True:
            try:
                return await self._connect(origin, addresses)
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
                pop_addr_infos_interleave(addresses, 1)
                if not addresses:
                    raise

    async def _connect(self, origin: Origin, addresses: Sequence[AddrInfoType]) -> ResponseHandler:
        """Connect to one of several addresses of a server."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_S):
                sock = await start_connection(
                    addresses, happy_eyeballs_delay=_NEXT_ADDRESS_S, interleave=1, loop=loop
                )
                _, protocol = await loop.create_connection(
                    lambda: ResponseHandler(loop),
                    sock=sock,
                    ssl=self._trusted if origin.is_ssl else None,
                    server_hostname=origin.host.rstrip(".") if origin.is_ssl else None,
                )
                return protocol
        except OSError as error:
            raise _connection_error(origin, error) from error


def _connection_error(origin: Origin, error: OSError) -> aiohttp.ClientError:
    """Return the error that aiohttp's connector raises in place of one of the system or of OpenSSL."""
    key = cast(Any, origin)
    if isinstance(error, TimeoutError) and error.errno is None:
        return aiohttp.ConnectionTimeoutError("the connection took too long")
    if isinstance(error, ssl.CertificateError):
        return aiohttp.ClientConnectorCertificateError(key, error)
    if isinstance(error, ssl.SSLError):
        return aiohttp.ClientConnectorSSLError(key, error)
    return aiohttp.ClientConnectorError(key, error)


class _Names:
    """The addresses of names, kept for `NAMES_S`."""

    def __init__(self, resolver: GuardedResolver) -> None:
        self._resolver = resolver
        self._known: dict[tuple[str, int], tuple[float, list[AddrInfoType]]] = {}

    async def addresses(self, origin: Origin) -> list[AddrInfoType]:
        """Return the addresses of a server that may be reached, IPv6 and IPv4 in the resolver's order.

        Raises:
            aiohttp.ClientConnectorDNSError: there are none, or none that the guard allows.
        """
        if origin.number:
            return [_address(origin.number, origin.port)]
        now = asyncio.get_running_loop().time()
        until, known = self._known.get((origin.host, origin.port), (0.0, []))
        if now >= until:
            known = await self._resolved(origin)
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[origin.host, origin.port] = now + NAMES_S, known
        return list(known)

    async def _resolved(self, origin: Origin) -> list[AddrInfoType]:
        try:
            found = await self._resolver.resolve(origin.host, origin.port, _ANY_FAMILY)
            if not found:
                raise OSError(socket.EAI_NONAME, "no address")
        except OSError as error:
            raise aiohttp.ClientConnectorDNSError(cast(Any, origin), error) from error
        return [_address(result["host"], origin.port) for result in found]


#: aiohttp writes it so, for IPv4 and IPv6.
_ANY_FAMILY = socket.AddressFamily.AF_UNSPEC


def _address(number: str, port: int) -> AddrInfoType:
    """Return an address as `socket.getaddrinfo` does."""
    if ":" in number:
        return socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (number, port, 0, 0)
    return socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (number, port)
