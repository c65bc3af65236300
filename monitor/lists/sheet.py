"""Read the sheets of an XLSX workbook row by row, with limits on what they unpack to.

Source: ECMA-376 Part 1, §18.3 (worksheets) and §18.4 (shared strings).
"""

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from .base import list_error
from .elements import Element, records

_LARGEST = 200_000_000  # of one file within, unpacked
_SHEETS = "xl/worksheets/sheet"
_COLUMN = re.compile(r"[A-Z]{1,3}")


def sheets(stream: BinaryIO, name: str, *, largest: int = _LARGEST) -> Iterator[Iterator[list[str]]]:
    """Yield each sheet, to be read before the next: its rows as cells of text, "" for an empty one.

    Numbers are as they are stored.

    Raises:
        ListError: no workbook, or one that unpacks to too much.
    """
    try:
        with zipfile.ZipFile(stream) as book:
            shared = list(_shared(book, name, largest))
            for sheet in _sheets(book, name):
                with book.open(sheet) as opened:
                    rows = records(opened, name, "worksheet", frozenset({"row"}), largest=largest)  # type: ignore[arg-type]
                    yield (_cells(row, shared, name) for row in rows)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise list_error(name, f"is no XLSX workbook: {error}") from error


def _sheets(book: zipfile.ZipFile, name: str) -> list[str]:
    """Return the files of the sheets, "sheet2.xml" before "sheet10.xml"."""
    sheets = [each for each in book.namelist() if each.startswith(_SHEETS) and each.endswith(".xml")]
    if not sheets:
        raise list_error(name, "is a zip without a worksheet")
    return sorted(sheets, key=lambda each: (len(each), each))


def _shared(book: zipfile.ZipFile, name: str, largest: int) -> Iterator[str]:
    """Yield the strings that cells name by number; phonetic hints are no part of them."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return
    with book.open("xl/sharedStrings.xml") as stream:
        for item in records(stream, name, "sst", frozenset({"si"}), largest=largest):  # type: ignore[arg-type]
            yield "".join(t.text or "" for path in ("t", "r/t") for t in item.iterfind(path))


def _cells(row: Element, shared: list[str], name: str) -> list[str]:
    found: list[str] = []
    for cell in row.iterfind("c"):
        at = _number(cell.get("r", ""), len(found))
        found += [""] * (at - len(found) + 1)
        found[at] = _value(cell, shared, name)
    return found


def _number(reference: str, otherwise: int) -> int:
    """Return the number of a column from a reference such as ``AB12``."""
    match = _COLUMN.match(reference)
    if match is None:
        return otherwise
    number = 0
    for letter in match[0]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: Element, shared: list[str], name: str) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter("t"))
    value = cell.findtext("v") or ""
    if cell.get("t") != "s":
        return value
    try:
        return shared[int(value)]
    except (ValueError, IndexError) as error:
        raise list_error(name, f"cell {cell.get('r')} names a string that is not there") from error
