"""Hostile workbooks: cells keep their columns, zip bombs are refused."""

import io
import zipfile

import pytest

from monitor.errors import ListError
from monitor.lists.sheet import sheets


def book(**files: str) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            where = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml"}.get(name, name)
            made.writestr(where, content)
    stream.seek(0)
    return stream


def rows(*lines: str, strings: str = "<sst/>") -> list[list[str]]:
    sheet = f"<worksheet><sheetData>{''.join(f'<row>{line}</row>' for line in lines)}</sheetData></worksheet>"
    (found,) = (list(each) for each in sheets(book(sheet=sheet, strings=strings), "sample"))
    return found


def test_cells_that_were_left_out_are_empty() -> None:
    assert rows('<c r="A1"><v>1</v></c><c r="D1"><v>4</v></c>') == [["1", "", "", "4"]]


def test_columns_count_beyond_z() -> None:
    (row,) = rows('<c r="AB1"><v>x</v></c>')
    assert (len(row), row[27]) == (28, "x")


def test_strings_are_shared_or_inline_or_rich_and_hints_are_not_read() -> None:
    shared = "<sst><si><t>one</t></si><si><r><t>tw</t></r><r><t>o</t></r><rPh><t>hint</t></rPh></si></sst>"
    line = '<c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>in</t></is></c>'
    assert rows(line, strings=shared) == [["two", "one", "in"]]


def test_every_sheet_is_read_in_the_order_of_its_number() -> None:
    row = '<row><c r="A1"><v>{}</v></c></row>'
    files = {f"xl/worksheets/sheet{n}.xml": f"<worksheet>{row.format(n)}</worksheet>" for n in (10, 2, 1)}
    assert [list(each) for each in sheets(book(**files), "sample")] == [[["1"]], [["2"]], [["10"]]]


def test_a_string_that_is_not_there_is_named_by_its_cell() -> None:
    with pytest.raises(ListError, match="cell B7 names a string that is not there"):
        rows('<c r="B7" t="s"><v>9</v></c>')


def test_a_bomb_is_refused_before_it_has_unpacked() -> None:
    bomb = book(sheet="<worksheet/>", strings="<sst>" + " " * 3_000_000)
    assert len(bomb.getvalue()) < 10_000
    with pytest.raises(ListError, match="larger than 1,000,000 bytes"):
        list(sheets(bomb, "sample", largest=1_000_000))


def test_entities_in_a_workbook_are_refused() -> None:
    with pytest.raises(ListError, match="document type"):
        rows("", strings='<!DOCTYPE sst [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>')


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        (io.BytesIO(b"PK\x03\x04 cut off"), "is no XLSX workbook"),
        (book(readme="no sheet"), "is a zip without a worksheet"),
    ],
    ids=["cut off", "a zip"],
)
def test_what_is_no_workbook_is_refused(stream: io.BytesIO, said: str) -> None:
    with pytest.raises(ListError, match=said):
        list(sheets(stream, "sample"))
