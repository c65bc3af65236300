"""A client as the program builds it, allowed to reach loopback, and a site to reach."""

import ssl
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from monitor.feeds.http.fetch import Fetcher, Limits
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.transport import client
from tests.support.servers import Site

LOOPBACK = Guard(["127.0.0.1", "localhost"])
AGENT = "sanctions-monitor/0 (+https://monitor.example)"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(scope="session")
def authorities() -> ssl.SSLContext:
    """The public authorities, read once: they take longer than most tests."""
    return httpx.create_ssl_context()


@pytest.fixture
async def http(authorities: ssl.SSLContext) -> AsyncIterator[httpx.AsyncClient]:
    async with client(LOOPBACK, AGENT, verify=authorities) as http:
        yield http


@pytest.fixture
def fetch(http: httpx.AsyncClient) -> Fetcher:
    return Fetcher(http, LOOPBACK, Limits(wire_bytes=50_000, body_bytes=200_000))
