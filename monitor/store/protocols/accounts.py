"""What is promised of deliveries that are not simply sent, of channels, and of the accounts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import Accounting, Alert, ChannelState, Counts, Delivery, OverdueDelivery


class Accounts(Protocol):
    """Nothing here deletes a row: what is not sent has a state and a note that says why."""

    def channel_states(self) -> dict[str, ChannelState]:
        """Return how every channel fares that was ever used, by name."""

    def record_channel_fault(self, state: ChannelState) -> None:
        """Write how a channel fares after a fault of its own; `settle` does so after a success."""

    def resume_channels(self, channels: Collection[str] = ()) -> None:
        """End the rest of these channels, or of all: somebody may have mended them."""

    def overdue_deliveries(
        self, alerts_before: datetime, digests_before: datetime
    ) -> tuple[OverdueDelivery, ...]:
        """Return what is owed since before then, and what is `untold`, oldest first.

        What may have arrived is not among it, nor a digest of which a part was sent to the same reader.
        """

    def uncovered(self) -> tuple[OverdueDelivery, ...]:
        """Return what expired and is told by nothing yet, oldest first."""

    def expire(self, covered_by: Mapping[str, str], now: datetime, reason: str) -> int:
        """Close owed deliveries as ``expired``, by id, with what tells them instead or "".

        Says so, too, of those that are expired and told by nothing yet.
        """

    def restore_expired(self, ids: Collection[str], now: datetime) -> int:
        """Owe again what is ``expired`` and told by nothing."""

    def abandon(self, ids: Collection[str], now: datetime, reason: str) -> int:
        """Close owed deliveries as ``dead``."""

    def suppress(self, covered_by: Mapping[str, str], now: datetime, reason: str) -> int:
        """Close owed deliveries as ``suppressed``, by id, with what tells them instead or ""."""

    def over_limit(self, channel: str, since: datetime, now: datetime, most: int) -> tuple[Delivery, ...]:
        """Return alerts due on a channel that are too many for their reader, without those of severity 5.

        Each reader gets `most` alerts in the time since then; the oldest go first.
        """

    def open_summaries(self, since: datetime) -> tuple[Delivery, ...]:
        """Return what was suppressed since then for a summary that is not written yet, oldest first."""

    def alerts_by_id(self, ids: Sequence[str]) -> tuple[Alert, ...]:
        """Return alerts in match order."""

    def digest_alerts(self, digests: Collection[str]) -> dict[str, tuple[Alert, ...]]:
        """Return what digests told, each in match order."""

    def add_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        """Add deliveries; those already there stay as they are."""

    def counts(self, since: datetime, until: datetime) -> Counts:
        """Return what happened in [since, until); failing feeds and undelivered are as of now."""

    def pull_forward(self, now: datetime, latest: datetime) -> int:
        """Make due now what is owed and due after `latest`: the clock was ahead when that was planned."""

    def accounting(self, since: datetime) -> Accounting:
        """Return what became of all that alerts raised and digests planned since then were owed."""

    def backlog(self) -> dict[str, dict[str, int]]:
        """Return how many deliveries of each channel are in which state, but for those that were sent."""
