"""Parse lists of the operator's own: a name a line, or a table with named columns."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import kind_of, list_error, normalize_space, parse_date, split_cell
from .content import check_names
from .countries import codes_in, is_country
from .names import collect_names
from .tables import Row, read_table, text_lines

_DELIMITERS = "\t;,"
_NAMES = (
    "name", "names", "full name", "company name", "entity name", "organisation name", "organization name",
    "company", "entity", "organisation", "organization", "person",
)  # fmt: skip
_IDS = ("id", "reference", "unique id", "group id")
_KINDS = ("kind", "type", "schema")
_COUNTRIES = ("country", "countries", "nationality")
_PROGRAMMES = ("programme", "program", "programkey", "list", "regime")
_DATES = ("date", "listed on", "startdate", "effective_date")
_ENDS = ("end date", "end_date", "expires", "expires on", "expiry date", "expiration_date", "expiration date")
_KNOWN = frozenset((*_NAMES, *_IDS, *_KINDS, *_COUNTRIES, *_PROGRAMMES, *_DATES, *_ENDS))
_DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y")
_SAMPLE_LINES = 20


def read_plain(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield an entity per line that names one.

    A first line with a column ``name`` (or ``company name``, ``full name`` and the like) makes it a table, by
    commas, semicolons or tabs: columns that begin with "alias" or end with "name" hold further names (several
    between semicolons), ``weak alias`` weak ones; id, kind, country, programme, date and end date are
    understood, and short rows are filled. Otherwise ``|`` separates the names of an entity, and a line that
    begins with ``#`` is a comment. Without an id the name is one.

    Raises:
        ListError: nothing in it, no list, a table without a column for names, or a row that is too long.
    """
    text = text_lines(stream, name)
    filled = [line for line in islice(text, _SAMPLE_LINES) if line.strip()]
    if not filled:
        raise list_error(name, "is empty")
    text.seek(0)
    head = [line for line in filled if not _is_comment(line)] or [""]
    delimiter = _delimiter(head[0])
    header = _header(head[0], delimiter) if delimiter else []
    if column := next((each for each in _NAMES if each in header), ""):
        rows = read_table(text, name, (column,), delimiter, fill=True)
        yield from (_entity(row, name, column) for row in rows)
        return
    _refuse_table(head, header, delimiter, name)
    yield from _lines(text, name)


def ignored_columns(stream: BinaryIO, name: str) -> tuple[str, ...]:
    """Return the columns of a table that are not understood; none for a list of lines."""
    lines = (line for line in text_lines(stream, name) if line.strip() and not _is_comment(line))
    first = next(lines, "")
    stream.seek(0)
    delimiter = _delimiter(first)
    header = _header(first, delimiter) if delimiter else []
    if not any(column in header for column in _NAMES):
        return ()
    return tuple(column for column in header if column not in _KNOWN and not _holds_names(column))


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _delimiter(line: str) -> str:
    """Return what separates the cells of a header, "" for a line that is none; a lone "name" is one."""
    found = next((mark for mark in _DELIMITERS if mark in line), "")
    return found or ("\t" if _header(line, "\t")[0] in _NAMES else "")


def _header(line: str, delimiter: str) -> list[str]:
    return [normalize_space(cell.strip().strip('"')).lower() for cell in line.split(delimiter)]


def _refuse_table(head: list[str], header: list[str], delimiter: str, name: str) -> None:
    """Refuse a table that does not say which column holds the names."""
    columns = ", ".join(map(repr, filter(None, header)))
    if not _KNOWN.isdisjoint(header):
        remedy = "rename the one with the names"
        raise list_error(name, f"has the columns {columns}, and none is called 'name'; {remedy}")
    if delimiter and _is_regular_table(head, delimiter):
        remedy = f"begin it with a line such as 'name{delimiter}country'"
        raise list_error(name, f"is a table without a header; {remedy}")


def _is_regular_table(lines: list[str], delimiter: str) -> bool:
    """Say whether lines have equally many cells; between commas, which names may hold, none ends with one."""
    delimiters = {line.count(delimiter) for line in lines}
    if len(lines) < 2 or len(delimiters) > 1 or 0 in delimiters:
        return False
    last_cells = [line.rpartition(delimiter)[2].strip().strip('"') for line in lines]
    return delimiter != "," or all(map(_is_no_name, last_cells))


def _is_no_name(cell: str) -> bool:
    return is_country(cell) or not any(map(str.isalpha, cell))


def _lines(text: Iterable[str], name: str) -> Iterator[Entity]:
    lines = [line for line in text if not _is_comment(line)]
    check_names(lines, name)
    for line in lines:
        given = [Name(each) for each in line.split("|")]
        if names := collect_names(given, EntityKind.OTHER):
            yield Entity(id=names[0].text, list=name, kind=EntityKind.OTHER, names=names)


def _entity(row: Row, name: str, column: str) -> Entity:
    kind = kind_of(_first(row, _KINDS))
    names = collect_names((Name(row[column], Strength.PRIMARY), *_further(row, column)), kind)
    return Entity(
        id=_first(row, _IDS) or normalize_space(row[column]),
        list=name,
        kind=kind,
        names=names,
        countries=tuple(dict.fromkeys(chain(*(codes_in(row.get(each)) for each in _COUNTRIES)))),
        programmes=split_cell(_first(row, _PROGRAMMES)),
        listed_on=parse_date(_first(row, _DATES), *_DATE_FORMATS),
        ends_on=_end(row),
    )


def _further(row: Row, main: str) -> Iterator[Name]:
    for column, cell in row.items():
        if column != main and _holds_names(column):
            weak = column.replace(" ", "").startswith("weakalias")
            yield from (Name(each, Strength.WEAK if weak else Strength.ALIAS) for each in split_cell(cell))


def _holds_names(column: str) -> bool:
    return column.replace(" ", "").startswith(("alias", "weakalias")) or column.endswith("name")


def _first(row: Row, columns: Iterable[str]) -> str:
    return next((text for column in columns if (text := normalize_space(row.get(column)))), "")


def _end(row: Row) -> date | None:
    """Return the last day of an entry; the later one where day and month may be swapped.

    A row that leaves its start blank has none: there the end is often another date.
    """
    if any(column in row for column in _DATES) and not _first(row, _DATES):
        return None
    text = _first(row, _ENDS)
    return max(filter(None, (parse_date(text, format) for format in _DATE_FORMATS)), default=None)
