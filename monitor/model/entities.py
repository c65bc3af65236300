"""Parties as sanctions and watch lists name them; lean, since there may be a million names."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Strength(StrEnum):
    """How far a name identifies its party: weak ones are shared by many and only support other evidence."""

    PRIMARY = "primary"
    ALIAS = "alias"
    WEAK = "weak"


class EntityKind(StrEnum):
    """What a list says a party is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the order in which it is spoken, in whatever script; `lang` is the list's word for its
    language (``ru``), or "" where it has none."""

    text: str
    strength: Strength = Strength.ALIAS
    lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One entry of a list. `id` is the list's own and unique within `list`, which is the list's name.

    `names` holds at least one, the main one first, none twice. `countries` are ISO 3166 codes in capitals,
    or the list's words where they are none. `programmes` are the list's own, or the lists within a list.
    `ends_on` is the last day on which the entry holds, if the list says one.
    """

    id: str
    list: str
    kind: EntityKind
    names: tuple[Name, ...]
    countries: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    listed_on: date | None = None
    ends_on: date | None = None

    @property
    def name(self) -> str:
        """The main name."""
        return self.names[0].text
