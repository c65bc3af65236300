"""The query language as a tree: what each operator finds in what was spotted.

A node's `find` returns matches: the stretch of words they cover and the spans that made them, so that
whoever asks why can be shown the words. `anchors` are tags of which at least one must occur for the node
to hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from .spotting import FIELDS, Doc, Span

MOST = 50


@dataclass(frozen=True, slots=True)
class Match:
    """Words [start, stop) of a field that satisfy a query, and the spans that did it."""

    field: str
    start: int
    stop: int
    spans: tuple[Span, ...]


class Query(Protocol):
    """A condition on what was spotted in an item."""

    def find(self, doc: Doc) -> tuple[Match, ...]:
        """Return the matches, title first and in reading order, the parts of an AND one after another.

        Empty when the query does not hold; what is said oftener than `MOST` times counts no more.
        """

    def anchors(self) -> frozenset[str]:
        """Return tags of which one at least must occur for the query to hold."""

    def says(self) -> str:
        """Return the query in plain words."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word, phrase, pattern or @tag. `source` is how it was written."""

    tag: str
    source: str

    def find(self, doc: Doc) -> tuple[Match, ...]:
        return tuple(Match(s.field, s.start, s.stop, (s,)) for s in doc[self.tag][:MOST])

    def anchors(self) -> frozenset[str]:
        return frozenset({self.tag})

    def says(self) -> str:
        return self.source


@dataclass(frozen=True, slots=True)
class Within:
    """Only what stands in one field: ``title:…``."""

    field: str
    part: Query

    def find(self, doc: Doc) -> tuple[Match, ...]:
        return tuple(match for match in self.part.find(doc) if match.field == self.field)

    def anchors(self) -> frozenset[str]:
        return self.part.anchors()

    def says(self) -> str:
        return f"{self.part.says()} in the {self.field}"


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds, anywhere in the item."""

    parts: tuple[Query, ...]

    def find(self, doc: Doc) -> tuple[Match, ...]:
        found = []
        for part in self.parts:
            matches = part.find(doc)
            if not matches:
                return ()
            found.append(matches)
        return tuple(match for matches in found for match in matches)

    def anchors(self) -> frozenset[str]:
        return min((part.anchors() for part in self.parts), key=len)

    def says(self) -> str:
        return " and ".join(part.says() for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Query, ...]

    def find(self, doc: Doc) -> tuple[Match, ...]:
        found = (match for part in self.parts for match in part.find(doc))
        return tuple(sorted(found, key=lambda m: (FIELDS.index(m.field), m.start, m.stop)))

    def anchors(self) -> frozenset[str]:
        return frozenset().union(*(part.anchors() for part in self.parts))

    def says(self) -> str:
        return "(" + " or ".join(part.says() for part in self.parts) + ")"


@dataclass(frozen=True, slots=True)
class Without:
    """`keep` holds and `drop` does not, anywhere in the item."""

    keep: Query
    drop: Query

    def find(self, doc: Doc) -> tuple[Match, ...]:
        matches = self.keep.find(doc)
        return () if not matches or self.drop.find(doc) else matches

    def anchors(self) -> frozenset[str]:
        return self.keep.anchors()

    def says(self) -> str:
        return f"{self.keep.says()}, without {self.drop.says()}"


@dataclass(frozen=True, slots=True)
class Near:
    """Both, in one field, with at most `words` words between them; `ordered` asks for left before right.

    With `words` None they stand in the same sentence, however far apart.
    """

    left: Query
    right: Query
    words: int | None
    ordered: bool = False

    def find(self, doc: Doc) -> tuple[Match, ...]:
        return tuple(dict.fromkeys(self._pairs(doc)))[:MOST]

    def _pairs(self, doc: Doc) -> Iterator[Match]:
        rights = self.right.find(doc) if (lefts := self.left.find(doc)) else ()
        for left in lefts:
            fitting = [right for right in rights if self._fit(doc, left, right)]
            if fitting:
                right = min(fitting, key=lambda r: (self._parted(doc, left, r), _between(left, r)))
                start, stop = min(left.start, right.start), max(left.stop, right.stop)
                yield Match(left.field, start, stop, left.spans + right.spans)

    @staticmethod
    def _parted(doc: Doc, left: Match, right: Match) -> bool:
        sentences = doc.texts[left.field].sentences
        return sentences[left.start] != sentences[right.start]

    def _fit(self, doc: Doc, left: Match, right: Match) -> bool:
        if left.field != right.field or _share_words(left, right):
            return False
        if self.ordered and right.start < left.stop:
            return False
        if self.words is None:
            return not self._parted(doc, left, right)
        return _between(left, right) <= self.words

    def anchors(self) -> frozenset[str]:
        return min(self.left.anchors(), self.right.anchors(), key=len)

    def says(self) -> str:
        if self.words is None:
            return f"{self.left.says()} in the same sentence as {self.right.says()}"
        order = "followed within" if self.ordered else "within"
        return f"{self.left.says()} {order} {self.words} words of {self.right.says()}"


def _share_words(left: Match, right: Match) -> bool:
    """A word is not near itself; but what stands between the words of the other is beside them."""
    return any(
        one.start < other.stop and other.start < one.stop for one in left.spans for other in right.spans
    )


def _between(left: Match, right: Match) -> int:
    return max(right.start - left.stop, left.start - right.stop, 0)


def leads(query: Query, doc: Doc) -> tuple[Match, ...]:
    """Return what leads a query: of parts joined by AND the first one's matches; the rest is company."""
    match query:
        case And(parts=parts):
            return leads(parts[0], doc) if query.find(doc) else ()
        case Or(parts=parts):
            return tuple(match for part in parts for match in leads(part, doc))
        case Without(keep=keep):
            return leads(keep, doc) if query.find(doc) else ()
    return query.find(doc)
