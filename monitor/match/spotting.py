"""One pass over a text that finds everything anyone looks for.

The index is immutable: build a new one beside it when the lexicon or the rules change, and swap.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.text import Text

from .pattern import Pattern

MEMORY = 200_000


@dataclass(frozen=True, slots=True)
class Span:
    """Words [start, stop) of a field, and the tag of what was recognised there."""

    field: str
    start: int
    stop: int
    tag: str


#: Where words may stand, in reading order.
FIELDS = ("title", "summary", "body")


@dataclass(frozen=True, slots=True)
class Doc:
    """An item as read: its fields as text, and all spans by tag in reading order."""

    texts: Mapping[str, Text]
    spans: Mapping[str, tuple[Span, ...]]

    def __getitem__(self, tag: str) -> tuple[Span, ...]:
        return self.spans.get(tag, ())

    def quote(self, span: Span) -> str:
        """Return the original words of a span."""
        return self.texts[span.field].quote(span.start, span.stop)

    def sentence(self, span: Span) -> int:
        """Return the number of the sentence in which a span begins."""
        return self.texts[span.field].sentences[span.start]


@dataclass(slots=True)
class Spotter:
    """Finds patterns by their first word; what a word can begin is worked out once for each word met."""

    patterns: Iterable[tuple[str, Pattern]]
    _words: dict[str, list[tuple[str, Pattern]]] = field(default_factory=lambda: defaultdict(list))
    _stems: dict[str, list[tuple[str, Pattern]]] = field(default_factory=lambda: defaultdict(list))
    _others: list[tuple[str, Pattern]] = field(default_factory=list)
    _lengths: tuple[int, ...] = ()
    _met: dict[str, tuple[tuple[str, Pattern], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for tag, pattern in self.patterns:
            first = pattern.elements[0]
            if first.kind == "word":
                self._words[first.value].append((tag, pattern))
            elif first.kind == "stem":
                self._stems[first.value].append((tag, pattern))
            else:
                self._others.append((tag, pattern))
        self._lengths = tuple(sorted({len(stem) for stem in self._stems}))

    def spot(self, name: str, text: Text) -> list[Span]:
        """Return every span in one field, in reading order; longest first where several begin."""
        found = []
        for at, word in enumerate(text.words):
            for tag, pattern in self._begun_by(word):
                if (stop := pattern.ends(text, at)) is not None:
                    found.append(Span(name, at, stop, tag))
        return sorted(set(found), key=lambda span: (span.start, -span.stop, span.tag))

    def _begun_by(self, word: str) -> tuple[tuple[str, Pattern], ...]:
        known = self._met.get(word)
        if known is None:
            known = tuple(self._candidates(word))
            if len(self._met) < MEMORY:
                self._met[word] = known
        return known

    def _candidates(self, word: str) -> Iterable[tuple[str, Pattern]]:
        yield from self._words.get(word, ())
        for length in self._lengths:
            yield from self._stems.get(word[:length], ()) if length <= len(word) else ()
        yield from (each for each in self._others if each[1].elements[0].accepts(word))
