"""Index patterns by their first word, in packed form: of tens of thousands most texts need a few hundred."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

from monitor.match.packed import PackedTexts, pack

from .pattern import Element, Pattern

TaggedPattern = tuple[str, Pattern]

#: Tag, letters as written, case, then kind and value of each element.
Row = list[str]
_FIRST = 3

#: What `fnmatch.translate` writes around and between the letters of a glob.
_SIGNS = re.compile(r"\(\?[a-z]*[:>]|\[.*?\]|\\.")

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class PackedPatterns(Sequence[Pattern]):
    """Patterns that are made when they are asked for."""

    text: str

    def __iter__(self) -> Iterator[Pattern]:
        return (pattern for _, pattern in unpacked(self.text))

    def rows(self, tag: str) -> Iterator[Row]:
        """Yield the patterns as rows with a tag."""
        return ([tag, *row[1:]] for row in (json.loads(self.text) if self.text else ()))

    def __len__(self) -> int:
        return len(json.loads(self.text)) if self.text else 0

    @overload
    def __getitem__(self, index: int) -> Pattern: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Pattern, ...]: ...
    def __getitem__(self, index: int | slice) -> Pattern | tuple[Pattern, ...]:
        return tuple(self)[index]


NO_PATTERNS = PackedPatterns("")


def pack_patterns(patterns: Iterable[Pattern]) -> PackedPatterns:
    """Return the same patterns, packed."""
    rows = [row_of("", pattern) for pattern in patterns]
    return PackedPatterns(_ENCODER.encode(rows) if rows else "")


class Opening(NamedTuple):
    """Tagged patterns that begin with one element, and letters that stand in every word that it accepts."""

    letters: str
    element: Element
    patterns: tuple[TaggedPattern, ...]


@dataclass(frozen=True, slots=True)
class PatternIndex:
    """Tagged patterns by the word or the stem that they begin with; `others` begin with neither."""

    words: PackedTexts
    stems: Mapping[str, str]
    others: tuple[Opening, ...]
    lengths: tuple[int, ...]

    def candidates(self, word: str, forms: tuple[str, ...]) -> Iterator[TaggedPattern]:
        """Yield the patterns that can begin with a word, given with all its forms."""
        for form in forms:
            yield from unpacked(self.words.get(form))
            for length in self.lengths:
                if length <= len(form):
                    yield from unpacked(self.stems.get(form[:length], ""))
        every = " ".join(forms)
        for opening in self.others:
            if opening.letters in every and opening.element.accepts(word):
                yield from opening.patterns

    def patterns(self) -> Iterator[TaggedPattern]:
        """Yield all tagged patterns, in no order."""
        for _, several in (*self.words.items(), *self.stems.items()):
            yield from unpacked(several)
        for opening in self.others:
            yield from opening.patterns


def index_patterns(patterns: Iterable[TaggedPattern]) -> PatternIndex:
    """Return the index of tagged patterns."""
    return index_rows(row_of(tag, pattern) for tag, pattern in patterns)


def index_rows(rows: Iterable[Row]) -> PatternIndex:
    """Return the index of tagged patterns that are given as rows."""
    words: dict[str, list[Row]] = defaultdict(list)
    stems: dict[str, list[Row]] = defaultdict(list)
    others: dict[Element, list[TaggedPattern]] = defaultdict(list)
    for row in rows:
        kind, value = row[_FIRST : _FIRST + 2]
        if kind == "word":
            words[value].append(row)
        elif kind == "stem":
            stems[value].append(row)
        else:
            others[Element(kind, value)].append(pattern_of(row))
    return PatternIndex(
        words=pack({word: _ENCODER.encode(several) for word, several in words.items()}),
        stems={stem: _ENCODER.encode(several) for stem, several in stems.items()},
        others=tuple(Opening(_letters(first), first, tuple(several)) for first, several in others.items()),
        lengths=tuple(sorted({len(stem) for stem in stems})),
    )


def _letters(element: Element) -> str:
    """Return the longest run of letters that every word has which an element accepts; "" if there is none."""
    if element.kind != "glob":
        return ""
    runs = re.findall(r"[^\W_]+", _SIGNS.sub(" ", element.value))
    return max(runs, key=len, default="")


def row_of(tag: str, pattern: Pattern) -> Row:
    """Return a tagged pattern as a row."""
    row = [tag, pattern.written, pattern.case]
    for element in pattern.elements:
        row += element
    return row


def pattern_of(row: Row) -> TaggedPattern:
    """Return the tagged pattern of a row."""
    tag, written, case, *elements = row
    pairs = zip(elements[::2], elements[1::2], strict=True)
    return tag, Pattern(tuple(map(Element._make, pairs)), written, case)


def unpacked(text: str) -> Iterator[TaggedPattern]:
    """Yield the patterns of a JSON array of rows; none for ""."""
    return map(pattern_of, json.loads(text) if text else ())
