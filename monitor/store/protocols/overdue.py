"""Deliveries that are not simply sent: overdue ones, and alerts that are too many at once.

Nothing here deletes a row: a delivery that is not sent has a state and a reason.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from monitor.model import Delivery, OverdueDelivery


class OverdueStore(Protocol):
    """Finds overdue deliveries and closes them."""

    def overdue_deliveries(
        self, alerts_before: datetime, digests_before: datetime
    ) -> tuple[OverdueDelivery, ...]:
        """Return what is owed since before then, and what is `uncovered`, oldest first.

        Leaves out what may have arrived, and a digest of which a part was sent to the same recipient.
        """

    def uncovered(self) -> tuple[OverdueDelivery, ...]:
        """Return expired deliveries that no digest covers yet, oldest first."""

    def expire(self, covered_by: Mapping[str, str], now: datetime, reason: str) -> int:
        """Close owed deliveries, by id, as ``expired``, with the digest that covers each, or "" for none.

        Writes the digest of deliveries, too, that are expired and not covered yet.
        """

    def restore_expired(self, ids: Collection[str], now: datetime) -> int:
        """Make ``expired`` deliveries that no digest covers owed again."""

    def abandon(self, ids: Collection[str], now: datetime, reason: str) -> int:
        """Close owed deliveries as ``dead``."""


class StormStore(Protocol):
    """Finds alerts that are too many for a recipient and suppresses them."""

    def over_limit(
        self, channel: str, since: datetime, now: datetime, most: int, busy: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        """Return the due alerts that are too many for the recipient of the next delivery, oldest first.

        Each recipient gets `most` alerts in the time since then; the oldest are within the limit, and alerts
        of severity 5 always. Call it before each `lease`, with the same `busy` recipients.
        """

    def suppress(self, covered_by: Mapping[str, str], now: datetime, reason: str) -> int:
        """Close owed deliveries, by id, as ``suppressed``, with the summary that covers each, or ""."""

    def open_summary(self, channel: str, recipient: str, since: datetime) -> str:
        """Return the id of a recipient's summary that covers alerts suppressed since then and is not written.

        "" if there is none.
        """

    def open_summaries(self, since: datetime) -> tuple[Delivery, ...]:
        """Return deliveries suppressed since then whose summary is not written yet, oldest first."""
