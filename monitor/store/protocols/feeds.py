"""Protocols for the state of feeds and for the reads and writes of a poll."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import Feed, FeedReach, FeedState, Item, KnownItems, PollOutcome, Story


class FeedStore(Protocol):
    """The enrolled feeds and the times of their polls."""

    def enrol(self, feeds: Collection[Feed], now: datetime) -> None:
        """Make these the feeds to poll: new ones are due now, known ones keep their state."""

    def pull_polls_forward(self, feeds: Collection[Feed], now: datetime) -> None:
        """Make due now each feed that is due later than its interval allows; free hosts likewise.

        For a clock that was set back: the times were written before that.
        """

    def due_shards(self, now: datetime) -> tuple[int, ...]:
        """Return the shards in which some feed is due and its host is free, in order."""

    def due_feeds(self, shards: Collection[int], now: datetime, limit: int = 200) -> tuple[FeedState, ...]:
        """Return due feeds of some shards, longest overdue first, at most one of each host that is free."""

    def take_feeds(
        self, shards: Collection[int], now: datetime, until: datetime, limit: int = 200
    ) -> tuple[FeedState, ...]:
        """Return due feeds as `due_feeds` does and reserve their hosts: no other caller gets them until then.

        The commit of the poll releases the host.
        """

    def release_reservations(self, feeds: Mapping[str, datetime], free_at: datetime) -> None:
        """Free the hosts that were reserved for feeds until then, and whose polls have committed nothing."""

    def next_due(self, among: datetime | None = None) -> datetime | None:
        """Return when the next enrolled feed is due and its host free, of those due by `among`; or None."""

    def feed_states(self) -> tuple[FeedState, ...]:
        """Return the state of every enrolled feed, by name."""

    def changed_feed_states(self, known: Mapping[str, int]) -> tuple[frozenset[str], tuple[FeedState, ...]]:
        """Return the enrolled feeds, and the state of each whose version is not the known one, by name."""

    def feed_states_since(
        self, known: Mapping[str, int], since: datetime, now: datetime
    ) -> tuple[FeedState, ...]:
        """Return the states of another version among feeds that were polled since a time or are due now."""

    def feed_reach(self) -> tuple[Mapping[FeedReach, int], datetime | None]:
        """Return how many enrolled feeds are read and how many are not, and the time of the last poll."""

    def accept(self, feed: str, now: datetime) -> bool:
        """Accept the recent changes of a feed: reset its profile and make it due now.

        False if no such feed is enrolled.
        """


class PollStore(Protocol):
    """The reads and writes of a poll."""

    def recall_items(self, feed: str, items: Sequence[Item]) -> KnownItems:
        """Return the stored items that some of these may be: by id or alias, else by link or title."""

    def stories_changed(self, since: datetime, known: Mapping[str, int]) -> tuple[Story, ...]:
        """Return the stories updated since then, except those `known` in their present version."""

    def commit(self, outcomes: Sequence[PollOutcome]) -> tuple[str, ...]:
        """Write outcomes in one transaction; return the feeds whose outcome was written.

        An outcome with a stale version, or one that is already written, changes nothing. Items, alerts and
        deliveries that are already stored stay as they are; a revised item gets its new words. When an item
        gets an alias, its aliases that were not seen for long are deleted.
        """
