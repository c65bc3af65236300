"""The nodes of a query tree and what each finds in the spans of a text.

`find` returns matches: the words that they cover and the spans that caused them. `needs` returns sets of
tags: of each set at least one must occur for the node to hold. `explain` puts a tree into words.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from monitor.match.spans import CATEGORY, QUERY_FIELDS, Doc, Span, category_tag

MOST = 50

#: The tags of acts begin with one of these.
ACTS = ("act:", "frame:")

#: Of each set at least one tag must occur.
Needs = frozenset[frozenset[str]]


class Match(NamedTuple):
    """Words [start, stop) of a field that satisfy a query, and the spans that caused it."""

    field: str
    start: int
    stop: int
    spans: tuple[Span, ...]


class Query(Protocol):
    """A condition on what was spotted in an item."""

    def find(self, doc: Doc) -> tuple[Match, ...]:
        """Return the matches, title first and in reading order, the parts of an AND one after another.

        Empty when the query does not hold; at most `MOST` matches of a term.
        """

    def needs(self) -> Needs:
        """Return sets of tags, at least one: of each set a tag must occur for the query to hold."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word, phrase, pattern or @tag, written as `source`; a `field` is the only one it may stand in."""

    tag: str
    source: str
    field: str = ""

    def find(self, doc: Doc) -> tuple[Match, ...]:
        spans = doc.spans.get(self.spotted_as if self.field else self.tag)
        if not spans:
            return ()
        if self.tag.startswith(ACTS):
            return tuple(self._acts(doc))[:MOST]
        if self.field:
            spans = tuple(span for span in spans if span.field == self.field)
        return tuple([Match(span.field, span.start, span.stop, (span,)) for span in spans[:MOST]])

    @property
    def spotted_as(self) -> str:
        """The tag of its spans: those in categories have tags of their own."""
        return category_tag(self.tag) if self.field == CATEGORY else self.tag

    def _acts(self, doc: Doc) -> Iterator[Match]:
        """Yield the acts of the tag; only the verb's first word is taken: parties may stand within."""
        for act in doc.acts:
            if self.tag in act.tags and self.field in {"", act.field}:
                first = act.spans[0].start
                cue = Span(act.field, first, first + 1, self.tag)
                yield Match(act.field, act.start, act.stop, (cue,))

    def needs(self) -> Needs:
        return frozenset({frozenset({self.spotted_as})})


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

    def needs(self) -> Needs:
        return frozenset().union(*(part.needs() for part in self.parts))


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Query, ...]

    def find(self, doc: Doc) -> tuple[Match, ...]:
        found: list[Match] = []
        for part in self.parts:
            if matches := part.find(doc):
                found += matches
        return in_order(found) if len(found) > 1 else tuple(found)

    def needs(self) -> Needs:
        """One set: whichever part holds, one tag of the smallest of its sets is there."""
        smallest = (min(part.needs(), key=lambda tags: (len(tags), sorted(tags))) for part in self.parts)
        return frozenset({frozenset().union(*smallest)})


@dataclass(frozen=True, slots=True)
class Without:
    """`keep` holds and `drop` does not, anywhere in the item."""

    keep: Query
    drop: Query

    def find(self, doc: Doc) -> tuple[Match, ...]:
        matches = self.keep.find(doc)
        return () if not matches or self.drop.find(doc) else matches

    def needs(self) -> Needs:
        return self.keep.needs()


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
        lefts = self.left.find(doc)
        rights = self.right.find(doc) if lefts else ()
        return tuple(dict.fromkeys(self._pairs(doc, lefts, rights)))[:MOST] if rights else ()

    def _pairs(self, doc: Doc, lefts: Iterable[Match], rights: Collection[Match]) -> Iterator[Match]:
        for left in lefts:
            fitting = [right for right in rights if self._fit(doc, left, right)]
            if fitting:
                right = min(fitting, key=lambda r: (parted(doc, left, r), between(left, r)))
                yield _joined((left, right))

    def _fit(self, doc: Doc, left: Match, right: Match) -> bool:
        if left.field != right.field or share_words(left, right):
            return False
        if self.ordered and right.start < left.stop:
            return False
        if self.words is None:
            return not parted(doc, left, right)
        return between(left, right) <= self.words

    def needs(self) -> Needs:
        return self.left.needs() | self.right.needs()


@dataclass(frozen=True, slots=True)
class Spread:
    """All parts in one field, in any order, with at most `words` other words among them: ``"a b c"~5``."""

    parts: tuple[Term, ...]
    words: int

    def find(self, doc: Doc) -> tuple[Match, ...]:
        found = [part.find(doc) for part in self.parts]
        if not all(found):
            return ()
        first = ((index, match) for index, matches in enumerate(found) for match in matches)
        groups = (self._from(found, index, match) for index, match in first)
        return in_order(dict.fromkeys(match for match in groups if match))[:MOST]

    def _from(self, found: list[tuple[Match, ...]], index: int, first: Match) -> Match | None:
        """Return the parts that follow `first` most closely, if they are close enough."""
        taken = [first]
        for other, matches in enumerate(found):
            if other == index:
                continue
            after = (m for m in matches if m.field == first.field and m.start >= first.start)
            free = (m for m in after if not any(share_words(m, each) for each in taken))
            if (nearest := min(free, key=lambda m: m.stop, default=None)) is None:
                return None
            taken.append(nearest)
        whole = _joined(taken)
        others = whole.stop - whole.start - sum(each.stop - each.start for each in taken)
        return whole if others <= self.words else None

    def needs(self) -> Needs:
        return frozenset().union(*(part.needs() for part in self.parts))


@dataclass(frozen=True, slots=True)
class AtLeast:
    """What `part` finds stands at least so often in the item: ``ATLEAST/3(tank* OR howitzer*)``."""

    times: int
    part: Query

    def find(self, doc: Doc) -> tuple[Match, ...]:
        matches = self.part.find(doc)
        return matches if mentions(matches) >= self.times else ()

    def needs(self) -> Needs:
        return self.part.needs()


def mentions(matches: Iterable[Match]) -> int:
    """Return the number of matches that do not overlap."""
    count, field, reached = 0, "", 0
    for match in sorted(matches, key=lambda m: (m.field, m.stop)):
        if match.field != field or match.start >= reached:
            count, field, reached = count + 1, match.field, match.stop
    return count


def walk(query: Query) -> Iterator[Term]:
    """Yield every term of a query, also of what must be absent, as they were written."""
    match query:
        case Term():
            yield query
        case And(parts=parts) | Or(parts=parts) | Spread(parts=parts):
            for part in parts:
                yield from walk(part)
        case Without(keep=left, drop=right) | Near(left=left, right=right):
            yield from walk(left)
            yield from walk(right)
        case AtLeast(part=part):
            yield from walk(part)


def leads(query: Query, doc: Doc) -> tuple[Match, ...]:
    """Return the matches of the first part of an AND; of other queries, all matches."""
    match query:
        case And(parts=(first, *others)):
            found = leads(first, doc)
            return found if found and all(part.find(doc) for part in others) else ()
        case Or(parts=parts):
            return tuple(match for part in parts for match in leads(part, doc))
        case Without(keep=keep, drop=drop):
            found = leads(keep, doc)
            return () if not found or drop.find(doc) else found
    return query.find(doc)


def in_order(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Return matches in reading order, those of the title first and of the page last."""
    return tuple(sorted(matches, key=lambda m: (QUERY_FIELDS.index(m.field), m.start, m.stop)))


def share_words(left: Match, right: Match) -> bool:
    """Say whether two matches share words; a match inside a gap of the other does not."""
    return any(
        one.start < other.stop and other.start < one.stop for one in left.spans for other in right.spans
    )


def between(left: Match, right: Match) -> int:
    """Return how many words stand between two matches of one field."""
    return max(right.start - left.stop, left.start - right.stop, 0)


def parted(doc: Doc, left: Match, right: Match) -> bool:
    """Say whether two matches of one field begin in different sentences."""
    sentences = doc.texts[left.field].sentences
    return sentences[left.start] != sentences[right.start]


def _joined(matches: Iterable[Match]) -> Match:
    parts = tuple(matches)
    start, stop = min(each.start for each in parts), max(each.stop for each in parts)
    return Match(parts[0].field, start, stop, tuple(span for each in parts for span in each.spans))
