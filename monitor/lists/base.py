"""What the readers of all formats share: names told apart by strength, kinds, dates, one error."""

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

#: Reads the documents of one list, opened anew and seekable; the text is the list's name.
Reader = Callable[[Sequence[BinaryIO], str], Iterator[Entity]]


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


KINDS = {
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


def each(read: Callable[[BinaryIO, str], Iterator[Entity]]) -> Reader:
    """Return a reader of lists whose documents stand each for itself."""
    return lambda documents, name: chain.from_iterable(read(document, name) for document in documents)


def broken(name: str, what: str) -> ListError:
    """Return the error for bytes that are not the list they claim to be."""
    return ListError(f"{name}: {what}")


def tidy(text: str | None) -> str:
    """Return text without the white space that layout put there."""
    return " ".join((text or "").split())


def several(text: str | None) -> tuple[str, ...]:
    """Return what a cell holds between semicolons, or slashes that stand free, each once."""
    return tuple(dict.fromkeys(filter(None, map(tidy, _SEVERAL.split(text or "")))))


def kind_of(word: str | None) -> EntityKind:
    """Return what a list's own word for a kind means."""
    return KINDS.get((word or "").strip().lower(), EntityKind.OTHER)


def spoken(text: str) -> str:
    """Return ``SURNAME, Given names`` in the order in which a person is called."""
    last, comma, first = text.partition(",")
    return tidy(f"{first} {last}") if comma and first.strip() else text


@lru_cache(4096)  # a list has few dates and many parties
def day(text: str | None, *formats: str) -> date | None:
    """Return a date as the first format that fits reads it; ISO without any; None for what is no date."""
    for format in formats or ("%Y-%m-%d",):
        try:
            return datetime.strptime((text or "").strip(), format).date()  # noqa: DTZ007  a date has no zone
        except ValueError:
            continue
    return None


def by_look(text: str, kind: EntityKind) -> Strength:
    """Return how strong an alias is of which its list says nothing: short single words are weak.

    Source: OpenSanctions' rule for blank alias strengths of the UK list.
    """
    if " " in text or not text.isascii():
        return Strength.ALIAS
    short = kind is EntityKind.PERSON or len(text) < 6 or (text.isupper() and len(text) < 7)
    return Strength.WEAK if short else Strength.ALIAS


def gather(names: Iterable[Name], kind: EntityKind) -> tuple[Name, ...]:
    """Return the names of a party, the main one first and none twice; () when none has a letter or digit.

    What stands in brackets becomes a name of its own: weak, unless it is the name in another script.
    """
    found: dict[str, Name] = {}
    for name in chain.from_iterable(_unfolded(name, kind) for name in names):
        kept = found.get(name.text)
        if any(map(str.isalnum, name.text)) and (kept is None or _rank(name) < _rank(kept)):
            found[name.text] = name
    ordered = sorted(found.values(), key=lambda name: name.strength is not Strength.PRIMARY)
    main = ordered[:1]
    rest = (_second(name) for name in ordered[1:])
    return (*(Name(name.text, Strength.PRIMARY, name.lang) for name in main), *rest)


def _rank(name: Name) -> int:
    return _STRENGTHS.index(name.strength)


def _second(name: Name) -> Name:
    return name if name.strength is not Strength.PRIMARY else Name(name.text, Strength.ALIAS, name.lang)


def _unfolded(name: Name, kind: EntityKind) -> Iterator[Name]:
    text = tidy(name.text).strip(" ,;")
    quoted = _QUOTED.fullmatch(text)
    text = quoted[1] if quoted else text
    yield Name(text, name.strength, name.lang)
    inner = _IN_BRACKETS.findall(text)
    outer = tidy(_IN_BRACKETS.sub(" ", text))
    if not (inner and outer):
        return
    strength = _second(name).strength
    yield Name(outer, max(strength, by_look(outer, kind), key=_STRENGTHS.index), name.lang)
    for part in map(tidy, inner):
        yield Name(part, strength if latin(part) != latin(outer) else Strength.WEAK)


def latin(text: str) -> bool:
    """Say whether the first letter of a text is a Latin one."""
    letter = next(filter(str.isalpha, text), "a")
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")


def unique(entities: Iterable[Entity]) -> Iterator[Entity]:
    """Yield entities with ids of their own: the second of the same becomes ``id#2``."""
    seen: dict[str, int] = {}
    for entity in entities:
        number = seen[entity.id] = seen.get(entity.id, 0) + 1
        yield entity if number == 1 else replace(entity, id=f"{entity.id}#{number}")
