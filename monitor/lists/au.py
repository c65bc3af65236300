"""Australia's consolidated list, XLSX: one row for each name of a party."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import kind_of, list_error, normalize_space, parse_date
from .countries import codes_in
from .names import collect_names, guess_strength
from .sheet import sheets
from .tables import Row

_REFERENCE, _NAME, _TYPE = "reference", "name of individual or entity", "type"
_COLUMNS = (_NAME, _TYPE, "name type", "alias strength", "citizenship", "committees", "control date")
_NUMBER = re.compile(r"\d+")
_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets


def read_au(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per reference of each sheet: ``12``, ``12a`` and ``12b`` are names of the same.

    Raises:
        ListError: no workbook, or a needed column is missing.

    Source: dfat.gov.au, "Consolidated List".
    """
    for id, rows in _parties(stream, name):
        kind = kind_of(rows[0][_TYPE])
        yield Entity(
            id=id,
            list=name,
            kind=kind,
            names=collect_names(_names(rows, kind), kind),
            countries=tuple(dict.fromkeys(chain(*(codes_in(row["citizenship"]) for row in rows)))),
            programmes=tuple(
                dict.fromkeys(filter(None, (normalize_space(row["committees"]) for row in rows)))
            ),
            listed_on=_date(rows[0]["control date"]),
        )


def _parties(stream: BinaryIO, name: str) -> Iterator[tuple[str, list[Row]]]:
    """Yield (reference, rows) of each party of each sheet, in the order of their first rows."""
    found = False
    for sheet in sheets(stream, name):
        header = [normalize_space(cell).lower() for cell in next(_filled(sheet), [])]
        if {_REFERENCE, _NAME, _TYPE} <= set(header):
            found = True
            yield from _grouped(_row(header, cells) for cells in _filled(sheet))
    if not found:
        raise list_error(name, f"has no columns {_REFERENCE!r}, {_NAME!r}, {_TYPE!r}: is it another file?")


def _row(header: list[str], cells: list[str]) -> Row:
    return dict.fromkeys(_COLUMNS, "") | dict(zip(header, cells, strict=False))


def _filled(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    return (row for row in rows if any(map(str.strip, row)))


def _grouped(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Return the rows of each party; a reference that returns with another main name or type is another's."""
    parties: list[tuple[str, list[Row]]] = []
    latest: dict[str, list[Row]] = {}
    for row in rows:
        number = _number(row)
        if number not in latest or _is_another(row, latest[number]):
            latest[number] = []
            parties.append((number, latest[number]))
        latest[number].append({column: row[column] for column in _COLUMNS})
    return parties


def _number(row: Row) -> str:
    match = _NUMBER.match(row[_REFERENCE].strip())
    return match[0] if match else normalize_space(row[_REFERENCE])


def _is_another(row: Row, party: list[Row]) -> bool:
    types = {kind_of(each[_TYPE]) for each in (row, *party) if each[_TYPE].strip()}
    return len(types) > 1 or (_is_main(row) and any(map(_is_main, party)))


def _is_main(row: Row) -> bool:
    return normalize_space(row["name type"]).lower() == "primary name"


def _names(rows: list[Row], kind: EntityKind) -> Iterator[Name]:
    for row in rows:
        text = normalize_space(row[_NAME])
        weak = normalize_space(row["alias strength"]).lower() in {"weak", "low"}
        said = normalize_space(row["alias strength"])
        alias = Strength.WEAK if weak else Strength.ALIAS if said else guess_strength(text, kind)
        yield Name(text, Strength.PRIMARY if _is_main(row) else alias)


def _date(text: str) -> date | None:
    """Return a date from a spreadsheet's number of days, or from words."""
    number = re.fullmatch(r"(\d{4,6})(?:\.0*)?", text.strip())
    return _EPOCH + timedelta(days=int(number[1])) if number else parse_date(text, "%d/%m/%Y", "%Y-%m-%d")
