"""Find the few of many queries that can hold for a text, by the tags that occur in it.

Each query is indexed under one of the sets of tags it needs: the one shared with the fewest other queries.
When a tag of that set occurs, the other sets are tested, and only then is the query evaluated.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from .nodes import Query

T = TypeVar("T")

#: Tags that occur in most news: a query is indexed under another of its sets if it has one.
_COMMON = frozenset({"country", "amount", "pair", "weapon", "agency", "authority", "person", "maker"})
_COMMONLY = 1_000


@dataclass(frozen=True, slots=True)
class _Posting(Generic[T]):
    order: int
    value: T
    others: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Prefilter(Generic[T]):
    """An inverted index from tags to the rules whose queries need them."""

    postings: Mapping[str, tuple[_Posting[T], ...]]

    def able(self, tags: Collection[str]) -> tuple[T, ...]:
        """Return, in the order given, the values of the queries that can hold with these tags."""
        given = frozenset(tags)
        met: dict[int, T] = {}
        for tag in given & self.postings.keys():
            for posting in self.postings[tag]:
                if not any(map(given.isdisjoint, posting.others)):
                    met[posting.order] = posting.value
        return tuple([met[order] for order in sorted(met)])


def prefilter_of(queries: Iterable[tuple[Query, T]]) -> Prefilter[T]:
    """Index (query, value) pairs."""
    needed = [(query.needs(), value) for query, value in queries]
    shared = Counter(tag for needs, _ in needed for tags in needs for tag in tags)
    postings: dict[str, list[_Posting[T]]] = defaultdict(list)
    for order, (needs, value) in enumerate(needed):
        first, *others = sorted(needs, key=lambda tags: (_cost(tags, shared), sorted(tags)))
        for tag in first:
            postings[tag].append(_Posting(order, value, tuple(others)))
    return Prefilter({tag: tuple(each) for tag, each in postings.items()})


def _cost(tags: frozenset[str], shared: Mapping[str, int]) -> int:
    return sum(shared[tag] + _COMMONLY * (tag in _COMMON) for tag in tags)
