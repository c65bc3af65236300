"""The protocol for incidents and the account of all deliveries."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import Accounting, Delivery, Incident


class HealthStore(Protocol):
    """Incidents, each opened and closed once, and the account of all deliveries."""

    def open_incidents(self) -> tuple[Incident, ...]:
        """Return incidents that are not closed, oldest first."""

    def report(
        self, opened: Collection[Incident], closed: Collection[Incident], deliveries: Sequence[Delivery]
    ) -> None:
        """Write incidents that opened and closed, and the deliveries about them, in one transaction."""

    def incidents(self, since: datetime, limit: int = 100) -> tuple[Incident, ...]:
        """Return incidents open at or after a time, newest first."""

    def accounting(self, since: datetime) -> Accounting:
        """Return the states of all deliveries of the alerts raised and the digests planned since then."""
