"""Words and where they stand: text is read once, and every folded word knows its place in the original.

Folding goes code point by code point over the original string, so offsets need no map: NFKC, case, accents,
Turkish dotless i, Arabic and Persian letter forms, tatweel and harakat, soft hyphens and zero-width marks.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

#: What NFKC, case folding and stripping of marks leave apart although readers do not.
_SPECIAL = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "æ": "ae", "œ": "oe", "ß": "ss",
    "ى": "ي", "ک": "ك", "ی": "ي", "ە": "ه", "ـ": "",
}  # fmt: skip

#: One token each: scripts written without spaces.
_IDEOGRAPH = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003fffd"
)
_MARK = "\u00ad\u0300-\u036f\u064b-\u065f\u0670\u200b\u200d\u2060\ufeff"
_LETTER = rf"(?:[^\W_ʼ{_IDEOGRAPH}]|[{_MARK}])"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|{_LETTER}+(?:['’ʼ＇]{_LETTER}+)*")
_APOSTROPHE = re.compile("['’ʼ＇]")

#: French and Italian articles and pronouns before an apostrophe: what follows them is a word of its own.
_ELIDED = frozenset("l d j m n s t c qu o jusqu lorsqu puisqu quoiqu dell nell all sull un".split())

_BOUNDARY = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+\s+(?=[\"'“‘«(\[]*[^\W_])|[。！？]+|\n\s*\n|[;；]\s+"
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|gen|col|lt|sgt|maj|adm|capt|sen|rep|gov|pres|st|vs|no|art|co|corp|inc|ltd|rs|approx"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|e\.g|i\.e|u\.s|u\.k|u\.n|e\.u|e\.o)|\b[A-Za-z])\.\s+$",
    re.IGNORECASE,
)


class _Fold(dict[int, str]):
    """Code point to folded text, filled as code points are met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_one(chr(code))
        return folded


def _fold_one(char: str) -> str:
    if "\uac00" <= char <= "\ud7a3":  # Hangul syllables would fall apart into letters
        return char
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold())
    kept = (c for c in plain if unicodedata.category(c) not in {"Mn", "Cf"} or _is_vowel_sign(c))
    return "".join(_SPECIAL.get(c, c) for c in kept)


def _is_vowel_sign(char: str) -> bool:
    """In Indic and south-east Asian scripts the marks are vowels, not accents."""
    return "\u0900" <= char <= "\u0eff"


_TABLE = _Fold()


def fold(text: str) -> str:
    """Return `text` for comparison: without case, accents, variant letters or invisible marks; idempotent."""
    return text.translate(_TABLE)


@dataclass(frozen=True, slots=True)
class Text:
    """Text as written, its folded words, and for each word its half-open span and its sentence's number."""

    raw: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    stops: tuple[int, ...]
    sentences: tuple[int, ...]

    def quote(self, start: int, stop: int) -> str:
        """Return the original between the word at `start` and before the word at `stop`."""
        return self.raw[self.starts[start] : self.stops[stop - 1]]

    def as_written(self, index: int) -> str:
        """Return one word as it was written."""
        return self.raw[self.starts[index] : self.stops[index]]

    def bounds(self, index: int) -> tuple[int, int]:
        """Return the half-open range of words of the sentence in which a word stands."""
        mine = self.sentences[index]
        return bisect_left(self.sentences, mine), bisect_right(self.sentences, mine)


def read(raw: str) -> Text:
    """Split `raw` into words; everything that searches it shares the result."""
    breaks = tuple(_breaks(raw))
    words: list[str] = []
    starts: list[int] = []
    stops: list[int] = []
    for start, stop in _tokens(raw):
        if folded := fold(_APOSTROPHE.sub("", raw[start:stop])):
            words.append(folded)
            starts.append(start)
            stops.append(stop)
    return Text(
        raw, tuple(words), tuple(starts), tuple(stops), tuple(bisect_right(breaks, s) for s in starts)
    )


def words(raw: str) -> tuple[str, ...]:
    """Return the folded words of `raw`."""
    return read(raw).words


def _tokens(raw: str) -> Iterator[tuple[int, int]]:
    """Yield spans of words: a suffix after an apostrophe goes ("S-400'lerin"), an elided article stands alone
    ("l'embargo"), "won't" stays whole so that it is not read as "won"."""
    for match in _WORD.finditer(raw):
        start, stop = match.span()
        while cut := _APOSTROPHE.search(raw, start, stop):
            head, tail = raw[start : cut.start()], raw[cut.end() : stop]
            if head.lower() in _ELIDED or len(head) == 1:
                yield start, cut.start()
                start = cut.end()
            elif tail.lower() == "t" and head.lower().endswith("n"):
                break
            else:
                stop = cut.start()
        if start < stop:
            yield start, stop


def _breaks(raw: str) -> Iterator[int]:
    """Yield the offsets at which a new sentence begins."""
    for match in _BOUNDARY.finditer(raw):
        if not _ABBREVIATED.search(raw[max(0, match.start() - 12) : match.end()]):
            yield match.end()
