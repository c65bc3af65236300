"""Share names, kinds, dates and the error between the parsers of all formats."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import BinaryIO

from monitor.errors import ListError
from monitor.model import Entity, EntityKind

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

_SEPARATOR = re.compile(r"(?:[;；]|\s/(?=\s))(?![^()（）]*[)）])")  # not in brackets


def per_document(parse: Callable[[BinaryIO, str], Iterator[Entity]]) -> ListParser:
    """Return a parser of lists whose documents are independent of each other."""
    return lambda documents, name: chain.from_iterable(parse(document, name) for document in documents)


def list_error(name: str, what: str) -> ListError:
    """Return the error for bytes that are not a list of the expected format."""
    return ListError(f"{name}: {what}")


def normalize_space(text: str | None) -> str:
    """Return text with single spaces and no line breaks."""
    return " ".join((text or "").split())


def split_cell(text: str | None) -> tuple[str, ...]:
    """Return the values of a cell, which semicolons or spaced slashes separate, each once."""
    return tuple(dict.fromkeys(filter(None, map(normalize_space, _SEPARATOR.split(text or "")))))


def kind_of(word: str | None) -> EntityKind:
    """Return the kind for the word of a list."""
    return ENTITY_KINDS.get((word or "").strip().lower(), EntityKind.OTHER)


@lru_cache(4096)  # a list has few dates and many entities
def parse_date(text: str | None, *formats: str) -> date | None:
    """Return a date in the first format that fits, by default ISO 8601; None if none does."""
    for format in formats or ("%Y-%m-%d",):
        try:
            return datetime.strptime((text or "").strip(), format).date()  # noqa: DTZ007  a date has no zone
        except ValueError:
            continue
    return None


def in_force(entity: Entity, today: date) -> bool:
    """Say whether an entry still holds; one without an end does."""
    return entity.ends_on is None or entity.ends_on >= today


def with_unique_ids(entities: Iterable[Entity]) -> Iterator[Entity]:
    """Yield entities with unique ids: the second entity of an id gets ``id#2``."""
    seen: dict[str, int] = {}
    for entity in entities:
        number = seen[entity.id] = seen.get(entity.id, 0) + 1
        yield entity if number == 1 else replace(entity, id=f"{entity.id}#{number}")
