"""The US Consolidated Screening List as CSV: SDN, Entity List, Denied Persons and ten more in one table."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import kind_of, normalize_space, parse_date, split_cell
from .countries import codes_of
from .identifiers import collect_identifiers, number_key
from .names import collect_names, given_name_first, guess_strength
from .tables import Row, read_table, text_lines

_NEEDED = ("_id", "source", "type", "programs", "name", "addresses", "start_date", "alt_names")
_LIST = re.compile(r"\(([A-Z][A-Z-]*)(?: List)?\)")
_COUNTRY = re.compile(r"(?:^|[,;] )([A-Z]{2})(?=;|$)")


def read_us_csl(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per row.

    `programmes` are the programmes, then the list within the list (``SDN``, ``EL``, ``DPL``…). The table does
    not mark weak aliases, so `guess_strength` does.

    Raises:
        ListError: a needed column is missing, or a row is cut off.

    Source: trade.gov, Consolidated Screening List, CSV.
    """
    for row in read_table(text_lines(stream, name), name, _NEEDED):
        kind = kind_of(row["type"])
        said = given_name_first if kind is EntityKind.PERSON else normalize_space
        aliases = (said(alias) for alias in split_cell(row["alt_names"]))
        names = (
            Name(said(row["name"]), Strength.PRIMARY),
            *(Name(a, guess_strength(a, kind)) for a in aliases),
        )
        yield Entity(
            id=normalize_space(row["_id"]),
            list=name,
            kind=kind,
            names=collect_names(names, kind),
            countries=_countries(row),
            programmes=(*split_cell(row["programs"]), *_LIST.findall(row["source"])),
            listed_on=parse_date(row["start_date"]),
            ends_on=parse_date(row.get("end_date")),
            identifiers=collect_identifiers(_numbers(row)),
        )


def _numbers(row: Row) -> Iterator[tuple[str, str]]:
    """Yield the numbers of ``Passport, IR, D9004878; …``, where the kind comes first."""
    for document in split_cell(row.get("ids")):
        kind, *parts = (part.strip() for part in document.split(","))
        yield kind, next((part for part in parts if number_key(part) and not parse_date(part)), "")


def _countries(row: Row) -> tuple[str, ...]:
    named = (
        *split_cell(row.get("nationalities")),
        *split_cell(row.get("citizenships")),
        row.get("vessel_flag"),
    )
    return codes_of(*named, *_COUNTRY.findall(row["addresses"]))
