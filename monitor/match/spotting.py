"""Find all patterns and all listed names of a text in one pass.

A spotter does not change: when the lexicon or the rules do, build a new one and swap it in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from monitor.match.names.resolve import Names
from monitor.match.query.pattern_index import PatternIndex, TaggedPattern, index_patterns
from monitor.text import Text, variants
from monitor.text.lookalikes import lookalikes

from .spans import NAME_TAG, Span

MAX_CACHED_WORDS = 200_000


@dataclass(slots=True, kw_only=True)
class Spotter:
    """Finds patterns by their first word, and names by their word ids; both are cached for each word."""

    indexes: tuple[PatternIndex, ...]
    names: Names | None = None
    _cache: dict[str, tuple[int, tuple[TaggedPattern, ...]]] = field(default_factory=dict)

    @property
    def patterns(self) -> Iterator[TaggedPattern]:
        """All tagged patterns, in no order."""
        for index in self.indexes:
            yield from index.patterns()

    def also(self, patterns: Iterable[TaggedPattern]) -> "Spotter":
        """Return a spotter that finds more patterns."""
        return Spotter(indexes=(*self.indexes, index_patterns(patterns)), names=self.names)

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

    def _cached(self, word: str) -> tuple[int, tuple[TaggedPattern, ...]]:
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

    def _candidates(self, word: str) -> Iterator[TaggedPattern]:
        forms = variants(word)
        for index in self.indexes:
            yield from index.candidates(word, forms)


def spotter_of(patterns: Iterable[TaggedPattern], names: Names | None = None) -> Spotter:
    """Return a spotter of tagged patterns and of names."""
    return Spotter(indexes=(index_patterns(patterns),), names=names)
