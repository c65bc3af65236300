"""Decide whether a new copy of a list may replace the last one. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from monitor.model import Entity

#: The share of the last copy's entries and names that a new copy must reach, unless an operator accepts it.
MIN_SHARE_KEPT = 0.8

#: The share of the last copy's entries that a new copy must still hold, whatever its size, and the least
#: number of entries for which that says anything.
MIN_SHARE_FOUND_AGAIN, MIN_ENTRIES = 0.2, 3


@dataclass(frozen=True, slots=True)
class Count:
    """The size of a list."""

    entities: int
    names: int


def count_of(entities: Collection[Entity]) -> Count:
    """Count entries and their names."""
    return Count(len(entities), sum(len(entity.names) for entity in entities))


def refusal_reason(
    found: Count, last: Count | None, at_least: int, *, removed: int = 0, accepted: bool = False
) -> str:
    """Return why a copy is refused, "" if it is not.

    `last` is the size of the last copy and `removed` how many of its entries the new one lacks; `at_least` is
    the fewest entries the list can have, 0 for unknown. A copy that an operator `accepted` may be of any size
    but empty.
    """
    if not found.entities:
        return "holds no entry"
    if accepted:
        return ""
    return _shortfall(found, last, at_least) or _replacement(last, removed)


def _replacement(last: Count | None, removed: int) -> str:
    if last is None or last.entities < MIN_ENTRIES:
        return ""
    kept = last.entities - removed
    if kept < last.entities * MIN_SHARE_FOUND_AGAIN:
        return f"holds {kept:,} of the {last.entities:,} entries of the last copy: is it another file?"
    return ""


def _shortfall(found: Count, last: Count | None, at_least: int) -> str:
    if found.entities < at_least:
        return f"holds {found.entities:,} entries, and cannot have fewer than {at_least:,}"
    if last and found.entities < last.entities * MIN_SHARE_KEPT:
        return f"shrank from {last.entities:,} to {found.entities:,} entries"
    if last and found.names < last.names * MIN_SHARE_KEPT:
        return f"shrank from {last.names:,} to {found.names:,} names"
    return ""
