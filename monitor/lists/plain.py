"""Lists of your own: a name a line, or a table whose columns say what they are."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import kind_of, list_error, normalize_space, parse_date, split_cell
from .countries import codes_of
from .names import collect_names
from .tables import Row, read_table, text_lines

_DELIMITERS = "\t;,"
_IDS = ("id", "reference", "unique id", "group id")
_KINDS = ("kind", "type", "schema")
_COUNTRIES = ("country", "countries", "nationality")
_PROGRAMMES = ("programme", "program", "programkey", "list", "regime")
_DATES = ("date", "listed on", "startdate", "effective_date")
_DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")


def read_plain(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield an entity per line that names one.

    A first line with a column ``name`` makes it a table, by commas, semicolons or tabs: columns that begin
    with "alias" or end with "name" hold further names (several between semicolons), ``weak alias`` weak ones;
    id, kind, country, programme and date are understood. Otherwise ``|`` separates a party's names and ``#``
    begins a comment. Without an id the name is one.

    Raises:
        ListError: nothing in it, or a row that is cut off.
    """
    text = text_lines(stream)
    first = next((line for line in text if line.strip()), "")
    if not first:
        raise list_error(name, "is empty")
    text.seek(0)
    delimiter = next((mark for mark in _DELIMITERS if mark in first), "")
    if delimiter and "name" in _header(first, delimiter):
        yield from (_row(row, name) for row in read_table(text, name, ("name",), delimiter))
    else:
        yield from _lines(text, name)


def _header(line: str, delimiter: str) -> list[str]:
    return [normalize_space(cell.strip().strip('"')).lower() for cell in line.split(delimiter)]


def _lines(text: Iterable[str], name: str) -> Iterator[Entity]:
    for line in text:
        given = [Name(each) for each in line.partition("#")[0].split("|")]
        if names := collect_names(given, EntityKind.OTHER):
            yield Entity(id=names[0].text, list=name, kind=EntityKind.OTHER, names=names)


def _row(row: Row, name: str) -> Entity:
    kind = kind_of(_first(row, _KINDS))
    names = collect_names((Name(row["name"], Strength.PRIMARY), *_further(row)), kind)
    countries = codes_of(*(each for column in _COUNTRIES for each in split_cell(row.get(column))))
    id = _first(row, _IDS) or normalize_space(row["name"])
    return Entity(
        id=id,
        list=name,
        kind=kind,
        names=names,
        countries=countries,
        programmes=split_cell(_first(row, _PROGRAMMES)),
        listed_on=_date(row),
    )


def _further(row: Row) -> Iterator[Name]:
    for column, cell in row.items():
        weak = column.replace(" ", "").startswith("weakalias")
        if weak or column.startswith("alias") or (column.endswith("name") and column != "name"):
            yield from (Name(each, Strength.WEAK if weak else Strength.ALIAS) for each in split_cell(cell))


def _first(row: Row, columns: Iterable[str]) -> str:
    return next((text for column in columns if (text := normalize_space(row.get(column)))), "")


def _date(row: Row) -> date | None:
    return parse_date(_first(row, _DATES), *_DATE_FORMATS)
