"""The protocol for what the desk asks about feeds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from monitor.model import ArchivedDocument


class FeedDayStore(Protocol):
    """New items by feed and day, documents, and polls that people ask for."""

    def items_by_day(self, since: datetime, feed: str = "") -> Mapping[str, Mapping[str, int]]:
        """Return by feed how many items were first seen on each day since then (ISO dates in UTC)."""

    def last_document(self, feed: str) -> ArchivedDocument | None:
        """Return the newest stored document of a feed; None if there is none.

        Raises:
            StoreError: the document is no longer the one that was written.
        """

    def poll_soon(self, feed: str, now: datetime) -> bool:
        """Make a feed due now; False if no such feed is enrolled."""
