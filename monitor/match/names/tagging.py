"""Find the listed names of a text as it was written, where nothing else of it is looked at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from monitor.text import compiled, fold, tokenize
from monitor.text.lookalikes import letters_of, lookalikes
from monitor.text.splitting import APOSTROPHES, ELIDED, Kind, fold_word, kinds_of, spans_at

from .index import NameIndex

MAX_KEPT_WORDS = 100_000
LETTERS = Kind.LETTER | Kind.IDEOGRAPH

#: The half-open span of a name in the text as written, and its number in the index.
Tagged = tuple[int, int, int]


@cache
def page_of(first: int) -> tuple[tuple[int, str, int], ...]:
    """Return the kind, the folded form and the bits of `letters_of` of each of 256 code points."""
    chars = map(chr, range(first, first + 256))
    kinds = kinds_of(first)
    folded = [fold(char) if kind & LETTERS else "" for kind, char in zip(kinds, chars, strict=True)]
    return tuple(zip(kinds, folded, map(letters_of, folded), strict=True))


class _Pure(NamedTuple):
    """What the compiled tagger uses of the pure functions."""

    page_of: Callable[[int], tuple[tuple[int, str, int], ...]] = page_of
    spans_at: Callable[[str, int], tuple[int, tuple[tuple[int, int], ...]]] = spans_at
    fold_word: Callable[[str], str] = fold_word
    lookalikes: Callable[[str], tuple[str, ...]] = lookalikes
    apostrophes: str = APOSTROPHES
    elided: frozenset[str] = ELIDED


_compiled = compiled.module("tagging")


@dataclass(slots=True)
class Tagger:
    """Finds the names of an index; those that overlap are all found, whether or not they are meant."""

    index: NameIndex
    _tokens: dict[str, int] = field(default_factory=dict, repr=False)
    _compiled: Any = field(default=None, repr=False, compare=False)

    def tag(self, raw: str) -> list[Tagged]:
        """Return every name of a text in reading order, the shorter first where several begin."""
        if _compiled is None:
            return self.tag_pure(raw)
        if self._compiled is None:
            self._compiled = _compiled.Tagger(self.index, _Pure())
        found: list[Tagged] = self._compiled.tag(raw)
        return found

    def tag_pure(self, raw: str) -> list[Tagged]:
        """Return the same without the compiled build."""
        text, kept = tokenize(raw), self._tokens
        tokens = [kept[word] if word in kept else self._token(word) for word in text.words]
        return [
            (text.starts[start], text.stops[stop - 1], name) for start, stop, name in self.index.find(tokens)
        ]

    def _token(self, word: str) -> int:
        token = self.index.token_of(word)
        if len(self._tokens) < MAX_KEPT_WORDS:
            self._tokens[word] = token
        return token
