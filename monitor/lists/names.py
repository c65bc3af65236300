"""Turn the names of a list into names as people write them. Pure.

Publishers put more into a name than the name: labels ("original script:", "a.k.a."), remarks ("; and any
successor", ", born 1 Jan. 1953"), further names after semicolons, commas or "or", and the surname before the
given names. A text has none of that, so each name is taken apart.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from monitor.model import EntityKind, Name, Strength

from .base import normalize_space
from .commas import split_commas
from .scripts import is_latin, is_unspaced, split_scripts
from .wording import (
    ALIAS_LABEL,
    CAPITAL_LABEL,
    ENUMERATOR,
    LANGUAGE_LABEL,
    PARENT_LABEL,
    REMARK,
    TRAILING_LABEL,
    is_note,
    is_plain,
)

_STRENGTHS = tuple(Strength)  # the strongest first
_NEXT = "\x1f"  # parts two names while a text is taken apart
_FIRST_HOLE = 0xE000  # private use: stands for brackets that were taken out
_MAX_LETTERS, _MAX_BRACKETS = 1_000, 20  # of one name: the longest real ones have half of it

_Piece = tuple[str, Strength]  # a name, and the strongest that it can be

_LABELS = (ALIAS_LABEL, LANGUAGE_LABEL, CAPITAL_LABEL)

_URL = re.compile(r"https?://\S+")
_SQUARE = re.compile(r"\s*\[([^\]]*)\]")
_BRACKETS = re.compile(r"[(（](?:([^()（）]*)[)）]|([^()（）;；]*)(?=[;；]|$))")  # the last may lack its end
_STRAY = re.compile(r"[()（）]")
_HOLE = re.compile("[\ue000-\uf8ff]")
_OR = re.compile(r"\s*[,;]?\s+(?:or|OR)\s+(?=\S)|^or\s+")
_SEMICOLON = re.compile("[;；]")
_AND = re.compile(r"\s+and\s+|\s+/\s+")  # of persons: firms have them in their names
_LEADING = re.compile(r"^(?:and|or)\s+")
_QUOTED = re.compile(r"""["“„«'‘]([^"“”„«»'‘’]+)["”“»'’]""")
_SPACED_COMMA = re.compile(r"\s+([,.])(?=\s|$)")
_EDGES = " .,;:/="


def collect_names(names: Iterable[Name], kind: EntityKind) -> tuple[Name, ...]:
    """Return the names of an entity as people write them, the main one first, none twice.

    A part in brackets becomes a name too: a weak one, unless it is in another script or labelled.
    There are none if no name has a letter or digit.
    """
    given = sorted(names, key=lambda name: name.strength is not Strength.PRIMARY)
    found: dict[str, Name] = {}
    for name in chain.from_iterable(_spoken(each, kind) for each in given):
        known = found.get(name.text)
        if known is None or _rank(name.strength) < _rank(known.strength):
            found[name.text] = name
    kept = tuple(found.values()) or tuple(islice(_as_written(given), 1))
    if not kept:
        return ()
    main, *others = kept
    return (replace(main, strength=Strength.PRIMARY), *map(_as_alias, others))


def guess_strength(text: str, kind: EntityKind) -> Strength:
    """Return the strength of an alias that its list does not grade: short single words are weak.

    Source: OpenSanctions' rule for blank alias strengths of the UK list, here for every script.
    """
    if " " in text:
        return Strength.ALIAS
    if is_unspaced(text):
        return Strength.WEAK if len(text) < 2 else Strength.ALIAS
    short = kind is EntityKind.PERSON or len(text) < 6 or (text.isupper() and len(text) < 7)
    return Strength.WEAK if short else Strength.ALIAS


def given_name_first(text: str) -> str:
    """Return ``SURNAME, Given names`` with the given names first."""
    last, comma, first = text.partition(",")
    return normalize_space(f"{first} {last}") if comma and first.strip() else text


def _rank(strength: Strength) -> int:
    return _STRENGTHS.index(strength)


def _as_alias(name: Name) -> Name:
    return replace(name, strength=Strength.ALIAS) if name.strength is Strength.PRIMARY else name


def _as_written(names: Iterable[Name]) -> Iterator[Name]:
    """Yield the names that hold a letter or digit, for an entity of which nothing else remains."""
    for name in names:
        if any(map(str.isalnum, name.text)):
            yield replace(name, text=normalize_space(name.text))


def _spoken(name: Name, kind: EntityKind) -> Iterator[Name]:
    """Yield the names in one name of a list, the one that it is about first."""
    if is_plain(name.text) or _is_hostile(name.text):
        if any(map(str.isalnum, name.text)):
            yield replace(name, text=normalize_space(name.text))
        return
    is_main = name.strength is Strength.PRIMARY
    alias = _as_alias(name).strength
    pieces = []
    for text, strongest in _pieces(name.text, kind):
        parts = split_commas(text, kind, is_alias=not is_main)
        halves = chain.from_iterable(map(split_scripts, parts))
        pieces += [(cleaned, strongest) for cleaned in map(_clean, halves) if any(map(str.isalnum, cleaned))]
    for number, (text, strongest) in enumerate(pieces):
        strength = name.strength
        if number or (len(pieces) > 1 and not is_main):
            strength = max(alias, strongest, guess_strength(text, kind), key=_rank)
        yield Name(text, strength, name.lang)


def _is_hostile(text: str) -> bool:
    """Say whether a text is no name that anybody wrote, so that taking it apart would only cost time."""
    return len(text) > _MAX_LETTERS or sum(map(text.count, "(（[")) > _MAX_BRACKETS


def _pieces(text: str, kind: EntityKind) -> Iterator[_Piece]:
    """Yield the names that labels, brackets, semicolons and "or" part; remarks are left out."""
    text = _SQUARE.sub(lambda note: "" if is_note(note[1]) else note[0], normalize_space(text))
    text = ENUMERATOR.sub(_NEXT, _URL.sub(" ", text))
    text, brackets = _take_out_brackets(text)
    partings = [LANGUAGE_LABEL, ALIAS_LABEL, _OR]
    if kind is EntityKind.PERSON:
        partings.append(_AND)
    for chunk in _SEMICOLON.split(PARENT_LABEL.sub("", text)):
        parted = REMARK.sub("", chunk)
        for parting in partings:
            parted = parting.sub(_NEXT, parted)
        for part in parted.split(_NEXT):
            yield from _with_brackets(part, brackets, kind)


def _take_out_brackets(text: str) -> tuple[str, dict[str, str]]:
    """Return a text with a hole for each pair of brackets, and what each hole holds."""
    brackets: dict[str, str] = {}

    def hole(found: re.Match[str]) -> str:
        mark = chr(_FIRST_HOLE + len(brackets))
        brackets[mark] = found[1] or found[2] or ""
        return mark

    text = _HOLE.sub("", text)
    while _BRACKETS.search(text) and len(brackets) < _MAX_BRACKETS:
        text = _BRACKETS.sub(hole, text, count=1)
    return _STRAY.sub(" ", text), brackets


def _with_brackets(text: str, brackets: dict[str, str], kind: EntityKind) -> Iterator[_Piece]:
    """Yield a text without its brackets and the names in them; with them too if both are one name."""
    outer = _clean(_HOLE.sub(" ", text))
    inner = [_Bracket.of(_fill(brackets[hole], brackets), outer) for hole in _HOLE.findall(text)]
    if inner and outer and all(each.belongs for each in inner):
        yield normalize_space(_fill(text, brackets)), Strength.ALIAS
    if outer:
        yield outer, Strength.ALIAS
    if kind is EntityKind.PERSON:
        yield from _other_given_names(text, brackets)
    for each in inner:
        for piece, strongest in _pieces(each.text, kind) if each.text else ():
            yield piece, max(strongest, each.strongest, key=_rank)


def _other_given_names(text: str, brackets: dict[str, str]) -> Iterator[_Piece]:
    """Yield "Basel BILAL" for "Bassel (a.k.a. Basel) BILAL"."""
    before, hole, after = _partition(text)
    if not (hole and before.split() and after.split() and ALIAS_LABEL.match(brackets[hole])):
        return
    *first, _ = before.split()
    for other in ALIAS_LABEL.sub("", brackets[hole]).split(","):
        if len(other.split()) == 1:
            yield _clean(_HOLE.sub(" ", " ".join((*first, other.strip(), after)))), Strength.ALIAS


def _partition(text: str) -> tuple[str, str, str]:
    found = _HOLE.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _fill(text: str, brackets: dict[str, str]) -> str:
    """Return a text with its brackets put back."""
    while _HOLE.search(text):
        text = _HOLE.sub(lambda hole: f"({brackets[hole[0]].strip()})", text)
    return text


@dataclass(frozen=True, slots=True)
class _Bracket:
    """A name in brackets, "" for a remark; it `belongs` to the rest in the same script and without label."""

    text: str
    strongest: Strength
    belongs: bool

    @classmethod
    def of(cls, text: str, outer: str) -> "_Bracket":
        """Return what a text in brackets beside `outer` is."""
        body = _without_labels(text)
        labelled = body != normalize_space(text) or _SEMICOLON.search(body) is not None
        if not labelled and is_note(body):
            return cls("", Strength.WEAK, False)
        same = not labelled and (not outer or is_latin(body) == is_latin(outer))
        return cls(body, Strength.WEAK if same and outer else Strength.ALIAS, same)


def _without_labels(text: str) -> str:
    """Return a text without the labels before and behind the name."""
    body = normalize_space(text)
    while found := next(filter(None, (label.match(body) for label in _LABELS)), None):
        body = body[found.end() :].lstrip(_EDGES)
    return "" if TRAILING_LABEL.fullmatch(body) else body


def _clean(text: str) -> str:
    """Return a name without outer punctuation and quotation marks."""
    text = _SPACED_COMMA.sub(r"\1", normalize_space(text)).lstrip(_EDGES).rstrip(" ,;:/=")
    text = _LEADING.sub("", text)
    if text.count('"') == 1:
        text = text.strip('"').strip()
    quoted = _QUOTED.fullmatch(text)
    return normalize_space(quoted[1]).strip(" ,;:/=") if quoted else text
