"""Australia's consolidated list, XLSX: one row for each name of a party."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import kind_of, list_error, normalize_space, parse_date, split_cell
from .countries import codes_of
from .names import collect_names, guess_strength
from .sheet import cells
from .tables import Row, group_rows

_REFERENCE, _NAME, _TYPE = "reference", "name of individual or entity", "type"
_COLUMNS = (_NAME, _TYPE, "name type", "alias strength", "citizenship", "committees", "control date")
_NUMBER = re.compile(r"\d+")
_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets


def read_au(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per reference: ``12``, ``12a`` and ``12b`` are names of the same.

    Raises:
        ListError: no workbook, or a needed column is missing.

    Source: dfat.gov.au, "Consolidated List".
    """
    for id, rows in group_rows(_rows(stream, name), _party, _COLUMNS):
        kind = kind_of(rows[0][_TYPE])
        yield Entity(
            id=id,
            list=name,
            kind=kind,
            names=collect_names(_names(rows, kind), kind),
            countries=codes_of(*split_cell(rows[0]["citizenship"])),
            programmes=tuple(
                dict.fromkeys(filter(None, (normalize_space(row["committees"]) for row in rows)))
            ),
            listed_on=_date(rows[0]["control date"]),
        )


def _rows(stream: BinaryIO, name: str) -> Iterator[Row]:
    header: list[str] = []
    for row in cells(stream, name):
        if not header:
            header = [normalize_space(cell).lower() for cell in row]
            if not {_REFERENCE, _NAME, _TYPE} <= set(header):
                raise list_error(
                    name, f"has no columns {_REFERENCE!r}, {_NAME!r}, {_TYPE!r}: is it another file?"
                )
        elif any(map(str.strip, row)):
            yield dict(zip(header, row + [""] * (len(header) - len(row)), strict=False))


def _party(row: Row) -> str:
    match = _NUMBER.match(row[_REFERENCE].strip())
    return match[0] if match else normalize_space(row[_REFERENCE])


def _names(rows: list[Row], kind: EntityKind) -> Iterator[Name]:
    for row in rows:
        text = normalize_space(row[_NAME])
        weak = normalize_space(row["alias strength"]).lower() in {"weak", "low"}
        primary = normalize_space(row["name type"]).lower() == "primary name"
        said = normalize_space(row["alias strength"])
        alias = Strength.WEAK if weak else Strength.ALIAS if said else guess_strength(text, kind)
        yield Name(text, Strength.PRIMARY if primary else alias)


def _date(text: str) -> date | None:
    """Return a date from a spreadsheet's number of days, or from words."""
    number = re.fullmatch(r"(\d{4,6})(?:\.0*)?", text.strip())
    return _EPOCH + timedelta(days=int(number[1])) if number else parse_date(text, "%d/%m/%Y", "%Y-%m-%d")
