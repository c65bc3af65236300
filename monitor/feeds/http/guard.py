"""Allow connections to public addresses, and to hosts that the operator allows by name.

`forbidden` is pure. `Guard` holds the operator's list and checks hosts written as numbers; `resolver` checks
every resolved name.
"""

import errno
import ipaddress
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

ALLOW_HOSTS_KEY = "polling.allow_hosts"

Address = IPv4Address | IPv6Address

#: More exact than the interpreter's own table, which differs between versions; the first match is named.
_RANGES: tuple[tuple[IPv4Network | IPv6Network, str], ...] = tuple(
    (ipaddress.ip_network(network), why)
    for why, networks in {
        "unspecified": "0.0.0.0/32 ::/128",
        "a loopback address": "127.0.0.0/8 ::1/128",
        "a private address": "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fec0::/10 64:ff9b:1::/48",
        "a link-local address": "169.254.0.0/16 fe80::/10",
        "shared by a carrier's customers": "100.64.0.0/10",
        "a multicast address": "224.0.0.0/4 ff00::/8",
        "a cloud provider's internal address": "168.63.129.16/32",
        "reserved": "0.0.0.0/8 192.0.0.0/24 192.88.99.0/24 240.0.0.0/4 100::/64 5f00::/16",
        "for documentation or tests": "192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24"
        " 2001:db8::/32 3fff::/20 2001:2::/48",
    }.items()
    for network in networks.split()
)

_CARRIERS = tuple(  # IPv6 that carries an IPv4 address, and how far from the right it stands
    (ipaddress.IPv6Network(network), shift)
    for network, shift in (
        ("::ffff:0:0/96", 0),
        ("::ffff:0:0:0/96", 0),
        ("64:ff9b::/96", 0),
        ("2002::/16", 80),
    )
)
#: Hosts and addresses whose check is remembered: each is asked for again with every poll.
_CACHED = 16_384

_NUMBER = re.compile(r"0x[0-9a-f]{1,16}|0[0-7]{0,20}|[1-9][0-9]{0,20}")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_TEREDO = ipaddress.IPv6Network("2001::/32")


class Forbidden(PermissionError):
    """A connection that the guard refused; the text names host, reason and remedy."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(errno.EACCES, f"{host} is {why}; if that is meant, add it to {ALLOW_HOSTS_KEY}")


@lru_cache(maxsize=_CACHED)
def forbidden(address: str) -> str | None:
    """Return why an IP address may not be reached, None if it may. Anything else may not either."""
    try:
        whole = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "not an IP address"
    return next((why for inner in _unwrapped(whole) if (why := _reason(inner))), None)


def _reason(address: Address) -> str | None:
    for network, why in _RANGES:
        if address in network:
            return why
    return None if address.is_global else "not a public address"


def _unwrapped(address: Address) -> Iterator[Address]:
    """Yield the IPv4 addresses inside, else the address itself: a gateway may turn it into them."""
    carried = tuple(_carried(address)) if isinstance(address, IPv6Address) else ()
    yield from carried or (address,)


def _carried(address: IPv6Address) -> Iterator[IPv4Address]:
    value = int(address)
    if address in _TEREDO:
        yield IPv4Address(value >> 64 & 0xFFFFFFFF)
        yield IPv4Address(~value & 0xFFFFFFFF)
    elif address in _COMPATIBLE and value > 1:
        yield IPv4Address(value & 0xFFFFFFFF)
    for network, shift in _CARRIERS:
        if address in network:
            yield IPv4Address(value >> shift & 0xFFFFFFFF)


@lru_cache(maxsize=_CACHED)
def literal(host: str) -> Address | None:
    """Return the address that a host *is*, in any spelling that some resolver understands; None for a name.

    Source: WHATWG URL, "IPv4 parser": one to four parts, each decimal, octal (0…) or hexadecimal (0x…).
    """
    host = host.strip("[]").partition("%")[0].rstrip(".")
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return _loose_ipv4(host)


def _loose_ipv4(host: str) -> IPv4Address | None:
    parts = host.lower().split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    *high, low = (int(part, _base(part)) for part in parts)
    if max(high, default=0) > 255 or low >= 256 ** (5 - len(parts)):
        return None
    return IPv4Address(low + sum(number << 24 - 8 * place for place, number in enumerate(high)))


def _base(part: str) -> int:
    return 16 if part.startswith("0x") else 8 if part.startswith("0") and len(part) > 1 else 10


class Guard:
    """The operator's exceptions, and the check of hosts written as numbers.

    An exception is a host exactly as feeds name it, or ``host:port`` for that port alone.
    """

    def __init__(self, allow_hosts: Collection[str] = ()) -> None:
        self._allowed = frozenset(host.strip().lower().rstrip(".") for host in allow_hosts)

    def allows(self, host: str, port: int | None) -> bool:
        """Return whether the operator named this host, or this port of it."""
        name = host.strip("[]").lower().rstrip(".")
        name = f"[{name}]" if ":" in name else name
        return not self._allowed.isdisjoint({name, name.strip("[]"), f"{name}:{port}"})

    def opened_to(self, host: str, port: int | None) -> "Guard":
        """Return a guard that also allows this port of a host."""
        name = f"[{host}]" if ":" in host else host
        return Guard((*self._allowed, f"{name}:{port}"))

    def refusal(self, host: str, port: int | None) -> Forbidden | None:
        """Return the error for a host written as a number; the resolver checks names."""
        address = literal(host)
        why = forbidden(str(address)) if address else None
        return Forbidden(host, why) if why and not self.allows(host, port) else None
