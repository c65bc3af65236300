"""Tables as text: rows that know their line, with or without a header, in UTF-8 or what Windows wrote."""

import codecs
import contextlib
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from .base import broken, tidy

#: Lines before the header in which some offices tell a date.
_PREAMBLE = 5

Row = dict[str, str]


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read what is no UTF-8 as the encoding in which such bytes are quotation marks and accents."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("monitor-windows-1252", _as_windows_1252)


class _Lines(io.TextIOWrapper):
    """Text of a document that somebody else opened and will close."""

    def __del__(self) -> None:
        with contextlib.suppress(ValueError):  # they have closed it already
            self.detach()


def lines(stream: BinaryIO) -> io.TextIOWrapper:
    """Return a document as text, line by line, each with its end."""
    return _Lines(stream, "utf-8-sig", "monitor-windows-1252", newline="")


def rows(stream: Iterable[str], name: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every row that holds anything; a lone end-of-file mark (0x1A) holds nothing.

    Raises:
        ListError: no CSV, such as a cell without an end.
    """
    reader = csv.reader(stream, delimiter=delimiter)
    try:
        for row in reader:
            if any(cell.strip(" \x1a") for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise broken(name, f"line {reader.line_num}: {error}") from error


def table(stream: Iterable[str], name: str, needed: tuple[str, ...], delimiter: str = ",") -> Iterator[Row]:
    """Yield rows by the names of their columns, in small letters; the header may stand a few lines down.

    Raises:
        ListError: no header with the `needed` columns, or a row that is cut off.
    """
    header: list[str] = []
    for number, (line, row) in enumerate(rows(stream, name, delimiter)):
        if not header and number < _PREAMBLE:
            given = [tidy(cell).lower() for cell in row]
            header = given if set(needed) <= set(given) else []
            continue
        if not header:
            break
        if len(row) < len(header):
            raise broken(name, f"line {line} has {len(row)} of {len(header)} columns: the file is cut off")
        if tidy(row[0]).lower() != header[0] or [tidy(cell).lower() for cell in row] != header:
            yield dict(zip(header, row, strict=False))
    if not header:
        raise broken(name, f"has no columns {', '.join(map(repr, needed))}: is it another file?")


def grouped(
    table: Iterable[Row], key: Callable[[Row], str], columns: Iterable[str]
) -> Iterator[tuple[str, list[Row]]]:
    """Yield the rows that share a key, in the order of first appearance, with these columns only."""
    kept = tuple(columns)
    groups: dict[str, list[Row]] = {}
    for row in table:
        groups.setdefault(key(row), []).append({column: row.get(column, "") for column in kept})
    yield from groups.items()
