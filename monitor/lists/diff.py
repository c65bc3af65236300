"""Compare two versions of a list. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.model import Entity, EntityKind
from monitor.text import words


@dataclass(frozen=True, slots=True)
class ListChange:
    """Entities added, entities removed, and pairs (before, after) of changed ones."""

    added: tuple[Entity, ...] = ()
    removed: tuple[Entity, ...] = ()
    changed: tuple[tuple[Entity, Entity], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def compare(before: Iterable[Entity], after: Iterable[Entity]) -> ListChange:
    """Return the difference of two versions; an entity of which only the id changed is unchanged.

    Holds `before` in memory, and of `after` only what differs.
    """
    old = {entity.id: entity for entity in before}
    new: list[Entity] = []
    changed: list[tuple[Entity, Entity]] = []
    for entity in after:
        was = old.pop(entity.id, None)
        if was is None:
            new.append(entity)
        elif _content(was) != _content(entity):
            changed.append((was, entity))
    return _pair_renumbered(new, list(old.values()), changed)


def _pair_renumbered(
    new: list[Entity], gone: list[Entity], changed: list[tuple[Entity, Entity]]
) -> ListChange:
    """Pair added with removed entities of the same name and kind: lists renumber."""
    by_name: dict[tuple[EntityKind, tuple[str, ...]], list[Entity]] = {}
    for entity in gone:
        by_name.setdefault(_identity(entity), []).append(entity)
    added: list[Entity] = []
    moved: list[tuple[Entity, Entity]] = []
    for entity in new:
        twins = by_name.get(_identity(entity))
        if twins:
            moved.append((twins.pop(0), entity))
        else:
            added.append(entity)
    stayed = {was.id for was, _ in moved}
    removed = tuple(entity for entity in gone if entity.id not in stayed)
    differing = (pair for pair in moved if _content(pair[0]) != _content(pair[1]))
    return ListChange(tuple(added), removed, (*changed, *differing))


def _identity(entity: Entity) -> tuple[EntityKind, tuple[str, ...]]:
    return entity.kind, words(entity.name)


def _content(entity: Entity) -> tuple[object, ...]:
    """Return the facts of an entity, whatever their order."""
    several = (frozenset(entity.names), frozenset(entity.countries), frozenset(entity.programmes))
    return entity.kind, *several, entity.listed_on
