"""Thousands of standing queries for the price of a few: only those are asked whose needs were met.

Each query hangs at one of the sets of tags it needs, the one shared with the fewest other queries; where a
tag of that set occurs, the other sets are looked at, and only then is the query itself asked.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from .nodes import Query

T = TypeVar("T")

#: Tags that occur in most news: a query hangs at another of its sets if it has one.
_COMMON = frozenset({"country", "amount", "pair", "weapon", "agency", "authority", "person", "maker"})
_COMMONLY = 1_000


@dataclass(frozen=True, slots=True)
class _Post(Generic[T]):
    place: int
    what: T
    others: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Standing(Generic[T]):
    """What belongs to many queries, found by the tags of a text."""

    posts: Mapping[str, tuple[_Post[T], ...]]

    def able(self, tags: Collection[str]) -> tuple[T, ...]:
        """Return, in the order given, what belongs to the queries that can hold with these tags at all."""
        given = frozenset(tags)
        met = {
            post.place: post.what
            for tag in given & self.posts.keys()
            for post in self.posts[tag]
            if not any(given.isdisjoint(tags) for tags in post.others)
        }
        return tuple(what for _, what in sorted(met.items(), key=lambda pair: pair[0]))


def stand(queries: Iterable[tuple[Query, T]]) -> Standing[T]:
    """Index queries, each with what belongs to it."""
    needed = [(query.needs(), what) for query, what in queries]
    shared = Counter(tag for needs, _ in needed for tags in needs for tag in tags)
    posts: dict[str, list[_Post[T]]] = defaultdict(list)
    for place, (needs, what) in enumerate(needed):
        first, *others = sorted(needs, key=lambda tags: (_burden(tags, shared), sorted(tags)))
        for tag in first:
            posts[tag].append(_Post(place, what, tuple(others)))
    return Standing({tag: tuple(each) for tag, each in posts.items()})


def _burden(tags: frozenset[str], shared: Mapping[str, int]) -> int:
    return sum(shared[tag] + _COMMONLY * (tag in _COMMON) for tag in tags)
