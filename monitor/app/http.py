"""Make the HTTP client of a command that fetches by itself."""

import httpx

from monitor.config import Settings
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.transport import client

from .derive import guard_of, user_agent_of


def guarded_client(settings: Settings) -> tuple[httpx.AsyncClient, Guard]:
    """Return a client, which the caller closes, and the guard of the addresses that it connects to."""
    guard = guard_of(settings)
    return client(guard, user_agent_of(settings)), guard
