"""Find what a program has stored, by the index of its words."""

from monitor.model import AllOf, IndexWord, ItemFilter, Judged
from monitor.store import SqlStore


def found(store: SqlStore, words: str, limit: int = 1_000_000) -> tuple[Judged, ...]:
    """Return the items that contain all of these words, newest first; all items without a word."""
    condition = AllOf(tuple(map(IndexWord, words.split()))) if words else None
    return store.find_items(ItemFilter(), condition, limit=limit)
