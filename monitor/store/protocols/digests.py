"""Protocols for planning the digests of subscriptions and for reading their contents."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import Alert, Counts, DigestPlan, StorySoFar, Subscription, SubscriptionState, Tally

from .deadlines import DeadlineStore


class DigestStore(Protocol):
    """Subscriptions, and the digests planned for them."""

    def subscribe(self, subscriptions: Collection[Subscription], now: datetime) -> None:
        """Begin new subscriptions at the current end of the match sequence; known ones keep their position.

        One with a `backfill` begins before the alerts raised since then.
        """

    def subscription_states(self, names: Collection[str]) -> dict[str, SubscriptionState]:
        """Return the states of these subscriptions by name; one that has not begun is absent."""

    def waiting(self, names: Collection[str]) -> dict[str, tuple[Alert, ...]]:
        """Return for each subscription the alerts after its last plan that are in no digest of it.

        In match order; the filter of the subscription is not applied.
        """

    def last_seq(self) -> int:
        """Return the end of the match sequence."""

    def plan_each(self, plans: Sequence[DigestPlan]) -> tuple[bool, ...]:
        """Write digests of different subscriptions, their deliveries and watermarks, in one transaction.

        False for a plan whose occasion is already planned, or one of whose alerts is in another digest of the
        subscription: call `waiting` again.
        """


class DigestContentStore(DeadlineStore, Protocol):
    """The contents of digests and summaries: alerts, counts, history and deadlines."""

    def alerts_by_id(self, ids: Sequence[str]) -> tuple[Alert, ...]:
        """Return alerts in match order."""

    def digest_alerts(self, digests: Collection[str]) -> dict[str, tuple[Alert, ...]]:
        """Return the alerts of each digest, in match order."""

    def counts(self, since: datetime, until: datetime) -> Counts:
        """Return counts for the time [since, until); failing feeds and undelivered are as of now."""

    def so_far(self, name: str, alerts: Collection[Alert]) -> dict[str, StorySoFar]:
        """Return by story its sources, and its last alert in an earlier digest of this subscription.

        The alerts are those of one digest. Unknown stories are absent.
        """

    def history(self, since: datetime, until: datetime, zone: str) -> tuple[Tally, ...]:
        """Return how many alerts of each topic were raised on each local date in [since, until)."""
