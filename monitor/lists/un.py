"""The United Nations Security Council's consolidated list, XML."""

from collections.abc import Iterator
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import normalize_space, parse_date, split_cell
from .countries import codes_of
from .elements import Element, records, text, texts
from .identifiers import collect_identifiers
from .names import collect_names, guess_strength

_KINDS = {"INDIVIDUAL": EntityKind.PERSON, "ENTITY": EntityKind.ORGANISATION}
_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def read_un(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per `INDIVIDUAL` and `ENTITY`, in file order and constant memory.

    `Entity.id` is the permanent reference number (``KPi.033``). Aliases of the quality ``Low`` are weak.

    Raises:
        ListError: not well-formed, or the root is not `CONSOLIDATED_LIST`.

    Source: un.org/sc/resources/sc-sanctions.xsd.
    """
    for record in records(stream, name, "CONSOLIDATED_LIST", frozenset(_KINDS)):
        kind = _KINDS[record.tag]
        yield Entity(
            id=text(record, "REFERENCE_NUMBER") or text(record, "DATAID"),
            list=name,
            kind=kind,
            names=collect_names(_names(record), kind),
            countries=codes_of(
                *texts(record, "NATIONALITY/VALUE"), *texts(record, f"{record.tag}_ADDRESS/COUNTRY")
            ),
            programmes=texts(record, "UN_LIST_TYPE"),
            listed_on=parse_date(text(record, "LISTED_ON")[:10]),
            identifiers=collect_identifiers(
                (text(each, "TYPE_OF_DOCUMENT"), text(each, "NUMBER"))
                for each in record.iterfind("INDIVIDUAL_DOCUMENT")
            ),
        )


def _names(record: Element) -> Iterator[Name]:
    yield Name(normalize_space(" ".join(text(record, part) for part in _PARTS)), Strength.PRIMARY)
    for original in texts(record, "NAME_ORIGINAL_SCRIPT"):
        yield Name(original, guess_strength(original, _KINDS[record.tag]))
    for alias in record.iterfind(f"{record.tag}_ALIAS"):
        strength = Strength.WEAK if text(alias, "QUALITY") == "Low" else Strength.ALIAS
        yield from (Name(each, strength) for each in split_cell(alias.findtext("ALIAS_NAME")))
