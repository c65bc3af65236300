"""Fixtures for the tests of HTTP channels: a client like the program's, and a sender."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from aiohttp import ClientSession, TCPConnector
from httpx_aiohttp import AiohttpTransport

from monitor.channels import ChannelSettings, Tools
from monitor.clock import Clock, utc_now
from monitor.errors import DeliveryError
from monitor.feeds.http.authorities import trusted_authorities
from tests.conftest import delivery


@dataclass
class Sender:
    """Sends a delivery through the channel that `settings` make, and remembers the phases."""

    http: httpx.AsyncClient
    clock: Clock = utc_now
    time_limit_s: float = 30.0
    phases: list[str] = field(default_factory=list)

    async def __call__(self, settings: ChannelSettings, **changes: Any) -> str:
        tools = Tools(http=self.http, clock=self.clock, time_limit_s=self.time_limit_s)
        return await settings.build(tools).send(delivery(**changes), self.on_phase)

    async def on_phase(self, phase: str) -> None:
        self.phases.append(phase)

    async def refusal(self, settings: ChannelSettings, **changes: Any) -> DeliveryError:
        with pytest.raises(DeliveryError) as caught:
            await self(settings, **changes)
        return caught.value


@pytest.fixture(params=["aiohttp", "httpcore"])
async def sender(request: pytest.FixtureRequest) -> AsyncIterator[Sender]:
    trusted = trusted_authorities()
    transport = AiohttpTransport(verify=trusted, client=_session) if request.param == "aiohttp" else None
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(verify=trusted, transport=transport, limits=limits, trust_env=False) as http:
        yield Sender(http)


def _session() -> ClientSession:
    return ClientSession(connector=TCPConnector(force_close=True))
