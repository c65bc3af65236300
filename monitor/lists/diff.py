"""What became of a list's parties between two versions. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.model import Entity, EntityKind
from monitor.text import words


@dataclass(frozen=True, slots=True)
class ListChange:
    """Parties that came, that went, and pairs (before, after) of those described otherwise now."""

    added: tuple[Entity, ...] = ()
    removed: tuple[Entity, ...] = ()
    changed: tuple[tuple[Entity, Entity], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def compare(before: Iterable[Entity], after: Iterable[Entity]) -> ListChange:
    """Return what changed; a party whose id alone is another has stayed.

    Holds `before` in memory, and of `after` only what differs.
    """
    old = {entity.id: entity for entity in before}
    new: list[Entity] = []
    changed: list[tuple[Entity, Entity]] = []
    for entity in after:
        was = old.pop(entity.id, None)
        if was is None:
            new.append(entity)
        elif _said(was) != _said(entity):
            changed.append((was, entity))
    return _settled(new, list(old.values()), changed)


def _settled(new: list[Entity], gone: list[Entity], changed: list[tuple[Entity, Entity]]) -> ListChange:
    """Pair what came with what went under the same name: lists renumber."""
    by_name: dict[tuple[EntityKind, tuple[str, ...]], list[Entity]] = {}
    for entity in gone:
        by_name.setdefault(_same(entity), []).append(entity)
    added: list[Entity] = []
    moved: list[tuple[Entity, Entity]] = []
    for entity in new:
        twins = by_name.get(_same(entity))
        if twins:
            moved.append((twins.pop(0), entity))
        else:
            added.append(entity)
    stayed = {was.id for was, _ in moved}
    removed = tuple(entity for entity in gone if entity.id not in stayed)
    differing = (pair for pair in moved if _said(pair[0]) != _said(pair[1]))
    return ListChange(tuple(added), removed, (*changed, *differing))


def _same(entity: Entity) -> tuple[EntityKind, tuple[str, ...]]:
    return entity.kind, words(entity.name)


def _said(entity: Entity) -> tuple[object, ...]:
    """Return what a list says of a party, in any order."""
    several = (frozenset(entity.names), frozenset(entity.countries), frozenset(entity.programmes))
    return entity.kind, *several, entity.listed_on
