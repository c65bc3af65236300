"""The protocol for what the desk asks about feeds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class FeedDayStore(Protocol):
    """New items by feed and day, and polls that people ask for."""

    def items_by_day(self, since: datetime, feed: str = "") -> Mapping[str, Mapping[str, int]]:
        """Return by feed how many items were first seen on each day since then (ISO dates in UTC)."""

    def poll_soon(self, feed: str, now: datetime) -> bool:
        """Make a feed due now; False if no such feed is enrolled."""
