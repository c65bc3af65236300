"""The protocol for looking at digests that were planned."""

from typing import Protocol

from monitor.model import Delivery, PastDigest


class PastDigestStore(Protocol):
    """Digests as they were planned, with their deliveries."""

    def past_digests(self, limit: int = 60, subscription: str = "") -> tuple[PastDigest, ...]:
        """Return the digests planned last, newest first."""

    def past_digest(self, id: str) -> tuple[PastDigest, tuple[Delivery, ...]] | None:
        """Return a digest by id or unambiguous beginning of one, with at most 200 of its deliveries."""
