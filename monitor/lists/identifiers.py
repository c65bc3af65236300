"""Compare and collect the numbers of list entries: references, passports, registers, ships. Pure."""

import re
from collections.abc import Iterable

from monitor.model import Entity, Identifier

from .base import normalize_space

#: More of one entry, or longer ones, are no identifiers.
MAX_IDENTIFIERS, MAX_LENGTH = 40, 60

_SIGNS = re.compile(r"[^0-9a-z\u00c0-\U0010ffff]+")
_IMO = re.compile(r"imo(?=\d{7}$)")
_LEAST = 3


def number_key(number: str) -> str:
    """Return the form in which two spellings of a number are equal; "" for what is none.

    Case, blanks and signs do not count, nor the letters IMO before the number of a ship. At least three
    characters must be left, and one of them a digit.
    """
    key = _IMO.sub("", _SIGNS.sub("", number.casefold()))
    return key if len(key) >= _LEAST and any(map(str.isdigit, key)) else ""


def collect_identifiers(found: Iterable[tuple[str, str]]) -> tuple[Identifier, ...]:
    """Return (kind, number) pairs as identifiers, each number once; what is no number is left out."""
    kept: dict[str, Identifier] = {}
    for kind, written in found:
        number = normalize_space(written)[:MAX_LENGTH]
        if key := number_key(number):
            kept.setdefault(key, Identifier(number, normalize_space(kind)[:MAX_LENGTH]))
    return tuple(kept.values())[:MAX_IDENTIFIERS]


def identifier_with(entity: Entity, key: str) -> Identifier | None:
    """Return the reference or the identifier of an entry with this key, None if it has none."""
    if number_key(entity.id) == key:
        return Identifier(entity.id, "reference of the list")
    return next((each for each in entity.identifiers if number_key(each.number) == key), None)
