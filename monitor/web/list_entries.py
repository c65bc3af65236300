"""Read the state and the entries of sanctions lists, of which a copy may be damaged."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.errors import ListError
from monitor.lists.cache import ListCache
from monitor.lists.records import CacheRecord
from monitor.model import Entity


def list_record(cache: ListCache, name: str) -> CacheRecord:
    """Return the state of a list; of one whose state is damaged only the `problem`."""
    try:
        return cache.record(name)
    except ListError as error:
        return CacheRecord(problem=str(error))


@dataclass(slots=True)
class ListEntries:
    """The entries of lists in order, each time it is iterated; `problems` says what cannot be read."""

    cache: ListCache
    names: tuple[str, ...]
    problems: dict[str, None] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Entity]:
        for name in self.names:
            try:
                yield from self.cache.entities(name)
            except ListError as error:
                self.problems[str(error)] = None

    @property
    def version(self) -> str:
        """The versions of all copies; another copy may have its entries in another order."""
        return " ".join(f"{name} {list_record(self.cache, name).version}" for name in self.names)
