"""Hostile tables: headers are found, rows know their line, truncation is noticed."""

import io

import pytest

from monitor.errors import ListError
from monitor.lists.tables import read_table, rows, text_lines


def read(text: str, *needed: str) -> list[dict[str, str]]:
    return list(read_table(io.StringIO(text), "sample", needed or ("id", "name")))


def test_rows_are_known_by_their_columns() -> None:
    assert read("Id, NAME\n1,Zorva\n") == [{"id": "1", "name": "Zorva"}]


def test_the_header_may_stand_beneath_a_date_and_come_twice() -> None:
    assert read("Report of 2026-01-02\nid,name\nid,name\n1,Zorva\n\x1a\n") == [{"id": "1", "name": "Zorva"}]


def test_a_cell_may_contain_line_breaks() -> None:
    assert read('id,name\n1,"Zorva\nArms"\n')[0]["name"] == "Zorva\nArms"


def test_a_row_that_is_cut_off_is_named_by_its_line() -> None:
    with pytest.raises(ListError, match="sample: line 3 has 1 of 2 columns: the file is cut off"):
        read("id,name\n1,Zorva\n2")


def test_what_has_no_such_columns_is_another_file() -> None:
    with pytest.raises(ListError, match="has no columns 'id', 'name': is it another file"):
        read("a,b\n" * 9)


def test_a_cell_without_end_is_refused() -> None:
    with pytest.raises(ListError, match="field larger than field limit"):
        list(rows(io.StringIO('1,"' + "x" * 200_000), "sample"))


def test_what_is_no_utf_8_is_read_as_windows_wrote_it() -> None:
    raw = "Société ‘Zorva’\n".encode("cp1252") + "Зорва\n".encode()
    assert list(text_lines(io.BytesIO(raw), "sample")) == ["Société ‘Zorva’\n", "Зорва\n"]
