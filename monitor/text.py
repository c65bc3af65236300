"""Words and where they stand: text is read once, and every folded word knows its place in the original.

Folding goes code point by code point over the original string, so offsets need no map: NFKC, case, accents,
Turkish dotless i, Arabic and Persian letter forms, the figures of every script, tatweel and harakat, soft
hyphens and zero-width marks. What a folded word may stand for besides itself is told by `forms`.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

#: What NFKC, case folding and stripping of marks leave apart although readers do not.
_SPECIAL = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "æ": "ae", "œ": "oe", "ß": "ss",
    "ى": "ي", "ک": "ك", "ی": "ي", "ە": "ه", "ة": "ه", "ـ": "",
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
    r"(?<![.!?…؟۔।])[.!?…؟۔।]++[\"'”’»)\]]*+\s+(?=[\"'“‘«(\[]*[^\W_])|[。！？]+|\n\s*\n|[;；؛]\s+"
)

#: Titles and shortened words; single letters; and ordinals, as "das 20. Paket" and "5. paket" write them.
_ABBREVIATED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|gen|col|lt|sgt|maj|adm|capt|sen|rep|gov|pres|st|vs|no|art|co|corp|inc|ltd|rs|approx"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|e\.g|i\.e|u\.s|u\.k|u\.n|e\.u|e\.o"
    r"|nr|bzw|ca|z\.\s?b|d\.\s?h|mio|mrd|гг|им|млн|млрд|тыс|руб|грн|bkz|mme|sra?|ee\.\s?uu)"
    r"|\b[^\W\d_]|(?<![\d.,$€£])\b\d{1,2})\.\s+$",
    re.IGNORECASE,
)

#: Particles that Arabic writes as one with the word after them, and its article.
_BEFORE_ALL, _BEFORE_NAMES, _ARTICLE = "وف", "بكلس", "ال"
_SHORTEST = 3

#: Letters of designators as other scripts write and spell them: "С-400", "إس-400", "اف-۱۶".
_DESIGNATING = {
    "с": "s", "т": "t", "к": "k", "х": "kh", "ф": "f", "м": "m", "а": "a", "б": "b", "в": "v", "р": "r",
    "су": "su", "миг": "mig", "ми": "mi", "ка": "ka", "ту": "tu", "як": "yak", "ил": "il", "ан": "an",
    "اس": "s", "اف": "f", "ام": "m", "تي": "t", "كي": "k", "بي": "b", "سوخو": "su", "سوخوي": "su",
    "ميغ": "mig", "ميج": "mig", "ميگ": "mig",
}  # fmt: skip

#: Cyrillic letters and the Latin ones that look the same.
_LOOKALIKES = dict(zip("авсеһікмнорѕтху", "abcehikmhopstxy", strict=True))
_MIXED = re.compile("[a-z].*[\u0400-\u04ff]|[\u0400-\u04ff].*[a-z]")
_TO_LATIN = str.maketrans(_LOOKALIKES)
_TO_CYRILLIC = str.maketrans({latin: cyrillic for cyrillic, latin in reversed(_LOOKALIKES.items())})


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
    return "".join(_SPECIAL.get(c, _figure(c)) for c in kept)


def _figure(char: str) -> str:
    """The figures of every script are read as ours."""
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _is_vowel_sign(char: str) -> bool:
    """In Indic and south-east Asian scripts the marks are vowels, not accents."""
    return "\u0900" <= char <= "\u0eff"


_TABLE = _Fold()


def fold(text: str) -> str:
    """Return `text` for comparison: without case, accents, variant letters or invisible marks; idempotent."""
    return text.translate(_TABLE)


@lru_cache(maxsize=200_000)
def variants(word: str) -> tuple[str, ...]:
    """Return what a folded word may stand for, itself first.

    Arabic without its particles and article, a letter of a designator in another script, a word in two
    alphabets put into one.
    """
    if word.isascii():
        return (word,)
    others = [_DESIGNATING.get(word, word)]
    if "\u0620" <= word[0] <= "\u06d3" and len(word) > _SHORTEST:
        others += _without_particles(word)
    elif _MIXED.search(word):
        others += [word.translate(_TO_LATIN), word.translate(_TO_CYRILLIC)]
    return tuple(dict.fromkeys((word, *others)))


def _without_particles(word: str) -> Iterator[str]:
    """Yield "عقوبات" for "وبالعقوبات" and "للعقوبات", and every step on the way."""
    shapes = [word]
    shapes += [each[1:] for each in shapes if each[0] in _BEFORE_ALL]
    shapes += [_ARTICLE + each[2:] for each in shapes if each.startswith("لل")]
    shapes += [each[1:] for each in shapes if each[0] in _BEFORE_NAMES]
    shapes += [each[2:] for each in shapes if each.startswith(_ARTICLE)]
    return (each for each in shapes if len(each) >= _SHORTEST)


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


def tokenize(raw: str) -> Text:
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
    return tokenize(raw).words


def _tokens(raw: str) -> Iterator[tuple[int, int]]:
    """Yield spans of words: a suffix after an apostrophe goes ("S-400'lerin"), an elided article stands alone
    ("l'embargo"), "won't" stays whole so that it is not read as "won", and so does "об'єкт"."""
    for match in _WORD.finditer(raw):
        start, stop = match.span()
        while cut := _APOSTROPHE.search(raw, start, stop):
            head, tail = raw[start : cut.start()], raw[cut.end() : stop]
            if head.lower() in _ELIDED or len(head) == 1:
                yield start, cut.start()
                start = cut.end()
            elif (tail.lower() == "t" and head.lower().endswith("n")) or _is_cyrillic(head[-1] + tail[0]):
                break
            else:
                stop = cut.start()
        if start < stop:
            yield start, stop


def _is_cyrillic(letters: str) -> bool:
    return all("\u0400" <= letter <= "\u04ff" for letter in letters)


def _breaks(raw: str) -> Iterator[int]:
    """Yield the offsets at which a new sentence begins."""
    for match in _BOUNDARY.finditer(raw):
        if not _ABBREVIATED.search(raw[max(0, match.start() - 12) : match.end()]):
            yield match.end()
