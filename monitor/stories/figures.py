"""Figures that a text counts with, and what they count. Pure."""

from collections.abc import Iterator, Sequence

from monitor.text import words
from monitor.text.patterns import late_pattern
from monitor.text.sums import without_sums

from .vocabulary import Vocabulary

#: A name made of letters and figures: its figures count nothing.
_DESIGNATOR = late_pattern(
    r"(?<![^\W_])[a-z\u0400-\u04ff\u0620-\u06d3]{1,6}[-‑–/]?\d+[^\W_]*|\b\d+[a-z]+\d+[^\W_]*|\b\d+/\d{4}\b"
)
_COUNT = late_pattern(
    r"(?<![^\W\u4e00-\u9fff])(\d{1,6})(?:st|nd|rd|th|-?(?:й|го|му|е|м|і)|er|eme|e|o|a)?(?![^\W\u4e00-\u9fff])"
)
_GROUPED = late_pattern(r"(?<=\d)[ ,.](?=\d{3}(?!\d))")
_YEAR = late_pattern(r"(?:19|20)\d\d")

_NUMBERS = {
    word: str(number)
    for number, several in enumerate(
        (
            "two second zwei deux dos два две дві двух iki två تدو 两 două",
            "three third drei trois tres три трех трьох üç tre ثلاثة 三",
            "four fourth vier quatre cuatro четыре четырех чотири dört fyra أربعة 四",
            "five fifth fünf cinq cinco пять пяти п'ять beş fem خمسة 五",
            "six sixth sechs seis шесть шести шість altı sex ستة 六",
            "seven seventh sieben sept siete семь семи сім yedi sju سبعة 七",
            "eight eighth acht huit ocho восемь восьми вісім sekiz åtta ثمانية 八",
            "nine ninth neun neuf nueve девять девяти дев'ять dokuz nio تسعة 九",
            "ten tenth zehn dix diez десять десяти tio عشرة 十",
        ),
        start=2,
    )
    for word in words(several)
}


def figures_of(text: str) -> Iterator[str]:
    """Yield what a text counts, small numbers also spelled out; no sums, no years, no parts of names."""
    plain = _GROUPED.sub("", _DESIGNATOR.sub(" ", without_sums(text)))
    for match in _COUNT.finditer(plain):
        if not _YEAR.fullmatch(match[1]):
            yield match[1].lstrip("0") or "0"
    for word in words(plain):
        if word in _NUMBERS:
            yield _NUMBERS[word]


def counts_of(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return each figure of a text with the stems of the next words: ``20 eurofi jet``."""
    tokens = words(_GROUPED.sub("", _DESIGNATOR.sub(" ", without_sums(text))))
    found = (_count_at(tokens, index, vocabulary) for index in range(len(tokens)))
    return tuple(count for count in found if count)


def _count_at(tokens: Sequence[str], index: int, vocabulary: Vocabulary) -> str:
    word = tokens[index]
    match = _COUNT.fullmatch(word)
    figure = _NUMBERS.get(word) or (match[1].lstrip("0") if match and not _YEAR.fullmatch(match[1]) else "")
    if not figure:
        return ""
    nouns = (vocabulary.term(each) for each in tokens[index + 1 : index + 1 + _NOUNS])
    return " ".join((figure, *(noun for noun in nouns if noun and not noun.isdigit())))


#: So many words behind a figure may be what it counts.
_NOUNS = 3


def conflicting(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether two texts count the same thing differently, and nothing alike.

    "30 firms and persons" and "20 firms and 10 persons" are alike.
    """
    mine, theirs = [each.split() for each in one], [each.split() for each in other]
    if {*_figures(mine)} & {*_figures(theirs)}:
        return False
    return any(_of_one_thing(a[1:], b[1:]) for a in mine for b in theirs)


def _figures(counts: Sequence[Sequence[str]]) -> Iterator[int]:
    """Yield the figures of counts, and the sum of several."""
    figures = [int(count[0]) for count in counts]
    yield from figures
    if len(figures) > 1:
        yield sum(figures)


def same_counts(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether two texts count the same thing alike."""
    mine, theirs = [each.split() for each in one], [each.split() for each in other]
    return any(a[0] == b[0] and _of_one_thing(a[1:], b[1:]) for a in mine for b in theirs)


def _of_one_thing(one: Sequence[str], other: Sequence[str]) -> bool:
    return not one or not other or not set(one).isdisjoint(other)
