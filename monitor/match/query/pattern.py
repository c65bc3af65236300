"""Word patterns in the notation of the lexicon and the query language.

``sanction*`` begins with · ``*sanktionen`` ends with · ``licen?e`` one letter · ``#`` a number · ``...``
a gap of at most four words · ``=US`` exactly as written. A pattern is compared word by word with folded
text: Arabic particles and the article, Persian plural endings and Cyrillic designators need no pattern of
their own; where Han is written every character is a word, so that a pattern finds its characters anywhere.
"""

import re
from dataclasses import dataclass, replace
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple

from monitor.text import Text, tokenize, variants, visible, words

GAP = 4

#: Where every character is a word, a gap of four would hold two.
GAP_OF_IDEOGRAPHS = 12

#: Persian endings that are written apart from their word, or after a joiner of no width.
PERSIAN_ENDINGS = frozenset("ها هاي هايي".split())
_PIECE = re.compile(r"\.\.\.|#|[^\s\-‐‑–—/]+")
_NUMBER = re.compile(r"\d[\d]*(?:st|nd|rd|th)?")
_NUMERALS = frozenset(
    "two three four five six seven eight nine ten eleven twelve several dozen dozens scores hundreds".split()
)

#: "A 50 per cent rise" is no A-50, nor "At 4 pm" an AT4.
_LITTLE = frozenset("A An As At Am".split())


@lru_cache(maxsize=10_000)
def _compiled(glob: str) -> re.Pattern[str]:
    return re.compile(glob)


class Element(NamedTuple):  # tens of thousands are made: of all values a tuple takes the least time
    """One place in a pattern: `kind` is ``word``, ``stem``, ``glob``, ``number`` or ``gap``."""

    kind: str
    value: str = ""

    def accepts(self, word: str) -> bool:
        """Say whether a folded word fits here, as it stands or in another of its forms."""
        return self._fits(word) or (not word.isascii() and any(map(self._fits, variants(word))))

    def may_be(self, words: tuple[str, ...], at: int) -> bool:
        """Say quickly whether a word can fit here: most second words of most patterns do not."""
        if self.kind == "gap":
            return True
        if at >= len(words):
            return False
        word = words[at]
        return not word.isascii() or self._fits(word)

    def _fits(self, word: str) -> bool:
        match self.kind:
            case "word":
                return word == self.value
            case "stem":
                return word.startswith(self.value)
            case "number":
                return word in _NUMERALS or _NUMBER.fullmatch(word) is not None
            case _:
                return _compiled(self.value).fullmatch(word) is not None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sequence of elements. `written`, when set, must be what stands there, letter for letter.

    `case` is how the first letter (``title``) or every letter (``upper``) must stand in the original, or "";
    a ``mark``, when it is parted by a space, begins with a capital, and not with a little word or a comma.
    """

    elements: tuple[Element, ...]
    written: str = ""
    case: str = ""

    @property
    def is_one_word(self) -> bool:
        """Whether its first element is all that it asks for."""
        return len(self.elements) == 1 and not (self.written or self.case)

    @property
    def second_word(self) -> str:
        """The word that must come second; "" if it is none or not the same everywhere."""
        second = self.elements[1] if len(self.elements) > 1 else None
        return second.value if second and second.kind == "word" else ""

    def ends(self, text: Text, start: int) -> int | None:
        """Return the word after the match that begins at word `start`; the first element is known to fit."""
        stop = start + 1
        if len(self.elements) > 1:
            if not self.elements[1].may_be(text.words, stop):
                return None
            after = _end_after(self.elements, 1, text, stop)
            if after is None or text.sentences[start] != text.sentences[after - 1]:
                return None
            stop = after
        return stop if not (self.written or self.case) or self.agrees(text, start, stop) else None

    def agrees(self, text: Text, start: int, stop: int) -> bool:
        """Say whether the words [start, stop) are written as the pattern demands."""
        quote = visible(text.quote(start, stop))
        if self.written:
            return quote == self.written
        match self.case:
            case "upper":
                return quote.isupper()
            case "title":
                return not quote[0].islower()
            case "mark":
                head = quote.split(maxsplit=1)[0]
                return head == quote or (head.isalnum() and not head[0].islower() and head not in _LITTLE)
        return True


def _end_after(elements: tuple[Element, ...], index: int, text: Text, at: int) -> int | None:
    for position in range(index, len(elements)):
        element = elements[position]
        if element.kind == "gap":
            tries = range(at, min(at + reach(text, at), len(text.words)) + 1)
            return next(
                (e for t in tries if (e := _end_after(elements, position + 1, text, t)) is not None), None
            )
        if (
            at + 1 < len(text.words)
            and text.words[at] in PERSIAN_ENDINGS
            and not element.accepts(text.words[at])
        ):
            at += 1
        if at >= len(text.words) or not element.accepts(text.words[at]):
            return None
        at += 1
    return at


def _is_skipped(word: str, element: Element) -> bool:
    return word in PERSIAN_ENDINGS and not element.accepts(word)


def reach(text: Text, at: int) -> int:
    """Return how many words a gap may skip that begins at a word."""
    return GAP_OF_IDEOGRAPHS if "\u3000" <= text.words[at - 1][0] < "\uac00" else GAP


@lru_cache(maxsize=100_000)  # a reload reads mostly what was read before
def parse(source: str) -> Pattern:
    """Read one pattern.

    Raises:
        ValueError: no word, a gap at either end, or a wildcard with fewer than two letters.
    """
    if source.startswith("="):
        exact = tokenize(source[1:])
        if not exact.words:
            raise ValueError(f"{source!r} has no word to look for")
        letters = exact.quote(0, len(exact.words))
        return Pattern(tuple(Element("word", word) for word in exact.words), letters)
    elements = tuple(element for piece in _PIECE.findall(source) for element in _elements(piece))
    if not elements:
        raise ValueError(f"{source!r} has no word to look for")
    if "gap" in {elements[0].kind, elements[-1].kind}:
        raise ValueError(f"{source!r} begins or ends with a gap")
    return Pattern(elements)


def _elements(piece: str) -> tuple[Element, ...]:
    if piece == "...":
        return (Element("gap"),)
    if piece == "#":
        return (Element("number"),)
    if "*" not in piece and "?" not in piece:
        return tuple(Element("word", word) for word in words(piece))
    folded = "".join(part if part in "*?" else "".join(words(part)) for part in re.split(r"([*?])", piece))
    if len(folded.strip("*?")) < 2:
        raise ValueError(f"{piece!r}: a wildcard needs at least two letters beside it")
    if folded.endswith("*") and not set("*?") & set(folded[:-1]):
        return (Element("stem", folded[:-1]),)
    return (Element("glob", translate(folded)),)


_DESIGNATOR = re.compile(r"[A-Za-zÀ-ž]{1,6}-?\d{1,4}[A-Za-z]{0,3}(?:/[A-Z])?")


@lru_cache(maxsize=100_000)
def of_name(name: str, countable: bool = False) -> tuple[Pattern, ...]:
    """Return the patterns by which a name is written.

    A designator is also met joined, parted and in the plural: "S-400" stands for S 400, S400, S-400s and
    S400s; "K9 howitzer" also for K9 howitzers, and the name of a `countable` thing for several: Gripens. A
    name of one word must agree in case with the entry: "Patriot" is not "patriot", nor "SSB" "ssb".
    """
    if not _DESIGNATOR.fullmatch(name):
        last = name.rsplit(maxsplit=1)[-1] if name.strip() else ""
        plural = last.isalnum() if countable else last.isalpha() and last.islower() and last != name
        several = plural and not last.lower().endswith("s")
        return tuple(_cased(form) for form in (name, f"{name}s")[: 1 + several])
    parts = tuple(words(re.sub(r"(?<=[^\W\d])-?(?=\d)", "-", name, count=1)))
    forms = {parts, ("".join(parts),)}
    forms |= {(*form[:-1], f"{form[-1]}s") for form in forms}
    return tuple(Pattern(tuple(Element("word", w) for w in form), case="mark") for form in sorted(forms))


def _cased(name: str) -> Pattern:
    pattern = parse(name)
    alone = not pattern.written and len(pattern.elements) == 1
    return replace(pattern, case=_case(name)) if alone else pattern


def _case(name: str) -> str:
    if name.isupper() and len(name) <= 4:
        return "upper"
    return "title" if name[0].isupper() else ""
