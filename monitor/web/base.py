"""The protocol of the store that the web views depend on."""

from datetime import datetime
from typing import Protocol

from monitor.model import Alert, Attempt, Delivery
from monitor.store.protocols import ActionStore, PreferenceStore


class WebStore(PreferenceStore, ActionStore, Protocol):
    """The store methods that the views use."""

    def alert(self, id: str) -> Alert | None:
        """Return an alert by id or unambiguous beginning of one."""

    def delivery(self, id: str) -> tuple[Delivery, tuple[Attempt, ...]] | None:
        """Return one delivery by id or unambiguous beginning of one, with its attempts in order."""

    def alerts(self, since: datetime, until: datetime) -> tuple[Alert, ...]:
        """Return alerts raised in [since, until), in match order."""
