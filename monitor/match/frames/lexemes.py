"""Find the words of one language's frame tables in a text: verbs with their kinds, and marks of status.

The notation is the lexicon's, with three signs more: ``=würde`` is compared as written, ``, who`` stands
behind a comma only, and ``…`` is a wide gap, as before the prefix of a German verb.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from monitor.match.packed import pack
from monitor.text import Text, fold, variants, words
from monitor.text.patterns import late_pattern

GAP = 5
WIDE_GAP = 14
GAP_OF_IDEOGRAPHS = 14
MEMORY = 50_000
GAPS = ("...", "…")
_IDEOGRAPH = late_pattern("[\u3000-\uabff]")

#: Between the lexemes of one first word, and between the fields of a lexeme, in packed form.
_NEXT, _FIELD = "\x1e", "\x1f"


class Hit(NamedTuple):
    """Words [start, stop) of a field that are a lexeme, and what it is."""

    start: int
    stop: int
    tag: str


@dataclass(frozen=True, slots=True)
class Lexeme:
    """Words in a row: "..." and "…" are gaps, ``stem*`` and ``*ending`` are parts of a word."""

    parts: tuple[str, ...]
    tag: str
    written: str = ""
    after_comma: bool = False


class Lexemes:
    """Everything that one language's tables name, by first word; those of whole words are kept packed."""

    def __init__(self, sources: Iterable[tuple[str, str]]) -> None:
        whole: dict[str, list[str]] = defaultdict(list)
        self._stems: dict[str, list[Lexeme]] = defaultdict(list)
        self._endings: dict[str, list[Lexeme]] = defaultdict(list)
        self._known: dict[str, tuple[Lexeme, ...]] = {}
        for source, tag in sources:
            if _is_plain(source):  # most are
                whole[fold(source)].append(_FIELD.join((tag, "", "")))
                continue
            lexeme = read_lexeme(source, tag)
            first = lexeme.parts[0]
            if first.endswith("*"):
                self._stems[first[:-1].lstrip("*")].append(lexeme)
            elif first.startswith("*"):
                self._endings[first[1:]].append(lexeme)
            else:
                whole[first].append(_packed(lexeme))
        _parts.cache_clear()
        self._words = pack({word: _NEXT.join(several) for word, several in whole.items()})
        self._lengths = tuple(sorted({len(stem) for stem in self._stems}))
        self._tails = tuple(sorted({len(ending) for ending in self._endings}))

    def knows(self, word: str) -> bool:
        """Say whether anything begins with a folded word."""
        return any(map(_names_whole, self._known.get(word) or self._candidates(word)))

    def spot(self, text: Text, start: int, stop: int) -> list[Hit]:
        """Return what stands in the words [start, stop), in reading order, longer before shorter."""
        found = []
        for at in range(start, stop):
            for lexeme in self._begun(text.words[at]):
                if lexeme.written and text.as_written(at).lower() != lexeme.written:
                    continue
                if lexeme.after_comma and not _behind_comma(text, at):
                    continue
                end = _end(lexeme.parts, 1, text, at + 1, stop)
                if end is not None:
                    found.append(Hit(at, end, lexeme.tag))
        return sorted(set(found), key=lambda hit: (hit.start, -hit.stop, hit.tag))

    def _begun(self, word: str) -> tuple[Lexeme, ...]:
        known = self._known.get(word)
        if known is None:
            known = tuple(self._candidates(word))
            if len(self._known) < MEMORY:
                self._known[word] = known
        return known

    def _candidates(self, word: str) -> Iterator[Lexeme]:
        for form in variants(word):
            yield from _unpacked(form, self._words.get(form))
            for length in self._lengths:
                if length <= len(form):
                    yield from self._stems.get(form[:length], ())
            for length in self._tails:
                if length < len(form):
                    yield from self._endings.get(form[-length:], ())


def _packed(lexeme: Lexeme) -> str:
    """Return a lexeme without its first word."""
    comma = "," if lexeme.after_comma else ""
    return _FIELD.join((lexeme.tag, lexeme.written, comma, *lexeme.parts[1:]))


def _unpacked(word: str, packed: str) -> Iterator[Lexeme]:
    """Yield the lexemes that begin with a word."""
    for each in packed.split(_NEXT) if packed else ():
        tag, written, comma, *parts = each.split(_FIELD)
        yield Lexeme((word, *parts), tag, written, bool(comma))


def _names_whole(lexeme: Lexeme) -> bool:
    """Say whether a lexeme names its first word, not only an end of it or the stem of a longer phrase."""
    first = lexeme.parts[0]
    return first[0] != "*" and (len(lexeme.parts) == 1 or not first.endswith("*"))


def read_lexeme(source: str, tag: str) -> Lexeme:
    """Read one entry of a table.

    Raises:
        ValueError: nothing to look for.
    """
    if _is_plain(source):
        return Lexeme((fold(source),), tag)
    after_comma, written = source.startswith(","), ""
    plain = source.lstrip(", ")
    if plain.startswith("="):
        plain = plain[1:]
        written = plain.lower()
    parts = tuple(part for piece in plain.split() for part in _parts(piece))
    if not parts or parts[0] in GAPS:
        raise ValueError(f"{source!r} has no word to look for")
    return Lexeme(parts, tag, written, after_comma)


@lru_cache(maxsize=MEMORY)
def _parts(piece: str) -> tuple[str, ...]:
    """Return the parts of a piece of an entry: the forms of one verb share all others."""
    if piece in GAPS:
        return (piece,)
    if "*" in piece:
        inner = fold(piece.strip("*").replace("'", "").replace("’", ""))
        return (f"{'*' * piece.startswith('*')}{inner}{'*' * piece.endswith('*')}",) if inner else ()
    return (fold(piece),) if _is_plain(piece) else words(piece)


def _is_plain(piece: str) -> bool:
    """Say whether a piece is one word of letters only."""
    return piece.isalpha() and (piece.isascii() or not _is_ideographic(piece))


def _is_ideographic(piece: str) -> bool:
    return _IDEOGRAPH.search(piece) is not None


def _end(parts: tuple[str, ...], index: int, text: Text, at: int, stop: int) -> int | None:
    """Return the word after the last part, or None; the parts before `index` are known to fit."""
    for position in range(index, len(parts)):
        if parts[position] in GAPS:
            reach = _reach(parts[position], text.words[at - 1])
            tries = range(at, min(at + reach + 1, stop))
            ends = (_end(parts, position + 1, text, each, stop) for each in tries)
            return next((end for end in ends if end is not None), None)
        if at >= stop or not _fits(parts[position], text.words[at]):
            return None
        at += 1
    return at


def _reach(gap: str, word: str) -> int:
    """Return how many words a gap behind a word may hold."""
    if gap == "…":
        return WIDE_GAP
    return GAP_OF_IDEOGRAPHS if _is_ideographic(word[0]) else GAP


def _fits(part: str, word: str) -> bool:
    if word == part:
        return True
    if part.endswith("*"):
        inner = part.strip("*")
        return inner in word if part.startswith("*") else word.startswith(inner)
    if part.startswith("*"):
        return word.endswith(part[1:])
    return not word.isascii() and part in variants(word)


def _behind_comma(text: Text, at: int) -> bool:
    return at > 0 and "," in text.raw[text.stops[at - 1] : text.starts[at]]
