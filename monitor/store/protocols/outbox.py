"""Protocols for leasing due deliveries and for finding and changing any delivery."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import Attempt, AttemptPhase, Delivery, DeliveryState


class Outbox(Protocol):
    """Leases due deliveries and records how each attempt ended."""

    def owed_channels(self, now: datetime) -> tuple[str, ...]:
        """Return channels with a delivery due, in order of name; without those that are paused."""

    def lease(
        self, channel: str, now: datetime, until: datetime, limit: int = 1, busy: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        """Take due deliveries, oldest first, and open an attempt in phase ``connect`` for each.

        Also takes those whose lease ran out. No other caller gets them before `until`. Takes nothing while
        the channel is paused, and nothing for `busy` recipients.
        """

    def record_phase(self, delivery: Delivery, phase: AttemptPhase) -> bool:
        """Record how far the open attempt has come; ``data`` is written just before the message leaves.

        False, and nothing is recorded, if this process has no lease of the delivery any longer.
        """

    def close_delivery(
        self, delivery: Delivery, now: datetime, *, state: DeliveryState, reason: str = "", code: str = ""
    ) -> None:
        """Close a leased delivery and its attempt as ``sent``, which ends a channel fault, or ``dead``."""

    def suppress_leased(self, delivery: Delivery, now: datetime, reason: str) -> None:
        """Close a leased delivery and its attempt as ``suppressed``; a delivery not leased stays."""

    def postpone(self, delivery: Delivery, now: datetime, *, code: str = "") -> None:
        """Release a delivery leased by this process.

        It carries its new `due_at`, `attempts`, `reason` and `state`.
        """

    def recover(self, now: datetime, uncertain_until: datetime, repeatable: Collection[str] = ()) -> int:
        """Release all leases, those of dead processes, and return how many.

        A delivery whose attempt had not reached ``data`` is due at once. One whose attempt had is uncertain
        and due at `uncertain_until`, except on the `repeatable` channels, whose receiver drops a repeated id:
        there it is due at once too. For the local engine, whose process alone uses the database.
        """

    def release(
        self,
        now: datetime,
        uncertain_until: datetime,
        repeatable: Collection[str] = (),
        in_flight: Collection[str] = (),
    ) -> int:
        """Release the leases of this process, as `recover` does, and return how many.

        Deliveries `in_flight`, by id, stay leased. For use after the store has failed: a lease may have been
        written although `lease` raised, or its outcome could not be written.
        """


class DeliveryStore(Protocol):
    """Adds deliveries, finds them, and changes those that are not sent."""

    def add_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        """Add deliveries; those already stored stay as they are."""

    def deliveries(
        self, states: Collection[str] = (), limit: int = 50, channel: str = ""
    ) -> tuple[Delivery, ...]:
        """Return deliveries, newest first, of these states or of all, and of one channel if it is named."""

    def delivery(self, id: str) -> tuple[Delivery, tuple[Attempt, ...]] | None:
        """Return one delivery by id or unambiguous beginning of one, with its attempts in order."""

    def requeue(self, id: str, now: datetime) -> bool:
        """Make a delivery that is not sent due now, under the same id; False if that is not possible."""

    def discard(self, id: str, now: datetime, reason: str) -> bool:
        """Close a delivery that is not sent, for a reason; False if that is not possible."""

    def pull_forward(self, now: datetime, latest: datetime) -> int:
        """Make due now each delivery due after `latest`: the clock was ahead when that was written."""

    def backlog(self) -> dict[str, dict[str, int]]:
        """Return by channel how many deliveries are in each state, except ``sent``."""
