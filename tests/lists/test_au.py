"""The Australian workbook: which rows are one party, every sheet, several countries in one cell."""

import io
import zipfile
from xml.sax.saxutils import escape

import pytest

from monitor.errors import ListError
from monitor.lists import parse_list
from monitor.model import Entity, EntityKind

HEADER = ("Reference", "Name of Individual or Entity", "Type", "Name Type", "Citizenship", "Committees")
PERSON, ENTITY = "Individual", "Entity"
MAIN, ALIAS, ORIGINAL = "Primary Name", "Alias", "Original Script"


def workbook(*sheets: list[tuple[str, ...]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as book:
        for number, rows in enumerate(sheets, 1):
            cells = (
                "".join(f"<c t='inlineStr'><is><t>{escape(cell)}</t></is></c>" for cell in row)
                for row in rows
            )
            body = "".join(f"<row>{row}</row>" for row in cells)
            book.writestr(f"xl/worksheets/sheet{number}.xml", f"<worksheet>{body}</worksheet>")
    return stream.getvalue()


def entities(*sheets: list[tuple[str, ...]]) -> list[Entity]:
    return list(parse_list("au", [io.BytesIO(workbook(*sheets))], "au"))


def names(found: list[Entity]) -> list[tuple[str, list[str]]]:
    return [(entity.id, [name.text for name in entity.names]) for entity in found]


def test_rows_of_one_reference_are_names_of_one_party_wherever_they_stand() -> None:
    rows = [HEADER, ("7", "Иван Зорвин", PERSON, ORIGINAL), ("7a", "Ivan Zorvin", PERSON, MAIN)]
    rows += [("8", "Zorva Trade", ENTITY, MAIN), ("7b", "Iwan Sorwin", PERSON, ALIAS)]
    assert names(entities(rows)) == [
        ("7", ["Ivan Zorvin", "Иван Зорвин", "Iwan Sorwin"]),
        ("8", ["Zorva Trade"]),
    ]


@pytest.mark.parametrize("type", [PERSON, ENTITY])
def test_a_reference_used_again_is_another_party(type: str) -> None:
    rows = [HEADER, ("7", "Ivan Zorvin", PERSON, MAIN), ("8", "Zorva Trade", ENTITY, MAIN)]
    rows += [("7", "Zorva Yard", type, MAIN), ("7a", "Zorva Dock", type, ALIAS)]
    assert names(entities(rows)) == [
        ("7", ["Ivan Zorvin"]),
        ("8", ["Zorva Trade"]),
        ("7#2", ["Zorva Yard", "Zorva Dock"]),
    ]


def test_a_name_of_another_type_is_another_partys() -> None:
    rows = [HEADER, ("7", "Ivan Zorvin", PERSON, MAIN), ("7a", "Zorva Yard", ENTITY, ALIAS)]
    assert [entity.kind for entity in entities(rows)] == [EntityKind.PERSON, EntityKind.ORGANISATION]


def test_every_sheet_with_the_columns_is_read() -> None:
    notes = [("Notes",), ("Updated weekly",)]
    found = entities(
        [HEADER, ("7", "Ivan Zorvin", PERSON, MAIN)], notes, [HEADER, ("7", "Zorva Yard", ENTITY, MAIN)]
    )
    assert names(found) == [("7", ["Ivan Zorvin"]), ("7#2", ["Zorva Yard"])]


def test_a_workbook_without_the_columns_is_refused() -> None:
    with pytest.raises(ListError, match="au: has no columns 'reference'"):
        entities([("Notes",), ("Updated weekly",)])


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Syria, Lebanon", ("SY", "LB")),
        ("Iran and Iraq", ("IR", "IQ")),
        ("Iran & Iraq", ("IR", "IQ")),
        ("Korea, North", ("KP",)),
        ("Bosnia and Herzegovina", ("BA",)),
        ("Iran; Congo, Democratic Republic of the", ("IR", "CD")),
    ],
)
def test_a_cell_may_name_several_countries(cell: str, codes: tuple[str, ...]) -> None:
    (entity,) = entities([HEADER, ("7", "Ivan Zorvin", PERSON, MAIN, cell)])
    assert entity.countries == codes
