"""The protocol for asking what is due."""

from datetime import datetime
from typing import Protocol

from monitor.model import DeliveryState


class DueWorkStore(Protocol):
    """What the jobs of a service have to do."""

    def due_kinds(self, now: datetime) -> frozenset[str]:
        """Return the kinds of job that have work: ``poll``, ``article``, ``deliver``.

        A delivery of a paused channel counts, though it cannot be sent yet.
        """

    def states_to_check(self, storms_since: datetime) -> frozenset[DeliveryState]:
        """Return the states of deliveries that need a check: ``owed``, ``uncertain``, ``dead``.

        Also ``expired`` where no digest covers a delivery yet, and ``suppressed`` where one was suppressed
        since then and its summary is not written.
        """
