"""The protocol for reading whole tables, a batch at a time, oldest first."""

from typing import Protocol

from monitor.model import Action, Alert, DeliveryHistory, Judged, Period


class ExportStore(Protocol):
    """Batches of records; each continues `after` the last number of the one before, and 0 begins.

    Rows that are added or deleted meanwhile neither repeat nor hide others.
    """

    def items_after(self, after: int, period: Period, limit: int = 500) -> tuple[tuple[int, Judged], ...]:
        """Return items first seen in a period with their numbers, in the order in which they were stored."""

    def alerts_after(self, after: int, period: Period, limit: int = 200) -> tuple[Alert, ...]:
        """Return alerts raised in a period, in match order, after one by its `seq`."""

    def deliveries_after(
        self, after: int, period: Period, limit: int = 500
    ) -> tuple[tuple[int, DeliveryHistory], ...]:
        """Return deliveries made in a period with their numbers and attempts, without their messages."""

    def actions_after(
        self, after: int, period: Period, limit: int = 500
    ) -> tuple[tuple[int, tuple[Action, ...]], ...]:
        """Return the actions of a period on each alert that has any, after an alert by its `seq`."""
