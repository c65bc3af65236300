"""Protocols for looking up the archive and for deleting from it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import (
    Alert,
    DeliveryHistory,
    Exhibit,
    FileRole,
    ItemFilter,
    Judged,
    RetentionCutoffs,
    RuleFile,
    WordCondition,
)


class Archive(Protocol):
    """Items with their verdicts, alerts, and the documents they came from."""

    def item(self, id: str) -> Judged | None:
        """Return one item with its verdict, by id or unambiguous beginning of one."""

    def find_items(
        self,
        asked: ItemFilter,
        words: WordCondition | None = None,
        after: Judged | None = None,
        limit: int = 500,
    ) -> tuple[Judged, ...]:
        """Return items that fit, newest first; continue `after` the last one of a batch."""

    def judged_since(
        self, since: datetime, after: Judged | None = None, limit: int = 500
    ) -> tuple[Judged, ...]:
        """Return items first seen since then, oldest first; continue `after` the last one of a batch."""

    def alert(self, id: str) -> Alert | None:
        """Return an alert by id or unambiguous beginning of one."""

    def alerts(self, since: datetime, until: datetime) -> tuple[Alert, ...]:
        """Return alerts raised in [since, until), in match order."""

    def newest_alerts(self, since: datetime, before: int = 0, limit: int = 500) -> tuple[Alert, ...]:
        """Return alerts raised since then, newest first; continue `before` the last `seq` of a batch."""

    def alert_of(self, item: str) -> Alert | None:
        """Return the newest alert raised for an item, by the item's id."""

    def exhibits(self, item: str) -> tuple[Exhibit, ...]:
        """Return every alert of an item, oldest first, with the document it came from.

        Raises:
            StoreError: a document is no longer the one that was written.
        """


class EvidenceStore(Protocol):
    """The files by which items were judged, and the deliveries about an alert."""

    def store_rule_files(self, versions: Mapping[str, str], files: Sequence[RuleFile], now: datetime) -> None:
        """Store the files of the versions of ``rules`` and ``lexicon``, each version once."""

    def rule_files(self, kind: FileRole, version: str) -> tuple[RuleFile, ...]:
        """Return the files of a version of the rules, or of the lexicon with scoring; none if not stored."""

    def deliveries_about(self, alert: Alert) -> tuple[DeliveryHistory, ...]:
        """Return the deliveries of an alert, of digests with it and of what covers it, with attempts."""


class RetentionStore(Protocol):
    """Deletes rows that are past their retention."""

    def purge(self, before: RetentionCutoffs, now: datetime, limit: int = 500) -> int:
        """Delete at most `limit` rows of one kind that are past their cutoff; return how many, 0 for none."""

    def purged_at(self) -> datetime | None:
        """Return the time of the last `record_purge`."""

    def record_purge(self, now: datetime) -> None:
        """Record that nothing was left to purge."""
