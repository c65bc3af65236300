"""Find all patterns and all listed names of a text in one pass.

A spotter does not change: when the lexicon or the rules do, build a new one and swap it in.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.match.names.resolve import Names
from monitor.match.query.pattern import Pattern
from monitor.text import Text, variants
from monitor.text.lookalikes import lookalikes

from .spans import NAME_TAG, Span

MAX_CACHED_WORDS = 200_000


@dataclass(slots=True, kw_only=True)
class Spotter:
    """Finds patterns by their first word, and names by their word ids; both are cached for each word."""

    patterns: Iterable[tuple[str, Pattern]]
    names: Names | None = None
    _words: dict[str, list[tuple[str, Pattern]]] = field(default_factory=lambda: defaultdict(list))
    _stems: dict[str, list[tuple[str, Pattern]]] = field(default_factory=lambda: defaultdict(list))
    _others: list[tuple[str, Pattern]] = field(default_factory=list)
    _lengths: tuple[int, ...] = ()
    _cache: dict[str, tuple[int, tuple[tuple[str, Pattern], ...]]] = field(default_factory=dict)

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
        """Return every span of one field in reading order, the longest first where several begin."""
        found, tokens = [], []
        for at, word in enumerate(text.words):
            token, begun = self._cached(word)
            tokens.append(token)
            for tag, pattern in begun:
                if (stop := pattern.ends(text, at)) is not None:
                    found.append(Span(name, at, stop, tag))
        if self.names is not None:
            hits = self.names.index.find(tokens)
            found += (Span(name, start, stop, f"{NAME_TAG}{number}") for start, stop, number in hits)
        return sorted(set(found), key=lambda span: (span.start, -span.stop, span.tag))

    def _cached(self, word: str) -> tuple[int, tuple[tuple[str, Pattern], ...]]:
        known = self._cache.get(word)
        if known is None:
            known = self._token(word), tuple(self._candidates(word))
            if len(self._cache) < MAX_CACHED_WORDS:
                self._cache[word] = known
        return known

    def _token(self, word: str) -> int:
        """Return the id of a word, or of a look-alike, in the index of names; 0 if no name contains it."""
        if self.names is None:
            return 0
        found = map(self.names.index.token, (word, *lookalikes(word)))
        return next(filter(None, found), 0)

    def _candidates(self, word: str) -> Iterable[tuple[str, Pattern]]:
        for form in variants(word):
            yield from self._words.get(form, ())
            for length in self._lengths:
                yield from self._stems.get(form[:length], ()) if length <= len(form) else ()
        yield from (each for each in self._others if each[1].elements[0].accepts(word))
