"""What planning digests asks of the store."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import (
    Alert,
    Counts,
    DigestPlan,
    OverdueDelivery,
    Silence,
    StorySoFar,
    Subscription,
    SubscriptionState,
    Tally,
)


class DigestStore(Protocol):
    """What `digest` needs."""

    def uncovered(self) -> tuple[OverdueDelivery, ...]:
        """Return what expired and is told by nothing yet, oldest first."""

    def digest_alerts(self, digests: Collection[str]) -> dict[str, tuple[Alert, ...]]:
        """Return what digests told, each in match order."""

    def silences(self, now: datetime | None = None) -> tuple[Silence, ...]:
        """Return the silences that count now, or all there ever were, oldest first."""

    def subscribe(self, subscriptions: Collection[Subscription], now: datetime) -> None:
        """Begin new subscriptions at the current end of the match sequence; known ones keep their place.

        One with a `backfill` begins before the alerts raised since then.
        """

    def subscription(self, name: str) -> SubscriptionState | None:
        """Return how far a subscription has come."""

    def subscription_states(self, names: Collection[str]) -> dict[str, SubscriptionState]:
        """Return how far these subscriptions have come; one that has not begun is absent."""

    def waiting(self, names: Collection[str]) -> dict[str, tuple[Alert, ...]]:
        """Return for each subscription what came after it was last planned and is in no digest of it.

        In match order; whether an alert is meant is not asked.
        """

    def last_seq(self) -> int:
        """Return the end of the match sequence."""

    def plan(self, plan: DigestPlan) -> bool:
        """Write a digest, its deliveries and the watermark; False if the occasion was planned before.

        Also False if one of its alerts is in another digest of the subscription: look again what waits.
        """

    def plan_each(self, plans: Sequence[DigestPlan]) -> tuple[bool, ...]:
        """Write plans of different subscriptions in one transaction, each as `plan` does."""

    def counts(self, since: datetime, until: datetime) -> Counts:
        """Return what happened in [since, until); failing feeds and undelivered are as of now."""

    def so_far(self, name: str, alerts: Collection[Alert]) -> dict[str, StorySoFar]:
        """Return by story who told it, and what an earlier digest of this subscription said of it.

        The alerts are those of one digest. A story of which nothing is known is left out.
        """

    def history(self, since: datetime, until: datetime, zone: str) -> tuple[Tally, ...]:
        """Return how many alerts of each topic were raised on each local date in [since, until)."""
