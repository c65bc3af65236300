"""The protocol for looking up purchases of arms."""

from collections.abc import Collection
from typing import Protocol

from monitor.model import Deal


class DealStore(Protocol):
    """Finds purchases of arms."""

    def deals(self, buyer: str, systems: Collection[str]) -> tuple[Deal, ...]:
        """Return the purchases of a buyer that share a system, the one updated last first."""
