"""Canada's consolidated autonomous sanctions list, XML."""

from collections.abc import Iterator
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import normalize_space, parse_date, split_cell
from .elements import Element, records, text
from .names import collect_names, guess_strength


def read_ca(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per `record`, in file order and constant memory.

    ``Country`` names the regulations, not where a party is from. The list gives no ids, and its item numbers
    shift; `Entity.id` is the regulations and the name.

    Raises:
        ListError: not well-formed, or the root is not `data-set`.
    """
    for record in records(stream, name, "data-set", frozenset({"record"})):
        kind = _kind(record)
        regime = text(record, "Country").partition(" / ")[0]
        names = collect_names(_names(record, kind), kind)
        yield Entity(
            id=" · ".join((regime, *(name.text for name in names[:1]))),
            list=name,
            kind=kind,
            names=names,
            countries=(),
            programmes=(regime,) if regime else (),
            listed_on=parse_date(text(record, "DateOfListing")),
        )


def _kind(record: Element) -> EntityKind:
    if text(record, "ShipIMONumber"):
        return EntityKind.VESSEL
    return EntityKind.ORGANISATION if _entity(record) else EntityKind.PERSON


def _entity(record: Element) -> str:
    return text(record, "EntityOrShip") or text(record, "Entity")


def _names(record: Element, kind: EntityKind) -> Iterator[Name]:
    person = normalize_space(f"{text(record, 'GivenName')} {text(record, 'LastName')}")
    for main in split_cell(_entity(record) or person):
        yield Name(main, Strength.PRIMARY)
    for alias in split_cell(text(record, "Aliases")):
        yield Name(alias, guess_strength(alias, kind))
