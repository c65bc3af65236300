"""Look a name or a number up in lists. Pure.

Of a name all words must be there, in any order; case, accents and legal forms do not count.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.model import Entity, Identifier, Name, Strength
from monitor.text import fold, words

from .identifiers import identifier_with, number_key
from .scripts import is_latin
from .wording import LEGAL_FORMS


@dataclass(frozen=True, slots=True)
class Found:
    """An entity and its names that match; `exact` if one of them has no other words."""

    entity: Entity
    names: tuple[Name, ...]
    exact: bool


def find(wanted: Iterable[str], entities: Iterable[Entity]) -> Iterator[Found]:
    """Yield every entity with a name that holds all the words of one of the `wanted` names."""
    asked = [core for name in wanted if (core := _core(name))]
    longest_words = {max(core, key=len) for core in asked}
    for entity in entities:
        matched: list[Name] = []
        exact = False
        for name in entity.names:
            folded = fold(name.text)
            if not any(word in folded for word in longest_words):
                continue
            words_of_name = _core(name.text)
            held = next((core for core in asked if words_of_name >= core), None)
            if held is not None:
                matched.append(name)
                exact = exact or words_of_name == held
        if matched:
            yield Found(entity, tuple(matched), exact)


def find_in_all_scripts(name: str, entities: Iterable[Entity]) -> tuple[Found, ...]:
    """Return entities with a name or only with its spelling in another script, exact ones first.

    `entities` is read twice.
    """
    found = [*find([name], entities)]
    known = {(each.entity.list, each.entity.id) for each in found}
    if spellings := other_scripts(found):
        more = find(spellings, entities)
        found += [each for each in more if (each.entity.list, each.entity.id) not in known]
    return tuple(sorted(found, key=lambda each: not each.exact))


def other_scripts(found: Iterable[Found]) -> tuple[str, ...]:
    """Return the names of exact finds in scripts other than that of the name that matched."""
    names = (
        name.text
        for each in found
        if each.exact
        for name in each.entity.names
        if name.strength is not Strength.WEAK and is_latin(name.text) != is_latin(each.names[0].text)
    )
    return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """An entity and the number by which it was found: its reference, or an identifier of it."""

    entity: Entity
    identifier: Identifier


def find_number(number: str, entities: Iterable[Entity]) -> Iterator[FoundNumber]:
    """Yield every entity with this reference or identifier, whatever its blanks, signs and case."""
    if key := number_key(number):
        for entity in entities:
            if identifier := identifier_with(entity, key):
                yield FoundNumber(entity, identifier)


def _core(name: str) -> frozenset[str]:
    """Return the words of a name without its legal form, or all if it has no others."""
    said = frozenset(words(name))
    return said - LEGAL_FORMS or said
