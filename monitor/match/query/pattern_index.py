"""Index patterns by their first word, in packed form: of tens of thousands most texts need a few hundred."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from monitor.match.packed import PackedTexts, pack

from .pattern import Element, Pattern

TaggedPattern = tuple[str, Pattern]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class PackedPatterns(Sequence[Pattern]):
    """Patterns that are made when they are asked for."""

    text: str

    def __iter__(self) -> Iterator[Pattern]:
        return (pattern for _, pattern in unpacked(self.text))

    def __len__(self) -> int:
        return len(json.loads(self.text)) if self.text else 0

    @overload
    def __getitem__(self, index: int) -> Pattern: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Pattern, ...]: ...
    def __getitem__(self, index: int | slice) -> Pattern | tuple[Pattern, ...]:
        return tuple(self)[index]


def pack_patterns(patterns: Iterable[Pattern]) -> PackedPatterns:
    """Return the same patterns, packed."""
    return PackedPatterns(packed(("", pattern) for pattern in patterns))


@dataclass(frozen=True, slots=True)
class PatternIndex:
    """Tagged patterns by the word or the stem that they begin with; `others` begin with neither."""

    words: PackedTexts
    stems: Mapping[str, str]
    others: tuple[TaggedPattern, ...]
    lengths: tuple[int, ...]

    def candidates(self, word: str, forms: Iterable[str]) -> Iterator[TaggedPattern]:
        """Yield the patterns that can begin with a word, given with its other forms."""
        for form in forms:
            yield from unpacked(self.words.get(form))
            for length in self.lengths:
                if length <= len(form):
                    yield from unpacked(self.stems.get(form[:length], ""))
        yield from (each for each in self.others if each[1].elements[0].accepts(word))

    def patterns(self) -> Iterator[TaggedPattern]:
        """Yield all tagged patterns, in no order."""
        for _, several in (*self.words.items(), *self.stems.items()):
            yield from unpacked(several)
        yield from self.others


def index_patterns(patterns: Iterable[TaggedPattern]) -> PatternIndex:
    """Return the index of tagged patterns."""
    words: dict[str, list[TaggedPattern]] = defaultdict(list)
    stems: dict[str, list[TaggedPattern]] = defaultdict(list)
    others = []
    for each in patterns:
        first = each[1].elements[0]
        if first.kind == "word":
            words[first.value].append(each)
        elif first.kind == "stem":
            stems[first.value].append(each)
        else:
            others.append(each)
    return PatternIndex(
        words=pack({word: packed(several) for word, several in words.items()}),
        stems={stem: packed(several) for stem, several in stems.items()},
        others=tuple(others),
        lengths=tuple(sorted({len(stem) for stem in stems})),
    )


def packed(patterns: Iterable[TaggedPattern]) -> str:
    """Return tagged patterns as one JSON array without a line break."""
    rows = []
    for tag, pattern in patterns:
        row = [tag, pattern.written, pattern.case]
        for element in pattern.elements:
            row += (element.kind, element.value)
        rows.append(row)
    return _ENCODER.encode(rows) if rows else ""


def unpacked(text: str) -> Iterator[TaggedPattern]:
    """Yield the patterns of `packed`."""
    for tag, written, case, *elements in json.loads(text) if text else ():
        pairs = zip(elements[::2], elements[1::2], strict=True)
        yield tag, Pattern(tuple(Element(kind, value) for kind, value in pairs), written, case)
