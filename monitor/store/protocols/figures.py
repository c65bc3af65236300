"""The protocol for the figures behind charts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from monitor.model import Alert, AlertTimes


class FigureStore(Protocol):
    """Counts of stories by day and by what they are about."""

    def stories_by_day(self, kind: str, since: datetime) -> Mapping[tuple[str, str], int]:
        """Return how many stories began on each day (ISO, UTC) with each value of a kind of facet."""

    def facet_counts(self, kind: str, since: datetime, limit: int = 400) -> Mapping[str, int]:
        """Return how many stories since then have each value of a kind of facet, the most frequent ones."""

    def alert_times(self, since: datetime, limit: int = 2000) -> tuple[AlertTimes, ...]:
        """Return when the newest alerts were published, seen, raised and first sent."""

    def alerts_behind(self, seq: int, limit: int = 1000) -> tuple[Alert, ...]:
        """Return alerts after a place in the match sequence, in order."""

    def sent_between(self, after: datetime, until: datetime, limit: int = 1000) -> tuple[AlertTimes, ...]:
        """Return the times of alerts that a delivery brought in (after, until], in order of `sent_at`."""

    def oldest_owed(self) -> dict[str, datetime]:
        """Return by channel since when its oldest owed delivery is due."""
