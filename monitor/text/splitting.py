"""Find where words and sentences begin and end in a text."""

import re
from collections.abc import Iterator
from enum import IntFlag
from functools import lru_cache

from .folding import IGNORABLE, INVISIBLE, fold
from .patterns import late_pattern

#: The half-open offsets of a word.
Span = tuple[int, int]


class Kind(IntFlag):
    """What a code point can be in a text.

    A `LETTER` is part of a word, an `IDEOGRAPH` is one, and what a `JOINER` is depends on its neighbours; a
    sentence can end at a `MARK`.
    """

    OTHER = 0
    LETTER = 1
    IDEOGRAPH = 2
    JOINER = 4
    MARK = 8


#: Scripts written without spaces; each character is one token.
_IDEOGRAPH = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003fffd"
)
#: Latin letters in brackets, circles and squares: symbols to Unicode, letters to people.
_FRAMED = "\u249c-\u24e9\U0001f110-\U0001f129\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189"
_ACCENT = "\u0300-\u034e\u0350-\u036f\u064b-\u065f\u0670"

APOSTROPHES = "'’ʼ＇"

#: The zero-width non-joiner separates Persian words and is ignored elsewhere.
_PERSIAN = "\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"
_IGNORED = rf"(?:[{IGNORABLE}]|(?<![{_PERSIAN}])\u200c|\u200c(?![{_PERSIAN}]))"

_LETTERS = rf"[^\W_ʼ\u115f\u1160\u3164\uffa0{_IDEOGRAPH}]"
_RUN = (
    rf"(?:{_LETTERS}++|[{_FRAMED}])"
    rf"(?:[{_ACCENT}{_FRAMED}]++{_LETTERS}*+|{_IGNORED}++(?:{_LETTERS}++|[{_ACCENT}{_FRAMED}]))*"
)
#: A word with the suffixes that apostrophes join to it; its group is set if there is one.
_WORD = late_pattern(rf"[{_IDEOGRAPH}]|{_RUN}(?:{_IGNORED}*+([{APOSTROPHES}]){_IGNORED}*+{_RUN})*")
_ASCII_WORD = late_pattern("[A-Za-z0-9]++(?:(')[A-Za-z0-9]++)*+")
_APOSTROPHE = late_pattern(f"[{APOSTROPHES}]")

#: French and Italian articles and pronouns that join the next word by an apostrophe.
ELIDED = frozenset("l d j m n s t c qu o jusqu lorsqu puisqu quoiqu dell nell all sull dall un".split())

#: The end of a sentence. A set of characters comes first, so that the search skips all others quickly.
_BOUNDARY = late_pattern(
    r"[.!?…؟۔।。！？\n;；؛](?:"
    r"(?<=[.!?…؟۔।])(?<![.!?…؟۔।].)[.!?…؟۔।]*+[\"'”’»)\]]*+\s+(?=[\"'“‘«(\[]*[^\W_])"
    r"|(?<=[。！？])[。！？]*|(?<=\n)\s*\n|(?<=[;；؛])\s+)",
    re.DOTALL,
)

#: Words after which a full stop ends no sentence; those with a stop inside are patterns.
_ABBREVIATIONS = (
    "mr mrs ms dr prof gen col lt sgt maj adm capt sen sens rep reps gov govt dept intl cmdr brig pres st vs"
    " no art co corp inc ltd rs approx jan feb mar apr jun jul aug sep sept oct nov dec nr bzw ca mio mrd"
    " гг им млн млрд тыс руб грн bkz mme sr sra ee"
).split()
_WITH_STOPS = (
    r"e\.g",
    r"i\.e",
    r"u\.s",
    r"u\.k",
    r"u\.n",
    r"e\.u",
    r"e\.o",
    r"z\.\s?b",
    r"d\.\s?h",
    r"ee\.\s?uu",
)

#: Full stops that end no sentence: after titles, abbreviations, single letters, ordinals ("das 20. Paket").
_ABBREVIATED = late_pattern(
    rf"(?:\b(?:{'|'.join((*_ABBREVIATIONS, *_WITH_STOPS))})|\b[^\W\d_]|(?<![\d.,$€£])\b\d{{1,2}})\Z",
    re.IGNORECASE,
)

#: What an abbreviation can end with behind a space or a full stop inside, and how far back it can begin.
LAST_WORDS = frozenset((*_ABBREVIATIONS, "uu"))
_LONGEST_ABBREVIATION = 1 + max(map(len, (*_ABBREVIATIONS, "ee. uu")))

#: Code points by what they can be in a text, for a scan that asks no pattern about most of them.
_KINDS = (
    (late_pattern(f"[{_IDEOGRAPH}]"), Kind.IDEOGRAPH),
    (late_pattern(_LETTERS), Kind.LETTER),
    (late_pattern(rf"[{_FRAMED}{_ACCENT}{IGNORABLE}\u200c{APOSTROPHES}]"), Kind.JOINER),
)
_MARK = late_pattern("[.!?…؟۔।。！？\n;；؛]")


def kinds_of(first: int) -> bytes:
    """Return the kinds of the 256 code points from `first`, as the numbers of `Kind`."""
    return bytes(_kind(chr(code)) for code in range(first, first + 256))


def _kind(char: str) -> int:
    kind = next((kind for pattern, kind in _KINDS if pattern.match(char)), Kind.OTHER)
    return kind | Kind.MARK if _MARK.match(char) else kind


@lru_cache(maxsize=50_000)
def fold_word(written: str) -> str:
    """Return a word without apostrophes, folded."""
    return fold(_APOSTROPHE.sub("", written))


def ascii_spans(raw: str) -> list[Span]:
    """Return the spans of the words of an ASCII text."""
    return list(word_spans(raw)) if "'" in raw else [match.span() for match in _ASCII_WORD.finditer(raw)]


def word_spans(raw: str) -> Iterator[Span]:
    """Yield the spans of words.

    A suffix after an apostrophe is dropped ("S-400'lerin"), an elided article is a word ("l'embargo"), and
    "won't" and "об'єкт" stay whole.
    """
    for match in (_ASCII_WORD if raw.isascii() else _WORD).finditer(raw):
        if match.lastindex is None:
            yield match.span()
        else:
            yield from _moved(_parts(match[0]), match.start())


def spans_at(raw: str, offset: int) -> tuple[int, tuple[Span, ...]]:
    """Return the end of what begins at an offset, and the spans of its words; (0, ()) if it is no word."""
    match = (_ASCII_WORD if raw.isascii() else _WORD).match(raw, offset)
    if match is None:
        return 0, ()
    spans = (match.span(),) if match.lastindex is None else tuple(_moved(_parts(match[0]), offset))
    return match.end(), spans


def _moved(spans: tuple[Span, ...], by: int) -> Iterator[Span]:
    return ((start + by, stop + by) for start, stop in spans)


@lru_cache(maxsize=20_000)
def _parts(written: str) -> tuple[Span, ...]:
    """Return the spans of the words of a run of letters with apostrophes in it."""
    start, stop, spans = 0, len(written), []
    while cut := _APOSTROPHE.search(written, start, stop):
        head, tail = fold(written[start : cut.start()]), fold(written[cut.end() : stop])
        if head in ELIDED or len(head) == 1:
            spans.append(_seen_part(written, start, cut.start()))
            start = cut.end()
        elif (tail == "t" and head.endswith("n")) or _is_cyrillic(head[-1:] + tail[:1]):
            break
        else:
            stop = cut.start()
    if start < stop:
        spans.append(_seen_part(written, start, stop))
    return tuple(spans)


def _seen_part(raw: str, start: int, stop: int) -> Span:
    """Return a span without the invisible characters beside an apostrophe."""
    while start < stop and INVISIBLE.match(raw[start]):
        start += 1
    while start < stop and INVISIBLE.match(raw[stop - 1]):
        stop -= 1
    return start, stop


def _is_cyrillic(letters: str) -> bool:
    return all("\u0400" <= letter <= "\u04ff" for letter in letters)


def sentence_starts(raw: str) -> Iterator[int]:
    """Yield the offsets at which sentences begin."""
    for match in _BOUNDARY.finditer(raw):
        if not _is_abbreviation(raw, match.start(), match.end()):
            yield match.end()


def sentence_end(raw: str, offset: int) -> tuple[int, bool]:
    """Return the end of a mark with its space, and whether a sentence ends there; (0, False) without one."""
    match = _BOUNDARY.match(raw, offset)
    return (0, False) if match is None else (match.end(), not _is_abbreviation(raw, offset, match.end()))


def _is_abbreviation(raw: str, stop: int, end: int) -> bool:
    """Say whether the mark at `stop`, with the space up to `end`, belongs to the word before it."""
    if raw[stop] != "." or not raw[stop + 1 : end].isspace():
        return False
    return _abbreviates(raw[max(0, stop - _LONGEST_ABBREVIATION) : stop])


def _abbreviates(written: str) -> bool:
    """Say whether the last word of what stands before a full stop is abbreviated."""
    word = written.rpartition(" ")[2]
    if len(word) > 1 and word.isascii() and word.isalpha() and word.lower() not in LAST_WORDS:
        return False
    return _ABBREVIATED.search(written) is not None
