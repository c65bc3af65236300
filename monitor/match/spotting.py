"""Find all patterns and all listed names of a text in one pass.

A spotter does not change: when the lexicon or the rules do, build a new one and swap it in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from monitor.match.names.resolve import Names
from monitor.match.query.pattern import PERSIAN_ENDINGS, reach
from monitor.match.query.pattern_index import PatternIndex, TaggedPattern, index_patterns
from monitor.text import Text, compiled, variants

from .spans import NAME_TAG, Span

#: A year of a large English newsroom has 44,000 words.
MAX_CACHED_WORDS = 100_000

_NONE: Mapping[str, tuple[TaggedPattern, ...]] = {}


class _Begun(NamedTuple):
    """What a word can begin: its id among listed names, and patterns.

    `alone` are the tags of patterns that need no other word, `seconds` patterns by the word that comes second
    in them, `others` all others.
    """

    token: int
    alone: tuple[str, ...] = ()
    seconds: Mapping[str, tuple[TaggedPattern, ...]] = _NONE
    others: tuple[TaggedPattern, ...] = ()

    def before(self, word: str) -> tuple[TaggedPattern, ...]:
        """Return the patterns of several words or forms that can match if this word follows."""
        if not self.seconds:
            return self.others
        if word.isascii():
            fitting = self.seconds.get(word)
            return (*self.others, *fitting) if fitting else self.others
        forms = self.seconds if word in PERSIAN_ENDINGS else variants(word)
        return (*self.others, *(each for form in forms for each in self.seconds.get(form, ())))


def _begun(token: int, patterns: Iterable[TaggedPattern]) -> _Begun:
    """Return patterns that begin with one word, by what else they need."""
    alone: list[str] = []
    others: list[TaggedPattern] = []
    seconds: dict[str, tuple[TaggedPattern, ...]] = {}
    for tag, pattern in patterns:
        if pattern.is_one_word:
            alone.append(tag)
        elif second := pattern.second_word:
            seconds[second] = (*seconds.get(second, ()), (tag, pattern))
        else:
            others.append((tag, pattern))
    return _Begun(token, tuple(alone), seconds or _NONE, tuple(others))


class _Pure(NamedTuple):
    """What the compiled spotter uses of the pure one."""

    span: type[Span] = Span
    name_tag: str = NAME_TAG
    variants: Callable[[str], tuple[str, ...]] = variants
    endings: frozenset[str] = PERSIAN_ENDINGS
    reach: Callable[[Text, int], int] = reach


_compiled = compiled.module("spotting")


@dataclass(slots=True, kw_only=True)
class Spotter:
    """Finds patterns by their first word, and names by their word ids; both are cached for each word."""

    indexes: tuple[PatternIndex, ...]
    names: Names | None = None
    _cache: dict[str, _Begun] = field(default_factory=dict, repr=False)
    _shared: dict[tuple[int, tuple[TaggedPattern, ...]], _Begun] = field(default_factory=dict, repr=False)
    _compiled: Any = field(default=None, repr=False, compare=False)

    def __getstate__(self) -> tuple[tuple[PatternIndex, ...], Names | None]:
        return self.indexes, self.names

    def __setstate__(self, state: tuple[tuple[PatternIndex, ...], Names | None]) -> None:
        self.indexes, self.names = state
        self._cache, self._shared, self._compiled = {}, {}, None

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
        if _compiled is None:
            return self.spot_pure(name, text)
        if self._compiled is None:
            index = self.names and self.names.index
            self._compiled = _compiled.Spotter(self._begun, index, _Pure(), MAX_CACHED_WORDS)
        found: list[Span] = self._compiled.spot(name, text)
        return found

    def spot_pure(self, name: str, text: Text) -> list[Span]:
        """Return the same without the compiled build."""
        found: list[Span] = []
        tokens: list[int] = []
        for at, (word, following) in enumerate(pairwise((*text.words, ""))):
            begun = self._cache.get(word) or self._kept(word)
            tokens.append(begun.token)
            if begun.alone:
                found += [Span(name, at, at + 1, tag) for tag in begun.alone]
            for tag, pattern in begun.before(following):
                if (stop := pattern.ends(text, at)) is not None:
                    found.append(Span(name, at, stop, tag))
        if self.names is not None:
            hits = self.names.index.find(tokens)
            found += (Span(name, start, stop, f"{NAME_TAG}{number}") for start, stop, number in hits)
        return sorted(set(found), key=lambda span: (span.start, -span.stop, span.tag))

    def _begun(self, word: str) -> _Begun:
        token, patterns = self._token(word), tuple(self._candidates(word))
        return self._shared_begun(token, patterns) if patterns else _Begun(token)

    def _kept(self, word: str) -> _Begun:
        begun = self._begun(word)
        if len(self._cache) < MAX_CACHED_WORDS:
            self._cache[word] = begun
        return begun

    def _shared_begun(self, token: int, patterns: tuple[TaggedPattern, ...]) -> _Begun:
        """Return one value for all words that begin the same patterns: all numbers begin some fifty."""
        key = (token, patterns)
        if (known := self._shared.get(key)) is None:
            known = self._shared[key] = _begun(token, patterns)
        return known

    def _token(self, word: str) -> int:
        """Return the id of a word, or of a look-alike, in the index of names; 0 if no name contains it."""
        return 0 if self.names is None else self.names.index.token_of(word)

    def _candidates(self, word: str) -> Iterator[TaggedPattern]:
        forms = variants(word)
        for index in self.indexes:
            yield from index.candidates(word, forms)


def spotter_of(patterns: Iterable[TaggedPattern], names: Names | None = None) -> Spotter:
    """Return a spotter of tagged patterns and of names."""
    return Spotter(indexes=(index_patterns(patterns),), names=names)
