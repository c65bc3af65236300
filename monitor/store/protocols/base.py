"""What is remembered. One method is one transaction; all are synchronous and called from one thread.

A protocol for each reader: the stories of polling and of pages, the outbox, the digests, the health, the
people who look things up.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import (
    Accounting,
    Alert,
    ArticleOutcome,
    Attempt,
    AttemptPhase,
    CanaryResult,
    ChannelRecord,
    ChannelState,
    Delivery,
    DeliveryState,
    Exhibit,
    Feed,
    FeedState,
    Incident,
    Item,
    Judged,
    KnownItems,
    Page,
    PollOutcome,
    RetentionCutoffs,
    Story,
)

from .accounts import Accounts
from .planning import DigestStore
from .preferences import ActionStore, PreferenceStore


class FeedStore(Protocol):
    """What `ingest` needs."""

    def enrol(self, feeds: Collection[Feed], now: datetime) -> None:
        """Make these the feeds to poll: new ones are due now, known ones keep their state."""

    def due_shards(self, now: datetime) -> tuple[int, ...]:
        """Return the shards in which some feed is due and its host is free, in order."""

    def due_feeds(self, shard: int, now: datetime, limit: int = 200) -> tuple[FeedState, ...]:
        """Return due feeds of a shard, longest overdue first, at most one of each host that is free."""

    def next_due(self) -> datetime | None:
        """Return when the next enrolled feed will be due and its host free; None without feeds."""

    def recall_items(self, feed: str, items: Sequence[Item]) -> KnownItems:
        """Return what is stored of a feed's items: by id or alias, and of others also by link and title."""

    def stories_changed(self, since: datetime, known: Mapping[str, int]) -> tuple[Story, ...]:
        """Return the stories told since then, but those that are `known` in the version they have."""

    def accept(self, feed: str, now: datetime) -> bool:
        """Forget what a feed is used to look like and where it answers from; False if there is none.

        It is asked again now; what its last document showed is no longer a sign of anything.
        """

    def commit(self, outcomes: Sequence[PollOutcome]) -> tuple[str, ...]:
        """Write outcomes in one transaction; return the feeds whose outcome was written.

        An outcome whose state carries a stale version changes nothing, nor does one written before. Items,
        alerts and deliveries that are already there stay as they are; a revised item gets its new words, and
        an alias that was not seen for long makes room for a newer one of the same item.
        """


class Outbox(Protocol):
    """The deliveries that `deliver` sends, and what people do about them."""

    def owed_channels(self, now: datetime) -> tuple[str, ...]:
        """Return channels with a delivery due, in order of name; without those that rest."""

    def lease(self, channel: str, now: datetime, until: datetime, limit: int = 1) -> tuple[Delivery, ...]:
        """Take due deliveries, oldest first, and open an attempt in phase ``connect`` for each.

        Also takes those whose lease ran out. None of them is given to anyone else before `until`. Takes
        nothing while the channel rests.
        """

    def record_phase(self, delivery: Delivery, phase: AttemptPhase) -> None:
        """Record how far the open attempt has come; ``data`` is written just before the message leaves."""

    def settle(
        self, delivery: Delivery, now: datetime, *, state: DeliveryState, reason: str = "", code: str = ""
    ) -> None:
        """Close a leased delivery and its attempt as ``sent``, which ends a channel fault, or ``dead``."""

    def suppress_leased(self, delivery: Delivery, now: datetime, reason: str) -> None:
        """Close a leased delivery and its attempt as ``suppressed``; a delivery not leased stays."""

    def postpone(self, delivery: Delivery, now: datetime, *, code: str = "") -> None:
        """Give a leased delivery back; it carries its new `due_at`, `attempts`, `note` and `state`."""

    def recover(self, now: datetime, uncertain_until: datetime, repeatable: Collection[str] = ()) -> int:
        """Give back what a dead process had leased, and return how many.

        An attempt that had not come to ``data`` is due at once; one that had is uncertain until then, except
        on the `repeatable` channels, whose other side drops a repeat by its id: there it is due at once too.
        For the embedded engine, which alone holds the database.
        """

    def add_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        """Add deliveries; those already there stay as they are."""

    def deliveries(
        self, states: Collection[str] = (), limit: int = 50, channel: str = ""
    ) -> tuple[Delivery, ...]:
        """Return deliveries, newest first, of these states or of all, and of one channel if it is named."""

    def delivery(self, id: str) -> tuple[Delivery, tuple[Attempt, ...]] | None:
        """Return one delivery by id or unambiguous beginning of one, with its attempts in order."""

    def requeue(self, id: str, now: datetime) -> bool:
        """Make a delivery that is not sent due now, under the same id; False if that is not possible."""

    def discard(self, id: str, now: datetime, reason: str) -> bool:
        """Close a delivery that is not sent, for a reason; False if not possible."""


class DeliveryStore(Outbox, Accounts, Protocol):
    """The outbox, and what is remembered of channels."""


class HealthStore(Protocol):
    """What `watch` needs."""

    def feed_states(self) -> tuple[FeedState, ...]:
        """Return the state of every enrolled feed, by name."""

    def channel_states(self) -> dict[str, ChannelState]:
        """Return how every channel fares that was ever used, by name."""

    def backlog(self) -> dict[str, dict[str, int]]:
        """Return how many deliveries of each channel are in which state, but for those that were sent."""

    def accounting(self, since: datetime) -> Accounting:
        """Return what became of all that alerts raised and digests planned since then were owed."""

    def open_incidents(self) -> tuple[Incident, ...]:
        """Return incidents that are not closed, oldest first."""

    def report(
        self, opened: Collection[Incident], closed: Collection[Incident], deliveries: Sequence[Delivery]
    ) -> None:
        """Write incidents that opened and closed, with what is owed about them, in one transaction."""

    def incidents(self, since: datetime, limit: int = 100) -> tuple[Incident, ...]:
        """Return incidents open at or after a time, newest first."""


class ChannelStore(Protocol):
    """What is known of channels by what became of their deliveries."""

    def channel_records(self) -> tuple[ChannelRecord, ...]:
        """Return what became of all deliveries, by name of the channel."""

    def receipts(self, channel: str, story: str) -> tuple[str, ...]:
        """Return what a channel was answered to the alerts of a story that it took, oldest first."""

    def canaries(self) -> tuple[CanaryResult, ...]:
        """Return how the newest canary of each channel fared, by name of the channel."""

    def add_canaries(self, canaries: Sequence[Delivery], now: datetime) -> None:
        """Owe canaries; an older one of the same channel that is not yet sent is discarded."""


class ArticleStore(Protocol):
    """What `fulltext` needs. States: owed, read, given up."""

    def due_article_shards(self, now: datetime) -> tuple[int, ...]:
        """Return the shards in which some page is due and its host free, in order."""

    def articles_due(self, now: datetime) -> int:
        """Return how many pages are due, whether their hosts are free or not."""

    def take_articles(self, shard: int, now: datetime, until: datetime, limit: int = 50) -> tuple[Page, ...]:
        """Take due pages of a shard, one of each free host, and keep these hosts free for them until then.

        A host of which a feed is due is not free for pages.
        """

    def commit_article(self, outcome: ArticleOutcome) -> bool:
        """Write an outcome in one transaction, and say when its host may be asked again.

        False if the page is no longer as it was taken; or its item was revised meanwhile, and then it stays
        owed.
        """


class Archive(Protocol):
    """What people look up."""

    def item(self, id: str) -> Judged | None:
        """Return one item with its verdict, by id or unambiguous beginning of one."""

    def search(self, words: str, limit: int = 20) -> tuple[Judged, ...]:
        """Return items that have all these words, newest first; a quoted part is a phrase."""

    def judged_since(
        self, since: datetime, after: Judged | None = None, limit: int = 500
    ) -> tuple[Judged, ...]:
        """Return items first seen since then, the oldest first; go on `after` the last one of a batch."""

    def alerts(self, since: datetime, until: datetime) -> tuple[Alert, ...]:
        """Return alerts raised in [since, until), in match order."""

    def alert_of(self, item: str) -> Alert | None:
        """Return the newest alert raised for an item, by the item's id."""

    def exhibits(self, item: str) -> tuple[Exhibit, ...]:
        """Return every alert of an item, oldest first, with the document it came from.

        Raises:
            StoreError: a document is no longer the one that was written.
        """

    def purge(self, before: RetentionCutoffs, now: datetime, limit: int = 500) -> int:
        """Delete at most so many rows of one kind that may go, and return how many; 0 when none is left."""

    def purged_at(self) -> datetime | None:
        """Return when `tidied` was last told."""

    def record_purge(self, now: datetime) -> None:
        """Remember that nothing was left to purge."""

    def feed_states(self) -> tuple[FeedState, ...]:
        """Return the state of every enrolled feed, by name."""


class Store(
    FeedStore,
    ArticleStore,
    Outbox,
    ChannelStore,
    Accounts,
    DigestStore,
    HealthStore,
    Archive,
    PreferenceStore,
    ActionStore,
    Protocol,
):
    """All of it, and its end."""

    def close(self) -> None:
        """Let go of the database and of the lock on it."""
