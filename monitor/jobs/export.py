"""Read all records of a kind from the store and the lists, in bounded memory, oldest first."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from monitor.lists.cache import ListCache
from monitor.model import Action, Alert, DeliveryHistory, Entity, ExportKind, Judged, Period
from monitor.store import Store


class ExportSource:
    """Reads records of the store, and the entries of `lists` from their last good copies."""

    def __init__(self, store: Store, cache: ListCache, lists: tuple[str, ...]) -> None:
        self._store = store
        self._cache = cache
        self._lists = lists

    def records(self, kind: ExportKind, period: Period = Period()) -> Iterator[Any]:  # noqa: B008  frozen
        """Yield `Judged`, `Alert`, `DeliveryHistory`, `Action` or `Entity`; entries have no period.

        Raises:
            ListError: a copy of a list cannot be read.
        """
        match kind:
            case ExportKind.ITEMS:
                return self._items(period)
            case ExportKind.ALERTS:
                return self._alerts(period)
            case ExportKind.DELIVERIES:
                return self._deliveries(period)
            case ExportKind.FEEDBACK:
                return self._actions(period)
            case ExportKind.ENTRIES:
                return self._entries()

    def _items(self, period: Period) -> Iterator[Judged]:
        after = 0
        while batch := self._store.items_after(after, period):
            yield from (judged for _, judged in batch)
            after = batch[-1][0]

    def _alerts(self, period: Period) -> Iterator[Alert]:
        after = 0
        while batch := self._store.alerts_after(after, period):
            yield from batch
            after = batch[-1].seq

    def _deliveries(self, period: Period) -> Iterator[DeliveryHistory]:
        after = 0
        while batch := self._store.deliveries_after(after, period):
            yield from (history for _, history in batch)
            after = batch[-1][0]

    def _actions(self, period: Period) -> Iterator[Action]:
        after = 0
        while batch := self._store.actions_after(after, period):
            yield from chain.from_iterable(actions for _, actions in batch)
            after = batch[-1][0]

    def _entries(self) -> Iterator[Entity]:
        for name in self._lists:
            if self._cache.record(name).version:
                yield from self._cache.entities(name)
