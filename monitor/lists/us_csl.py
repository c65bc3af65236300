"""The US Consolidated Screening List as CSV: SDN, Entity List, Denied Persons and ten more in one table."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import by_look, day, gather, kind_of, several, spoken, tidy
from .countries import codes_of
from .tables import Row, lines, table

_NEEDED = ("_id", "source", "type", "programs", "name", "addresses", "start_date", "alt_names")
_LIST = re.compile(r"\(([A-Z][A-Z-]*)(?: List)?\)")
_COUNTRY = re.compile(r"(?:^|[,;] )([A-Z]{2})(?=;|$)")


def read_us_csl(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per row.

    `programmes` are the programmes, then the list within the list (``SDN``, ``EL``, ``DPL``…). The table does
    not tell weak aliases, so they are known by their look.

    Raises:
        ListError: a needed column is missing, or a row is cut off.

    Source: trade.gov, Consolidated Screening List, CSV.
    """
    for row in table(lines(stream), name, _NEEDED):
        kind = kind_of(row["type"])
        said = spoken if kind is EntityKind.PERSON else tidy
        aliases = (said(alias) for alias in several(row["alt_names"]))
        names = (Name(said(row["name"]), Strength.PRIMARY), *(Name(a, by_look(a, kind)) for a in aliases))
        yield Entity(
            tidy(row["_id"]),
            name,
            kind,
            gather(names, kind),
            _countries(row),
            (*several(row["programs"]), *_LIST.findall(row["source"])),
            day(row["start_date"]),
        )


def _countries(row: Row) -> tuple[str, ...]:
    named = (*several(row.get("nationalities")), *several(row.get("citizenships")), row.get("vessel_flag"))
    return codes_of(*named, *_COUNTRY.findall(row["addresses"]))
