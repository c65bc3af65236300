"""Read text tables in UTF-8 or Windows-1252, with or without a header; rows know their line."""

import codecs
import contextlib
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from monitor.errors import ListError

from .base import list_error, normalize_space
from .content import encoding_of

#: The most lines before the header; some publishers put the date there.
_PREAMBLE = 5

Row = dict[str, str]


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Decode invalid UTF-8 as Windows-1252, the usual encoding of such bytes."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("monitor-windows-1252", _as_windows_1252)


class _Lines(io.TextIOWrapper):
    """The text of a stream that the caller opened and closes."""

    def __del__(self) -> None:
        with contextlib.suppress(ValueError):  # they have closed it already
            self.detach()


def text_lines(stream: BinaryIO, name: str) -> io.TextIOWrapper:
    """Return a document as text; lines keep their ends.

    Raises:
        ListError: it is no text, or a web page.
    """
    return _Lines(stream, encoding_of(stream, name), "monitor-windows-1252", newline="")


def rows(stream: Iterable[str], name: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every row that is not blank; an end-of-file mark (0x1A) counts as blank.

    Raises:
        ListError: not CSV, such as a cell without an end.
    """
    csv_rows = csv.reader(stream, delimiter=delimiter)
    try:
        for row in csv_rows:
            if any(cell.strip(" \x1a") for cell in row):
                yield csv_rows.line_num, row
    except csv.Error as error:
        raise list_error(name, f"line {csv_rows.line_num}: {error}") from error


def read_table(
    stream: Iterable[str],
    name: str,
    needed: tuple[str, ...],
    delimiter: str = ",",
    *,
    fill: bool = False,
) -> Iterator[Row]:
    """Yield rows by column name, in lower case; the header may be a few lines down.

    A short row says that the file is cut off, unless `fill` completes it with empty cells; then a row with
    more cells than the header is refused.

    Raises:
        ListError: no header with the `needed` columns, or a row of another length.
    """
    lines = rows(stream, name, delimiter)
    header = _header(lines, needed)
    if not header:
        raise list_error(name, f"has no columns {', '.join(map(repr, needed))}: is it another file?")
    for line, row in lines:
        if fill:
            row = _filled(row, len(header), f"{name}: line {line}")  # noqa: PLW2901
        elif len(row) < len(header):
            raise list_error(
                name, f"line {line} has {len(row)} of {len(header)} columns: the file is cut off"
            )
        is_header_again = _column(row[0]) == header[0] and [*map(_column, row)] == header
        if not is_header_again:
            yield dict(zip(header, row, strict=False))


def _header(lines: Iterator[tuple[int, list[str]]], needed: tuple[str, ...]) -> list[str]:
    """Return the columns of the first line that has those `needed`, of a few; none if no line has them."""
    for _, row in islice(lines, _PREAMBLE):
        columns = [_column(cell) for cell in row]
        if set(needed) <= set(columns):
            return columns
    return []


def _column(cell: str) -> str:
    return normalize_space(cell).lower()


def _filled(row: list[str], width: int, where: str) -> list[str]:
    if any(map(str.strip, row[width:])):
        raise ListError(
            f"{where} has {len(row)} cells for {width} columns; a cell with a comma needs quotation marks"
        )
    return row[:width] + [""] * (width - len(row))


def group_rows(
    table: Iterable[Row], key: Callable[[Row], str], columns: Iterable[str]
) -> Iterator[tuple[str, list[Row]]]:
    """Yield the rows of each key, in the order of first appearance, with these columns only."""
    kept = tuple(columns)
    groups: dict[str, list[Row]] = {}
    for row in table:
        groups.setdefault(key(row), []).append({column: row.get(column, "") for column in kept})
    yield from groups.items()
