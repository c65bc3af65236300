"""Parties of sanctions and watch lists; small values, since there may be a million names."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Strength(StrEnum):
    """How far a name identifies its party: weak ones are shared by many and only support other evidence."""

    PRIMARY = "primary"
    ALIAS = "alias"
    WEAK = "weak"


class EntityKind(StrEnum):
    """The type of a party according to its list."""

    PERSON = "person"
    ORGANISATION = "organisation"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in spoken order, in any script; `lang` is its language as the list writes it, or ""."""

    text: str
    strength: Strength = Strength.ALIAS
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number of a party: of a passport, a register, a ship; `kind` says what it is in the list's words."""

    number: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One entry of a list. `id` is the list's own and unique within `list`, which is the list's name.

    `names` holds at least one, the main one first, none twice. `countries` are ISO 3166 codes in capitals,
    or as the list writes them if they are none. `programmes` are the list's own, or the lists within a list.
    `ends_on` is the last day on which the entry is in force, if the list states one. `identifiers` are for
    looking an entry up; a change of them alone is no change of the entry.
    """

    id: str
    list: str
    kind: EntityKind
    names: tuple[Name, ...]
    countries: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    listed_on: date | None = None
    ends_on: date | None = None
    identifiers: tuple[Identifier, ...] = ()

    @property
    def name(self) -> str:
        """The main name."""
        return self.names[0].text
