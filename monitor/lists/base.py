"""Share names, kinds, dates and the error between the parsers of all formats."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import BinaryIO

from monitor.errors import ListError
from monitor.model import Entity, EntityKind, Name, Strength

#: Parses the documents of one list, which are open at their start and seekable; the text is the list's name.
ListParser = Callable[[Sequence[BinaryIO], str], Iterator[Entity]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionsList:
    """A sanctions list as configured. `at_least` is the fewest entries it can have, 0 for unknown."""

    name: str
    title: str = ""
    authority: str = ""
    format: str
    urls: tuple[str, ...]
    every: timedelta = timedelta(hours=6)
    at_least: int = 0
    page: str = ""


ENTITY_KINDS = {
    "individual": EntityKind.PERSON,
    "person": EntityKind.PERSON,
    "entity": EntityKind.ORGANISATION,
    "enterprise": EntityKind.ORGANISATION,
    "organization": EntityKind.ORGANISATION,
    "organisation": EntityKind.ORGANISATION,
    "company": EntityKind.ORGANISATION,
    "legalentity": EntityKind.ORGANISATION,
    "publicbody": EntityKind.ORGANISATION,
    "vessel": EntityKind.VESSEL,
    "ship": EntityKind.VESSEL,
    "aircraft": EntityKind.AIRCRAFT,
    "airplane": EntityKind.AIRCRAFT,
}

_STRENGTHS = tuple(Strength)  # the strongest first

_IN_BRACKETS = re.compile(r"\s*[(（]([^()（）]+)[)）]")
_SEVERAL = re.compile(r"\s*[;；]\s*|\s+/\s+")
_QUOTED = re.compile(r"""["“„«'‘]([^"“”„«»'‘’]+)["”“»'’]""")


def per_document(read: Callable[[BinaryIO, str], Iterator[Entity]]) -> ListParser:
    """Return a parser of lists whose documents are independent of each other."""
    return lambda documents, name: chain.from_iterable(read(document, name) for document in documents)


def list_error(name: str, what: str) -> ListError:
    """Return the error for bytes that are not a list of the expected format."""
    return ListError(f"{name}: {what}")


def normalize_space(text: str | None) -> str:
    """Return text with single spaces and no line breaks."""
    return " ".join((text or "").split())


def split_cell(text: str | None) -> tuple[str, ...]:
    """Return the values of a cell, which semicolons or spaced slashes separate, each once."""
    return tuple(dict.fromkeys(filter(None, map(normalize_space, _SEVERAL.split(text or "")))))


def kind_of(word: str | None) -> EntityKind:
    """Return the kind for the word of a list."""
    return ENTITY_KINDS.get((word or "").strip().lower(), EntityKind.OTHER)


def given_name_first(text: str) -> str:
    """Return ``SURNAME, Given names`` with the given names first."""
    last, comma, first = text.partition(",")
    return normalize_space(f"{first} {last}") if comma and first.strip() else text


@lru_cache(4096)  # a list has few dates and many entities
def parse_date(text: str | None, *formats: str) -> date | None:
    """Return a date in the first format that fits, by default ISO 8601; None if none does."""
    for format in formats or ("%Y-%m-%d",):
        try:
            return datetime.strptime((text or "").strip(), format).date()  # noqa: DTZ007  a date has no zone
        except ValueError:
            continue
    return None


def guess_strength(text: str, kind: EntityKind) -> Strength:
    """Return the strength of an alias that its list does not grade: short single words are weak.

    Source: OpenSanctions' rule for blank alias strengths of the UK list.
    """
    if " " in text or not text.isascii():
        return Strength.ALIAS
    short = kind is EntityKind.PERSON or len(text) < 6 or (text.isupper() and len(text) < 7)
    return Strength.WEAK if short else Strength.ALIAS


def collect_names(names: Iterable[Name], kind: EntityKind) -> tuple[Name, ...]:
    """Return the names of an entity, the main one first, none twice; () if none has a letter or digit.

    A part in brackets becomes a name too: a weak one, unless it is in another script than the rest.
    """
    given = sorted(_cleaned(names), key=lambda name: name.strength is not Strength.PRIMARY)
    found: dict[str, Name] = {}
    for name in chain.from_iterable(_expand_brackets(name, kind) for name in given):
        kept = found.get(name.text)
        if any(map(str.isalnum, name.text)) and (kept is None or _rank(name) < _rank(kept)):
            found[name.text] = name
    main, *others = (*found.values(),) or (None,)
    if main is None:
        return ()
    return (Name(main.text, Strength.PRIMARY, main.lang), *map(_as_alias, others))


def _cleaned(names: Iterable[Name]) -> Iterator[Name]:
    """Yield the names with a letter or digit, without outer punctuation and quotation marks."""
    for name in names:
        text = normalize_space(name.text).strip(" ,;")
        quoted = _QUOTED.fullmatch(text)
        text = quoted[1] if quoted else text
        if any(map(str.isalnum, text)):
            yield Name(text, name.strength, name.lang)


def _rank(name: Name) -> int:
    return _STRENGTHS.index(name.strength)


def _as_alias(name: Name) -> Name:
    return name if name.strength is not Strength.PRIMARY else Name(name.text, Strength.ALIAS, name.lang)


def _expand_brackets(name: Name, kind: EntityKind) -> Iterator[Name]:
    yield name
    inner = _IN_BRACKETS.findall(name.text)
    outer = normalize_space(_IN_BRACKETS.sub(" ", name.text))
    if not (inner and outer):
        return
    strength = _as_alias(name).strength
    yield Name(outer, max(strength, guess_strength(outer, kind), key=_STRENGTHS.index), name.lang)
    for part in map(normalize_space, inner):
        yield Name(part, strength if is_latin(part) != is_latin(outer) else Strength.WEAK)


def is_latin(text: str) -> bool:
    """Say whether the first letter of a text is Latin."""
    letter = next(filter(str.isalpha, text), "a")
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")


def with_unique_ids(entities: Iterable[Entity]) -> Iterator[Entity]:
    """Yield entities with unique ids: the second entity of an id gets ``id#2``."""
    seen: dict[str, int] = {}
    for entity in entities:
        number = seen[entity.id] = seen.get(entity.id, 0) + 1
        yield entity if number == 1 else replace(entity, id=f"{entity.id}#{number}")
