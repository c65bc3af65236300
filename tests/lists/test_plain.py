"""Lists of the operator's own: what is a name, what is a table, and what is neither."""

import io
from datetime import date

import pytest

from monitor.errors import ListError
from monitor.lists import parse_list
from monitor.model import Entity

TODAY = date(2026, 11, 27)


def entities(text: str | bytes) -> list[Entity]:
    body = text.encode() if isinstance(text, str) else text
    return list(parse_list("plain", [io.BytesIO(body)], "own", TODAY))


def names(text: str | bytes) -> list[str]:
    return [entity.name for entity in entities(text)]


def test_a_comment_begins_at_the_start_of_a_line_and_nowhere_else() -> None:
    assert names("# ours\nC# Zorva\n  # more\nDepot #5 Zorva\n") == ["C# Zorva", "Depot #5 Zorva"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_the_encoding_of_its_mark(encoding: str) -> None:
    assert names("Zorva Works\nЗорва\n".encode(encoding)) == ["Zorva Works", "Зорва"]


@pytest.mark.parametrize("column", ["name", "Name", "Company Name", "Full name", "Entity"])
def test_the_column_of_names_has_one_of_several_titles(column: str) -> None:
    (entity,) = entities(f"{column},Country\nZorva Works,KP\n")
    assert (entity.name, entity.countries) == ("Zorva Works", ("KP",))


def test_a_comment_may_stand_before_the_header() -> None:
    assert names("# ours\nname;country\nZorva Works;KP\n") == ["Zorva Works"]


def test_a_table_may_have_one_column() -> None:
    assert names('"Name"\n"Zorva, Brenn and Co"\nBrenn Works\n') == ["Zorva, Brenn and Co", "Brenn Works"]


def test_a_short_row_is_filled() -> None:
    found = entities("name,country,kind\nZorva Works\nIlo Karvel,KP\n")
    assert [(entity.name, entity.countries) for entity in found] == [
        ("Zorva Works", ()),
        ("Ilo Karvel", ("KP",)),
    ]


def test_a_cell_may_name_several_countries() -> None:
    (entity,) = entities('name,country\nZorva Works,"Syria, Lebanon"\n')
    assert entity.countries == ("SY", "LB")


def test_a_surname_may_stand_first() -> None:
    assert [name.text for name in entities("ZORVAN, ILO\n")[0].names] == ["ILO ZORVAN", "ZORVAN ILO"]


@pytest.mark.parametrize(
    ("header", "row", "stays"),
    [
        ("name,end_date", "Zorva,2026-11-26", False),
        ("name,end_date", "Zorva,2026-11-27", True),
        ("name,end date", "Zorva,", True),
        ("name,Expiration_Date", "Zorva,11/13/2020", False),
        ("name,expires", "Zorva,12/11/2026", True),  # perhaps the eleventh of December
        ("name,expires", "Zorva,never", True),
        ("name,date,end date", "Zorva,,02.12.2019", True),
        ("name,date,end date", "Zorva,02.12.2018,02.12.2019", False),
    ],
)
def test_an_entry_is_listed_until_its_end(header: str, row: str, stays: bool) -> None:
    assert names(f"{header}\n{row}\nBrenn,\n") == (["Zorva", "Brenn"] if stays else ["Brenn"])


NO_LISTS = {
    "a zip": (b"PK\x03\x04abc", "is a zip archive or a workbook"),
    "gzip": (b"\x1f\x8babc", "is a gzip archive"),
    "a PDF": (b"%PDF-1.7", "is a PDF document"),
    "an image": (b"\x89PNG\r\n", "is an image"),
    "an old workbook": (b"\xd0\xcf\x11\xe0", "old Office document"),
    "UTF-16 without a mark": ("Zorva\n".encode("utf-16-le"), "holds NUL bytes"),
    "a page": (b"\n <!DOCTYPE html><title>Please sign in</title>", "with the title 'Please sign in'"),
    "a page without a head": (b"<div>Zorva</div>", "is a web page or XML"),
    "XML": (b'\xef\xbb\xbf<?xml version="1.0"?><Error/>', "is a web page or XML"),
    "JSON": (b'{"error": "denied"}', "is JSON"),
    "a list in JSON": (b'["Zorva"]', "is JSON"),
    "lines of mark-up": (
        b"Portal\n<b>Sign in</b>\n<p>now</p>\n",
        "holds lines that are no names: '<b>Sign in</b>'",
    ),
    "prose": (b"We could not find what you asked for. " * 20, "holds lines that are no names"),
    "a refusal": (b"Access denied.\n", "reads like the message of a server: 'Access denied.'"),
    "a status": (b"404 not found", "reads like the message of a server"),
    "a sign-in text": (b"Portal\nPlease sign in to continue\n", "'Please sign in to continue'"),
    "no column of names": (
        b"id,country\n1,KP\n",
        "has the columns 'id', 'country', and none is called 'name'",
    ),
    "no header": (
        b"Zorva Works,KP\nBrenn Plant,IR\n",
        "is a table without a header; begin it with a line such as",
    ),
    "no header, by tabs": (b"Zorva Works\tPlant\nBrenn\tYard\n", "is a table without a header"),
    "a row too long": (
        b"name,country\nZorva Co., Ltd,KP\n",
        "line 2 has 3 cells for 2 columns; a cell with a comma",
    ),
}


@pytest.mark.parametrize("what", NO_LISTS)
def test_what_is_no_list_of_names_is_refused_with_its_reason(what: str) -> None:
    body, said = NO_LISTS[what]
    with pytest.raises(ListError) as refused:
        entities(body)
    assert str(refused.value).startswith("own: ")
    assert said in str(refused.value)


def test_names_that_begin_like_a_message_are_names() -> None:
    found = [
        "Forbidden City Trading",
        "Maintenance Group",
        "404 Works",
        "Login Systems AG",
        "Zorva, Brenn and Karvel",
    ]
    assert names("\n".join(found)) == found
