"""Send the request for a subscription to its hub."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import httpx

from monitor.model import HubSubscription

#: The path of the pages that hubs call, without the token.
PATH = "/websub/"

TIME_LIMIT_S = 15.0


@dataclass(frozen=True, slots=True)
class HubClient:
    """The `Subscribe` of one service; `http` must be guarded, `base_url` is where hubs reach us."""

    http: httpx.AsyncClient
    base_url: str
    lease: timedelta

    async def __call__(self, subscription: HubSubscription) -> str:
        form = {
            "hub.mode": "subscribe",
            "hub.topic": subscription.topic,
            "hub.callback": f"{self.base_url}{PATH}{subscription.token}",
            "hub.secret": subscription.secret,
            "hub.lease_seconds": str(int(self.lease.total_seconds())),
        }
        try:
            async with asyncio.timeout(TIME_LIMIT_S):
                status = await self._send(subscription.hub, form)
        except TimeoutError:
            return "the hub did not answer in time"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return f"the hub cannot be reached ({type(error).__name__})"
        return "" if 200 <= status < 300 else f"the hub answers HTTP {status}"

    async def _send(self, url: str, form: dict[str, str]) -> int:
        request = self.http.stream("POST", url, data=form, follow_redirects=False)
        async with request as response:
            return response.status_code
