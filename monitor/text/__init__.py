"""Split text into folded words with their offsets in the original.

Folding works on each code point alone, so offsets need no map. It removes differences of case, accents, NFKC
compatibility forms, Turkish dotless i, Arabic and Persian letter forms, the digits of every script, tatweel,
harakat, soft hyphens and zero-width characters; it writes traditional Chinese in simplified characters.
`variants` gives other readings of a folded word.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from .lookalikes import LATIN_LETTERS, VARIANTS, lookalikes
from .traditional import SIMPLIFIED

#: Raise it with every change of how text is split or folded: stored words are then folded again.
FOLDING = 1

#: Letters that NFKC, case folding and removal of marks keep distinct although people do not.
_SPECIAL = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "æ": "ae", "œ": "oe", "ß": "ss",
    "ى": "ي", "ک": "ك", "ی": "ي", "ە": "ه", "ة": "ه", "ـ": "",
}  # fmt: skip

#: Scripts written without spaces; each character is one token.
_IDEOGRAPH = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003fffd"
)
#: Latin letters in brackets, circles and squares: symbols to Unicode, letters to people.
_FRAMED = "\u249c-\u24e9\U0001f110-\U0001f129\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189"
_ACCENT = "\u0300-\u034e\u0350-\u036f\u064b-\u065f\u0670"

#: Default_Ignorable_Code_Point but for U+200C. Source: UAX #44, DerivedCoreProperties.txt.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
#: The zero-width non-joiner separates Persian words and is ignored elsewhere.
_PERSIAN = "\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"
_IGNORED = rf"(?:[{IGNORABLE}]|(?<![{_PERSIAN}])\u200c|\u200c(?![{_PERSIAN}]))"

_INVISIBLE = re.compile(f"[{IGNORABLE}\u200c]")

_LETTERS = rf"[^\W_ʼ\u115f\u1160\u3164\uffa0{_IDEOGRAPH}]"
_RUN = (
    rf"(?:{_LETTERS}++|[{_FRAMED}])"
    rf"(?:[{_ACCENT}{_FRAMED}]++{_LETTERS}*+|{_IGNORED}++(?:{_LETTERS}++|[{_ACCENT}{_FRAMED}]))*"
)
#: A word with the suffixes that apostrophes join to it; its group is set if there is one.
_WORD = re.compile(rf"[{_IDEOGRAPH}]|{_RUN}(?:{_IGNORED}*+(['’ʼ＇]){_IGNORED}*+{_RUN})*")
_ASCII_WORD = re.compile("[A-Za-z0-9]++(?:(')[A-Za-z0-9]++)*+")
_APOSTROPHE = re.compile("['’ʼ＇]")

#: French and Italian articles and pronouns that join the next word by an apostrophe.
_ELIDED = frozenset("l d j m n s t c qu o jusqu lorsqu puisqu quoiqu dell nell all sull dall un".split())

#: The end of a sentence. A set of characters comes first, so that the search skips all others quickly.
_BOUNDARY = re.compile(
    r"[.!?…؟۔।。！？\n;；؛](?:"
    r"(?<=[.!?…؟۔।])(?<![.!?…؟۔।].)[.!?…؟۔।]*+[\"'”’»)\]]*+\s+(?=[\"'“‘«(\[]*[^\W_])"
    r"|(?<=[。！？])[。！？]*|(?<=\n)\s*\n|(?<=[;；؛])\s+)",
    re.DOTALL,
)

#: Full stops that end no sentence: after titles, abbreviations, single letters, ordinals ("das 20. Paket").
_ABBREVIATED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|gen|col|lt|sgt|maj|adm|capt|sens?|reps?|govt?|dept|intl|cmdr|brig|pres|st|vs|no|art|co|corp|inc|ltd|rs|approx"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|e\.g|i\.e|u\.s|u\.k|u\.n|e\.u|e\.o"
    r"|nr|bzw|ca|z\.\s?b|d\.\s?h|mio|mrd|гг|им|млн|млрд|тыс|руб|грн|bkz|mme|sra?|ee\.\s?uu)"
    r"|\b[^\W\d_]|(?<![\d.,$€£])\b\d{1,2})\.\s+$",
    re.IGNORECASE,
)

_LONGEST_ABBREVIATION = max(map(len, re.findall(r"[^\W\d_]+", _ABBREVIATED.pattern)))

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

_REPLACED = VARIANTS | _SPECIAL | SIMPLIFIED


class _Fold(dict[int, str]):
    """Maps a code point to its folded text; filled on demand."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_one(chr(code))
        return folded


def _fold_one(char: str) -> str:
    if "\uac00" <= char <= "\ud7a3":  # Hangul syllables would fall apart into letters
        return char
    if _INVISIBLE.match(char):
        return ""
    if char in _REPLACED:
        return _REPLACED[char]
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold())
    kept = (c for c in plain if unicodedata.category(c) not in {"Mn", "Cf"} or _is_vowel_sign(c))
    return "".join(_REPLACED.get(c, _digit(c)) for c in kept)


def _digit(char: str) -> str:
    """Return a decimal digit of any script as an ASCII digit."""
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _is_vowel_sign(char: str) -> bool:
    """Say whether a mark is a vowel sign, as in Indic and south-east Asian scripts, and not an accent."""
    return "\u0900" <= char <= "\u0eff"


_TABLE = _Fold()


def fold(text: str) -> str:
    """Return `text` without case, accents, variant letters or invisible characters; idempotent."""
    return text.lower() if text.isascii() else text.translate(_TABLE)


def visible(text: str) -> str:
    """Return `text` without invisible characters."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


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
    if raw.isascii():
        spans, lower = _ascii_spans(raw), raw.lower()
        words = [lower[start:stop] for start, stop in spans]
        if "'" in raw:
            words = [word.replace("'", "") for word in words]
    else:
        spans = list(_tokens(raw))
        words = [_fold_word(raw[start:stop]) for start, stop in spans]
        spans = [span for span, word in zip(spans, words, strict=True) if word]
        words = [word for word in words if word]
    starts = [start for start, _ in spans]
    stops = [stop for _, stop in spans]
    return Text(raw, tuple(words), tuple(starts), tuple(stops), _sentences(raw, starts))


@lru_cache(maxsize=50_000)
def _fold_word(written: str) -> str:
    return fold(_APOSTROPHE.sub("", written))


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


def _ascii_spans(raw: str) -> list[tuple[int, int]]:
    """Return the spans of the words of an ASCII text."""
    return list(_tokens(raw)) if "'" in raw else [match.span() for match in _ASCII_WORD.finditer(raw)]


def _tokens(raw: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of words.

    A suffix after an apostrophe is dropped ("S-400'lerin"), an elided article is a word ("l'embargo"), and
    "won't" and "об'єкт" stay whole.
    """
    for match in (_ASCII_WORD if raw.isascii() else _WORD).finditer(raw):
        start, stop = match.span()
        if match.lastindex is None:
            yield start, stop
            continue
        while cut := _APOSTROPHE.search(raw, start, stop):
            head, tail = fold(raw[start : cut.start()]), fold(raw[cut.end() : stop])
            if head in _ELIDED or len(head) == 1:
                yield _seen_part(raw, start, cut.start())
                start = cut.end()
            elif (tail == "t" and head.endswith("n")) or _is_cyrillic(head[-1:] + tail[:1]):
                break
            else:
                stop = cut.start()
        if start < stop:
            yield _seen_part(raw, start, stop)


def _seen_part(raw: str, start: int, stop: int) -> tuple[int, int]:
    """Return a span without the invisible characters beside an apostrophe."""
    while start < stop and _INVISIBLE.match(raw[start]):
        start += 1
    while start < stop and _INVISIBLE.match(raw[stop - 1]):
        stop -= 1
    return start, stop


def _is_cyrillic(letters: str) -> bool:
    return all("\u0400" <= letter <= "\u04ff" for letter in letters)


def sentence_starts(raw: str) -> Iterator[int]:
    """Yield the offsets at which sentences begin."""
    for match in _BOUNDARY.finditer(raw):
        if not _is_abbreviation(raw, match.start(), match.end()):
            yield match.end()


def _is_abbreviation(raw: str, stop: int, end: int) -> bool:
    """Say whether the mark at `stop`, with the space up to `end`, belongs to the word before it."""
    if raw[stop] != ".":
        return False
    word = raw[max(0, stop - _LONGEST_ABBREVIATION - 1) : stop]
    if len(word) > _LONGEST_ABBREVIATION and word.isalpha():
        return False
    return _ABBREVIATED.search(raw[max(0, stop - 12) : end]) is not None
