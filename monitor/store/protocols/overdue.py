"""Protocols for overdue deliveries and for alerts above the storm limit.

No method deletes a row: a delivery that is not sent has a state and a reason.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from monitor.model import Delivery, OverdueDelivery, Storm


class OverdueStore(Protocol):
    """Finds overdue deliveries and closes them."""

    def overdue_deliveries(
        self, alerts_before: datetime, digests_before: datetime
    ) -> tuple[OverdueDelivery, ...]:
        """Return deliveries owed since before these times and those `uncovered`, oldest first.

        Excludes deliveries that may have arrived, and parts of a digest of which another part was sent to the
        same recipient.
        """

    def uncovered(self) -> tuple[OverdueDelivery, ...]:
        """Return expired deliveries that no digest covers yet, oldest first."""

    def expire(self, covered_by: Mapping[str, str], now: datetime, reason: str) -> int:
        """Close owed deliveries, by id, as ``expired``, with the digest that covers each, or "" for none.

        For deliveries that are expired and not covered yet it writes the digest.
        """

    def restore_expired(self, ids: Collection[str], now: datetime) -> int:
        """Make ``expired`` deliveries that no digest covers owed again."""

    def unconfigured(self, configured: Collection[str]) -> dict[str, int]:
        """Return how many deliveries are owed to each other channel than these; those in doubt count too."""

    def abandon(self, channel: str, before: datetime, now: datetime, reason: str) -> int:
        """Close the deliveries owed to a channel since before a time as ``dead``."""


class StormStore(Protocol):
    """Finds and suppresses the alerts above the storm limit of a recipient."""

    def over_limit(
        self, channel: str, since: datetime, now: datetime, most: int, busy: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        """Return the due alerts above the limit of the recipient of the next delivery, oldest first.

        The limit is `most` alerts since `since`. The oldest due alerts are within it; alerts of severity 5
        are exempt. Call it before each `lease`, with the same `busy` recipients.
        """

    def suppress(self, covered_by: Mapping[str, str], now: datetime, reason: str) -> int:
        """Close owed deliveries, by id, as ``suppressed``, with the summary that covers each, or ""."""

    def open_summary(self, channel: str, recipient: str, since: datetime) -> str:
        """Return the id of a recipient's summary that covers alerts suppressed since then and is not written.

        "" if there is none.
        """

    def open_storms(self, since: datetime) -> tuple[Storm, ...]:
        """Return the storms with an alert suppressed since then whose summary is not written yet, by id.

        `began_at` counts the alerts since then only.
        """

    def storm_alerts(self, storm: str) -> tuple[str, ...]:
        """Return the ids of the alerts that a summary is to report, oldest first; none once it is written."""
