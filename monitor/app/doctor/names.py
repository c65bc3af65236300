"""Examine whether the hosts of feeds and lists have addresses."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

from monitor.feeds.http.guard import literal

from .base import Examination, Finding, fail, ok, warn

_AT_ONCE = 16
_SHOWN = 5


async def examine_names(examination: Examination) -> AsyncIterator[Finding]:
    """Yield hosts without an address; nothing is connected to."""
    places = dict(_hosts(examination))
    turns = asyncio.Semaphore(_AT_ONCE)

    async def has_address(host: str) -> bool:
        async with turns:
            return await resolves(host, examination.timeout_s)

    answers = await asyncio.gather(*(has_address(host) for host in places))
    missing = [host for host, good in zip(places, answers, strict=True) if not good]
    if missing and len(missing) == len(places):
        remedy = "look at the network and at /etc/resolv.conf"
        yield fail(f"none of {len(places)} hosts has an address", "DNS", remedy)
        return
    for host in missing[:_SHOWN]:
        yield warn(f"{host} has no address", places[host], "mend the address, or set enabled = false")
    if len(missing) > _SHOWN:
        remedy = "see `sanctions-monitor feeds health`"
        yield warn(f"{len(missing) - _SHOWN} more hosts have no address", "", remedy)
    yield ok(f"{len(places) - len(missing)} of {len(places)} hosts of feeds and lists have an address")


async def resolves(host: str, timeout_s: float) -> bool:
    """Say whether a host is or has an address."""
    if literal(host):
        return True
    try:
        async with asyncio.timeout(timeout_s):
            return bool(await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except (OSError, TimeoutError, UnicodeError):
        return False


def _hosts(examination: Examination) -> Iterator[tuple[str, str]]:
    """Yield each host with the place of the key that names it; a proxy resolves names itself."""
    settings = examination.settings
    for name, feed in settings.feeds.items():
        host = urlsplit(feed.url).hostname
        if feed.enabled and host and feed.url.startswith(("http", "imap")) and not feed.proxy:
            yield host, examination.place("feeds", name, "url")
    for name, table in settings.lists.items():
        for url in table.sources if table.enabled else ():
            host = urlsplit(url).hostname
            if host and url.startswith("http"):
                yield host, examination.place("lists", name)
