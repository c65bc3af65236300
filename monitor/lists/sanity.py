"""Whether a freshly read list may take the place of the one on the shelf. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from monitor.model import Entity

#: A list that keeps less of its last good copy than this is refused until an operator accepts it.
LEAST_KEPT = 0.8


@dataclass(frozen=True, slots=True)
class Count:
    """How much a list holds."""

    entities: int
    names: int


def count_of(entities: Collection[Entity]) -> Count:
    """Count entries and their names."""
    return Count(len(entities), sum(len(entity.names) for entity in entities))


def refusal(found: Count, last: Count | None, at_least: int, accepted: bool = False) -> str:
    """Return why a list is refused, or "".

    `last` is the last good copy's; `at_least` is the fewest entries the list can have, 0 for unknown. What an
    operator `accepted` may be as short as it likes, but not empty.
    """
    if not found.entities:
        return "holds no entry"
    return "" if accepted else _shortfall(found, last, at_least)


def _shortfall(found: Count, last: Count | None, at_least: int) -> str:
    if found.entities < at_least:
        return f"holds {found.entities:,} entries, and cannot have fewer than {at_least:,}"
    if last and found.entities < last.entities * LEAST_KEPT:
        return f"shrank from {last.entities:,} to {found.entities:,} entries"
    if last and found.names < last.names * LEAST_KEPT:
        return f"shrank from {last.names:,} to {found.names:,} names"
    return ""
