"""The protocol by which jobs subscribe at hubs; no HTTP library is imported here."""

from datetime import timedelta
from typing import Protocol

from monitor.model import HubSubscription


class Subscribe(Protocol):
    """Requests a subscription from its hub, which confirms it by a request to us."""

    @property
    def lease(self) -> timedelta:
        """How long a subscription is requested for."""

    async def __call__(self, subscription: HubSubscription) -> str:
        """Send the request; return why the hub did not take it, "" if it did."""
