"""Protocols for the states of channels and for canaries."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import AbandonedRun, CanaryResult, ChannelRecord, ChannelState, Delivery


class ChannelStore(Protocol):
    """Faults and pauses of channels, and the results of their deliveries."""

    def channel_states(self) -> dict[str, ChannelState]:
        """Return the state of every channel that was ever used, by name."""

    def record_channel_fault(self, state: ChannelState) -> None:
        """Write the state of a channel after a fault of its own; after a success `close_delivery` does."""

    def resume_channels(self, channels: Collection[str] = ()) -> None:
        """End the pause of these channels, or of all, so that they are tried again."""

    def channel_records(self) -> tuple[ChannelRecord, ...]:
        """Return the counts of deliveries of every channel that has any, ordered by name."""

    def abandoned_runs(self) -> dict[str, AbandonedRun]:
        """Return by channel the deliveries that were abandoned since it last accepted a message."""

    def receipts(self, channel: str, story: str) -> tuple[str, ...]:
        """Return the answers of a channel to the alerts of a story that it accepted, oldest first."""


class CanaryStore(Protocol):
    """Test messages that show whether a channel works."""

    def canaries(self) -> tuple[CanaryResult, ...]:
        """Return the result of the newest canary of each channel, by name of the channel."""

    def add_canaries(self, canaries: Sequence[Delivery], now: datetime) -> None:
        """Add canaries; an older one of the same channel that is not yet sent is discarded."""
