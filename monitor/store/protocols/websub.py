"""The protocol for subscriptions at WebSub hubs."""

from datetime import datetime
from typing import Protocol

from monitor.model import HubSubscription


class HubStore(Protocol):
    """Subscriptions of feeds at their hubs; polls record the hubs that documents name."""

    def hub_subscriptions(self) -> tuple[HubSubscription, ...]:
        """Return those of all enrolled feeds, by feed."""

    def hub_subscription(self, feed: str) -> HubSubscription | None:
        """Return that of a feed; None if its document names no hub."""

    def due_hub_subscriptions(self, now: datetime, limit: int) -> tuple[HubSubscription, ...]:
        """Return those of enrolled feeds that are to be requested or renewed, longest due first."""

    def hub_subscription_by(self, token: str) -> HubSubscription | None:
        """Return the one with this token."""

    def record_hub_request(self, requested: HubSubscription) -> bool:
        """Write it before its request is sent; False if the document names another hub by now."""

    def record_hub_refusal(self, token: str, reason: str) -> bool:
        """Write why the hub did not take the last request; False if no subscription has this token."""

    def confirm_hub(self, token: str, expires_at: datetime, due_at: datetime) -> None:
        """Write that the hub has confirmed a subscription, until when, and when it is to be renewed."""

    def notify_hub(self, token: str, now: datetime, poll_at: datetime) -> None:
        """Count a notice and make its feed due at `poll_at`, unless it is due sooner or failing."""

    def last_poll(self, feed: str) -> datetime | None:
        """Return when a feed was last polled."""
