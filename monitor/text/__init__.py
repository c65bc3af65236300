"""Split text into folded words with their offsets in the original.

Folding works on each code point alone, so offsets need no map. It removes differences of case, accents, NFKC
compatibility forms, Turkish dotless i, Arabic and Persian letter forms, the digits of every script, tatweel,
harakat, soft hyphens and zero-width characters; it writes traditional Chinese in simplified characters.
`variants` gives other readings of a folded word.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from . import compiled
from .folding import fold, visible
from .lookalikes import LATIN_LETTERS, lookalikes
from .splitting import (
    LAST_WORDS,
    ascii_spans,
    fold_word,
    kinds_of,
    sentence_end,
    sentence_starts,
    spans_at,
    word_spans,
)

__all__ = (
    "FOLDING", "IS_COMPILED", "Text", "fold", "is_arabic", "other_readings", "sentence_starts", "tokenize",
    "tokenize_pure", "variants", "visible", "words",
)  # fmt: skip

#: Raise it with every change of how text is split or folded: stored words are then folded again.
FOLDING = 1

#: Arabic particles that are joined to the next word, and the article.
_PARTICLES, _NOUN_PARTICLES, _ARTICLE = "وف", "بكلس", "ال"
_MIN_LETTERS = 3

#: Latin equivalents of the letters of designators in other scripts: "С-400", "إس-400", "اف-۱۶".
DESIGNATING = {
    "с": "s", "т": "t", "к": "k", "х": "kh", "ф": "f", "м": "m", "а": "a", "б": "b", "в": "v", "р": "r",
    "су": "su", "миг": "mig", "ми": "mi", "ка": "ka", "ту": "tu", "як": "yak", "ил": "il", "ан": "an",
    "اس": "s", "اف": "f", "ام": "m", "تي": "t", "كي": "k", "بي": "b", "سوخو": "su", "سوخوي": "su",
    "ميغ": "mig", "ميج": "mig", "ميگ": "mig",
}  # fmt: skip


@lru_cache(maxsize=200_000)
def variants(word: str) -> tuple[str, ...]:
    """Return the readings of a folded word, itself first.

    Others are: Arabic without particles and article; the letter of a designator in another script; a word of
    two alphabets in either one (`lookalikes`).
    """
    if word.isascii():
        return (word,)
    others = [DESIGNATING.get(word, word)]
    if len(word) == 1 and not "а" <= word <= "я":  # a designator's letter, as in "Τ-90"
        others += LATIN_LETTERS.get(word, "")
    if is_arabic(word) and len(word) > _MIN_LETTERS:
        others += _without_particles(word)
    return tuple(dict.fromkeys((word, *others, *lookalikes(word))))


def is_arabic(word: str) -> bool:
    """Say whether a folded word begins with a letter of the Arabic script."""
    return "\u0620" <= word[0] <= "\u06d3"


def other_readings(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words of one alphabet that words of two alphabets look like, each once."""
    return tuple(dict.fromkeys(reading for word in words for reading in lookalikes(word)))


def _without_particles(word: str) -> Iterator[str]:
    """Yield "عقوبات" for "وبالعقوبات" and "للعقوبات", and every intermediate step."""
    shapes = [word]
    shapes += [each[1:] for each in shapes if each[0] in _PARTICLES]
    shapes += [_ARTICLE + each[2:] for each in shapes if each.startswith("لل")]
    shapes += [each[1:] for each in shapes if each[0] in _NOUN_PARTICLES]
    shapes += [each[2:] for each in shapes if each.startswith(_ARTICLE)]
    return (each for each in shapes if len(each) >= _MIN_LETTERS)


@dataclass(frozen=True, slots=True)
class Text:
    """A text, its folded words, and for each word its half-open span and the number of its sentence."""

    raw: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    stops: tuple[int, ...]
    sentences: tuple[int, ...]

    def quote(self, start: int, stop: int) -> str:
        """Return the original text of the words [start, stop)."""
        return self.raw[self.starts[start] : self.stops[stop - 1]]

    def as_written(self, index: int) -> str:
        """Return one word as written in the original."""
        return self.raw[self.starts[index] : self.stops[index]]

    def bounds(self, index: int) -> tuple[int, int]:
        """Return the half-open word range of the sentence that contains a word."""
        mine = self.sentences[index]
        return bisect_left(self.sentences, mine), bisect_right(self.sentences, mine)


def tokenize(raw: str) -> Text:
    """Split `raw` into folded words; all searches share the result."""
    return _tokenize(raw)


def tokenize_pure(raw: str) -> Text:
    """Return the same without the compiled build."""
    if raw.isascii():
        spans, lower = ascii_spans(raw), raw.lower()
        words = [lower[start:stop] for start, stop in spans]
        if "'" in raw:
            words = [word.replace("'", "") for word in words]
    else:
        spans = list(word_spans(raw))
        words = [fold_word(raw[start:stop]) for start, stop in spans]
        spans = [span for span, word in zip(spans, words, strict=True) if word]
        words = [word for word in words if word]
    starts = [start for start, _ in spans]
    stops = [stop for _, stop in spans]
    return Text(raw, tuple(words), tuple(starts), tuple(stops), _sentences(raw, starts))


def _sentences(raw: str, starts: list[int]) -> tuple[int, ...]:
    """Return the number of the sentence in which each word stands."""
    numbers: list[int] = []
    breaks = [bisect_left(starts, offset) for offset in sentence_starts(raw)]
    for number, stop in enumerate((*breaks, len(starts))):
        numbers += [number] * (stop - len(numbers))
    return tuple(numbers)


def words(raw: str) -> tuple[str, ...]:
    """Return the folded words of `raw`."""
    return tokenize(raw).words


class _Pure(NamedTuple):
    """What the compiled build uses of the pure functions."""

    text: type[Text] = Text
    kinds_of: Callable[[int], bytes] = kinds_of
    spans_at: Callable[[str, int], tuple[int, tuple[tuple[int, int], ...]]] = spans_at
    fold_word: Callable[[str], str] = fold_word
    sentence_end: Callable[[str, int], tuple[int, bool]] = sentence_end
    last_words: frozenset[str] = LAST_WORDS


_compiled = compiled.module("text")

#: Whether the compiled build is used.
IS_COMPILED = _compiled is not None
_tokenize: Callable[[str], Text] = tokenize_pure if _compiled is None else _compiled.Tokenizer(_Pure())
