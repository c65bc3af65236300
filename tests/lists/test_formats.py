"""One small sample of every format, in its real layout with fictitious entities, and its contents."""

import io
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from monitor.errors import ListError
from monitor.lists import FORMATS, parse_list
from monitor.model import Entity, EntityKind

DATA = Path(__file__).parent / "data"
PERSON, ORGANISATION, VESSEL, AIRCRAFT, OTHER = EntityKind

Story = tuple[str, EntityKind, str, str, str, date | None]


def described(entity: Entity) -> Story:
    """Return an entity on one line: weak names in brackets, names in a known language behind it."""
    names = " | ".join(
        ("({})" if name.strength == "weak" else "{}").format(
            f"{name.lang}:{name.text}" if name.lang else name.text
        )
        for name in entity.names
    )
    return (
        entity.id,
        entity.kind,
        names,
        " ".join(entity.countries),
        ", ".join(entity.programmes),
        entity.listed_on,
    )


def workbook(*rows: tuple[str | int, ...]) -> bytes:
    """Return an XLSX file as spreadsheets write it: strings shared, empty cells left out."""
    shared = sorted({cell for row in rows for cell in row if isinstance(cell, str) and cell})
    lines = []
    for number, row in enumerate(rows, 1):
        cells = ""
        for column, cell in zip("ABCDEFGHIJ", row, strict=False):
            if isinstance(cell, str) and cell:
                cells += f'<c r="{column}{number}" t="s"><v>{shared.index(cell)}</v></c>'
            elif cell != "":
                cells += f'<c r="{column}{number}"><v>{cell}</v></c>'
        lines.append(f'<row r="{number}">{cells}</row>')
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{space}">{strings}</sst>')
        sheet = f'<worksheet xmlns="{space}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
        book.writestr("xl/worksheets/sheet1.xml", sheet)
    return stream.getvalue()


AUSTRALIA = workbook(
    ("Reference", "Name of Individual or Entity", "Type", "Name Type", "Alias Strength", "Citizenship", "Committees", "Control Date"),
    (1, "Ilo KARVEL", "Individual", "Primary Name", "", "Turkey;Iran", "Autonomous (Zorvania)", 44635),
    ("1a", "إيلو كارفيل", "Individual", "Original Script", "", "", "", ""),
    ("1b", "The Quartermaster", "Individual", "Alias", "Weak", "", "", ""),
    ("1c", "Ilo Carvel", "Individual", "Alias", "Strong", "", "", ""),
    (2, "SEA LANTERN", "Vessel", "Primary Name", "", "", "Autonomous (Vessels)", "17/03/2022"),
)  # fmt: skip


def sample(name: str) -> bytes:
    if name == "au.xlsx":
        return AUSTRALIA
    document = (DATA / name).read_bytes()
    return document.decode().encode("cp1252") if name == "ofsi.csv" else document


KARVEL = "Ilo Brenn KARVEL"
EXPECTED: list[tuple[str, tuple[str, ...], list[Story]]] = [
    (
        "ofac",
        ("sdn.csv",),
        [
            ("101", ORGANISATION, "ZORVANIA ARMS EXPORT, JSC | (ZAE)", "", "ZORV-EO1, NPWMD", None),
            ("102", PERSON, f"{KARVEL} | (THE QUARTERMASTER)", "TR IR", "ZORV-EO1", None),
            ("103", VESSEL, "SEA LANTERN", "PA", "ZORV-EO1", None),
            ("104", AIRCRAFT, "EP-ZZZ", "", "SDGT", None),
        ],
    ),
    (
        "ofac",
        ("add.csv", "alt.csv", "sdn_comments.csv", "sdn.csv"),
        [
            (
                "101",
                ORGANISATION,
                "ZORVANIA ARMS EXPORT, JSC | ZORVANEXPORT | ZORVANIA FOREIGN TRADE (ZFT)"
                " | ZORVANIA FOREIGN TRADE | (ZFT) | (ZAE)",
                "KP RU",
                "ZORV-EO1, NPWMD",
                None,
            ),
            ("102", PERSON, f"{KARVEL} | Ilo CARVEL | (THE QUARTERMASTER)", "TR IR", "ZORV-EO1", None),
            ("103", VESSEL, "SEA LANTERN", "PA", "ZORV-EO1", None),
            ("104", AIRCRAFT, "EP-ZZZ | (NIGHT HERON)", "", "SDGT", None),
        ],
    ),
    (
        "ofac-xml",
        ("ofac.xml",),
        [
            (
                "201",
                PERSON,
                f"{KARVEL} | Ilo CARVEL | (THE QUARTERMASTER)",
                "TR KP",
                "ZORV-EO1, NS-TEST",
                None,
            ),
            ("202", ORGANISATION, "LANTERN BANK", "", "561", None),
        ],
    ),
    (
        "us-csl",
        ("us_csl.csv",),
        [
            ("a1", PERSON, f"{KARVEL} | Ilo CARVEL | (QMASTER)", "TR IR KP RU", "ZORV-EO1, NPWMD, SDN", None),
            ("b2", OTHER, "Zorvania Optics Works | (ZOW) | Zorvania Opto", "CN", "EL", date(2022, 3, 8)),
            ("c3", ORGANISATION, "Lantern Bank", "", "NS-MBS", None),
        ],
    ),
    (
        "un",
        ("un.xml",),
        [
            (
                "ZOi.001",
                PERSON,
                "ILO BRENN KARVEL | إيلو برين كارفيل | Ilo Carvel | Iloh Karvell | (The Quartermaster)",
                "IR KP",
                "ZORV",
                date(2019, 5, 6),
            ),
            (
                "ZOe.001",
                ORGANISATION,
                "ZORVANIA ARMS EXPORT (ZAE) | ZORVANIA ARMS EXPORT | (ZAE) | Zorvania Foreign Trade",
                "RU",
                "ZORV",
                date(2020, 1, 2),
            ),
        ],
    ),
    (
        "eu-fsf",
        ("eu_fsf.xml",),
        [
            (
                "EU.42.99",
                ORGANISATION,
                "en:Zorvania Arms Export | (ZAE) | ru:Зорвания Экспорт",
                "KP",
                "ZOR",
                date(2022, 3, 15),
            ),
            ("EU.43.1", PERSON, "Ilo Brenn Karvel", "TR", "ZOR", date(2021, 2, 3)),
        ],
    ),
    ("eu-fsf", ("eu_old.xml",), [("7", PERSON, "Ilo Karvel | bg:Ило Карвел", "TR", "ZOR", date(2016, 1, 2))]),
    (
        "uk",
        ("uk.csv",),
        [
            (
                "ZOR0001",
                PERSON,
                f"{KARVEL} | russian:Ило Карвел | Ilo CARVEL | (THE QUARTERMASTER) | (QMASTER)",
                "TR IR IQ",
                "The Zorvania Regulations",
                date(2022, 3, 15),
            ),
            (
                "ZOR0002",
                ORGANISATION,
                "ZORVANIA ARMS EXPORT | (ZAE)",
                "KP",
                "The Zorvania Regulations",
                date(2022, 3, 16),
            ),
            ("ZOR0003", VESSEL, "SEA LANTERN", "PA", "The Zorvania Regulations", date(2022, 3, 17)),
        ],
    ),
    (
        "ofsi",
        ("ofsi.csv",),
        [
            ("7001", PERSON, "Ilo KARVEL | Ilo CARVEL", "TR", "Zorvania", date(2002, 4, 24)),
            ("7002", ORGANISATION, "SOCIÉTÉ ZORVA", "KP", "Zorvania", date(2002, 4, 25)),
        ],
    ),
    (
        "ca",
        ("ca.xml",),
        [
            (
                "Zorvania · Ilo Brenn KARVEL",
                PERSON,
                f"{KARVEL} | Ило Карвел | Іло Карвел | (QM)",
                "",
                "Zorvania",
                date(2022, 3, 15),
            ),
            (
                "Zorvania · Zorvania Arms Export (Main Exporter)",
                ORGANISATION,
                "Zorvania Arms Export (Main Exporter) | Zorvania Arms Export | (Main Exporter)",
                "",
                "Zorvania",
                date(2022, 3, 16),
            ),
            ("Zorvania · Sea Lantern", VESSEL, "Sea Lantern", "", "Zorvania", date(2025, 2, 21)),
        ],
    ),
    (
        "au",
        ("au.xlsx",),
        [
            (
                "1",
                PERSON,
                "Ilo KARVEL | إيلو كارفيل | (The Quartermaster) | Ilo Carvel",
                "TR IR",
                "Autonomous (Zorvania)",
                date(2022, 3, 15),
            ),
            ("2", VESSEL, "SEA LANTERN", "", "Autonomous (Vessels)", date(2022, 3, 17)),
        ],
    ),
    (
        "ch-seco",
        ("ch_seco.xml",),
        [
            (
                "100",
                PERSON,
                "Ilo Karvel | cyrl:Ило Карвел | (The Quartermaster) | Ilo Carvel",
                "TR",
                "Zorvania",
                date(2022, 3, 16),
            ),
            ("300", VESSEL, "Sea Lantern", "", "Zorvania", date(2021, 5, 6)),
        ],
    ),
    (
        "opensanctions",
        ("opensanctions.csv",),
        [
            (
                "ZK-1",
                ORGANISATION,
                "Zorvania Arms Export | Зорвания Экспорт | (ZAE)",
                "KP RU",
                "ZOR-1, ZOR-2",
                None,
            ),
            ("ZK-2", VESSEL, "SEA LANTERN", "PA", "A list", None),
        ],
    ),
    (
        "ftm",
        ("ftm.json",),
        [
            (
                "zk-1",
                ORGANISATION,
                "Zorvania Arms Export | Зорвания Экспорт | Zorvania Foreign Trade | (ZAE)",
                "KP",
                "ZOR-1",
                None,
            ),
            ("zk-3", PERSON, "Ilo Karvel", "TR IR", "a_list", None),
        ],
    ),
    (
        "plain",
        ("plain.txt",),
        [
            ("Zorvania Arms Export", OTHER, "Zorvania Arms Export | Зорвания Экспорт | ZAE", "", "", None),
            ("Lantern Lines", OTHER, "Lantern Lines", "", "", None),
        ],
    ),
    (
        "plain",
        ("plain.csv",),
        [
            (
                "s-1",
                ORGANISATION,
                "Zorvania Arms Export | Zorvanexport | (ZAE) | 佐尔瓦尼亚出口",
                "KP",
                "own",
                date(2022, 3, 15),
            ),
            ("Ilo Karvel", PERSON, "Ilo Karvel", "TR", "", None),
        ],
    ),
]
IDS = [f"{format}: {', '.join(names)}" for format, names, _ in EXPECTED]


def entities(format: str, *documents: bytes) -> list[Entity]:
    return list(parse_list(format, [io.BytesIO(document) for document in documents], "sample"))


@pytest.mark.parametrize(("format", "names", "expected"), EXPECTED, ids=IDS)
def test_a_sample_of_the_format_holds(format: str, names: tuple[str, ...], expected: list[Story]) -> None:
    found = entities(format, *map(sample, names))
    assert [described(entity) for entity in found] == expected
    assert {entity.list for entity in found} == {"sample"}
    assert {entity.names[0].strength for entity in found} == {"primary"}


def test_every_format_has_a_sample() -> None:
    assert {format for format, _, _ in EXPECTED} == set(FORMATS)


NO_LISTS = {
    "empty": b"",
    "a page": b"<!DOCTYPE html><html><body><h1>Access denied</h1></body></html>",
    "bytes": b"\x00\x01\x02\xff" * 50,
    "null": b"null",
}
DOUBTED = [(f, what) for f in FORMATS for what in NO_LISTS if f != "plain" or what == "empty"]


@pytest.mark.parametrize(("format", "what"), DOUBTED)
def test_what_is_no_list_is_refused(format: str, what: str) -> None:
    with pytest.raises(ListError, match=r"^sample: ") as refused:
        entities(format, NO_LISTS[what])
    assert "\n" not in str(refused.value)


CUT = [
    (format, name) for format, names, _ in EXPECTED for name in names if format != "plain" and len(names) == 1
]


@pytest.mark.parametrize(("format", "name"), CUT, ids=[name for _, name in CUT])
def test_a_list_that_is_cut_off_within_an_entry_is_refused(format: str, name: str) -> None:
    whole = sample(name)
    last = {"xml": b"</", "csv": b",", "json": b'"properties"', "xlsx": b"PK"}[name.rpartition(".")[2]]
    with pytest.raises(ListError):
        entities(format, whole[: whole.rindex(last)])


@pytest.mark.parametrize("format", [format for format, names, _ in EXPECTED if names[0].endswith(".xml")])
def test_an_xml_list_of_another_office_is_refused(format: str) -> None:
    with pytest.raises(ListError, match="begins with <rss>"):
        entities(format, b"<rss version='2.0'><channel/></rss>")


def test_of_two_entries_with_one_id_the_second_gets_one_of_its_own() -> None:
    found = entities("plain", b"id,name\n7,Ilo Karvel\n7,Lantern Lines\n7,Sea Lantern\n")
    assert [entity.id for entity in found] == ["7", "7#2", "7#3"]


def test_documents_that_stand_for_themselves_are_read_one_after_another() -> None:
    found = entities("un", sample("un.xml"), sample("un.xml"))
    assert [entity.id for entity in found] == ["ZOi.001", "ZOe.001", "ZOi.001#2", "ZOe.001#2"]


def test_ofacs_other_files_without_the_parties_are_no_list() -> None:
    with pytest.raises(ListError, match=r"no document among these is OFAC's sdn\.csv"):
        entities("ofac", sample("alt.csv"), sample("add.csv"))


def test_a_row_that_an_office_did_not_write_is_named_by_its_line() -> None:
    with pytest.raises(ListError, match=r"line 5 of sdn\.csv is no row of 12 columns: '\|\|\|\|'"):
        entities("ofac", sample("sdn.csv").replace(b"\x1a", b"||||"))


def test_a_header_that_somebody_added_to_ofacs_file_is_no_party() -> None:
    header = b"ID,Name,Type,Program,Title,F,G,H,I,J,K,Remarks\n"
    assert len(entities("ofac", header + sample("sdn.csv"))) == 4


def test_a_party_without_any_name_is_left_out() -> None:
    assert [e.name for e in entities("plain", b"id,name\n1,---\n2,Lantern Lines\n")] == ["Lantern Lines"]
