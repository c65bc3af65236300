"""The protocol for asking what is due."""

from datetime import datetime
from typing import Protocol


class DueWorkStore(Protocol):
    """What the jobs of a service have to do."""

    def due_kinds(self, now: datetime) -> frozenset[str]:
        """Return the kinds of job that have work: ``poll``, ``article``, ``deliver``.

        A delivery of a paused channel counts, though it cannot be sent yet.
        """
