"""Real sanctions lists of eight authorities: what is in each, what must be refused, what changed between two."""

import gzip
import io
import json
import os
import shutil
from functools import cache
from pathlib import Path

import pytest

from monitor.errors import ListError
from monitor.lists import parse_list
from monitor.lists.diff import compare
from monitor.model import Entity
from tests.support.commands import Cli, cli

__all__ = ["cli"]

FOLDER = Path(os.environ.get("CORPORA", "."), "fixtures/sanctions")

pytestmark = pytest.mark.corpora

#: A format, the file, and how many of its rows are no parties: headers, dates, the mark at the end of a file.
RAW = [
    ("ofac", "ofac/sdn_2024-05-03.csv", 1),
    ("ofac", "ofac/sdn_2023-01-21.csv", 2),
    ("ofac", "ofac/sdn_2019-01.csv", 0),
    ("ofac", "ofac/cons_prim.csv", 1),
    ("ofac-xml", "ofac/consolidated_2025-05-25.xml", 0),
    ("us-csl", "us/csl_consolidated_2025-02-27.csv.gz", 1),
    ("un", "un/un_consolidated_2026-08-02.xml", 0),
    ("un", "un/un_consolidated_2026-02-27.xml", 0),
    ("un", "un/un_consolidated_2018-10-30.xml", 0),
    ("ca", "ca/canada_autonomous_2025-05-25.xml", 0),
    ("eu-fsf", "eu/eu_fsf_2016-02.xml", 0),
    ("opensanctions", "opensanctions/targets.simple_com480_2026.csv", 1),
    ("opensanctions", "opensanctions/targets.simple_zainab_2026-03.csv", 1),
    ("plain", "cn/cn_sanctions_2026-08-22.csv", 1),
]

#: Files of which the manifest counts other things, by what is in them.
COUNTED = [
    ("au", "au/dfat_2026-08-02.xlsx", 3846, 11_000),  # rows whose name type is "Primary Name"
    ("ofsi", "uk/ofsi_conlist_2016-02.csv", 463, 750),  # group ids among 800 rows
    ("ftm", "opensanctions/entities.ftm_2024-03.json", 423, 2_600),  # persons that are targets
    ("plain", "us/bis_dpl.txt", 546, 560),  # 547 rows with the header
]


@cache
def rows() -> dict[str, int]:
    manifest = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    return {entry["file"]: entry["rows"] for entry in manifest}


def entities(format: str, *names: str) -> list[Entity]:
    bodies = ((FOLDER / name).read_bytes() for name in names)
    opened = (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body for body in bodies)
    return list(parse_list(format, [io.BytesIO(body) for body in opened], "real"))


@pytest.mark.parametrize(("format", "name", "other_rows"), RAW, ids=[name for _, name, _ in RAW])
def test_a_list_holds_a_party_for_every_row_that_is_one(format: str, name: str, other_rows: int):
    found = entities(format, name)
    assert len(found) == rows()[name] - other_rows
    assert len({entity.id for entity in found}) == len(found)


@pytest.mark.parametrize(
    ("format", "name", "parties", "names"), COUNTED, ids=[name for _, name, _, _ in COUNTED]
)
def test_a_list_of_names_holds_its_parties(format: str, name: str, parties: int, names: int):
    found = entities(format, name)
    assert len(found) == parties
    assert sum(len(entity.names) for entity in found) > names


def test_all_regulations_of_the_eu_have_the_row_counts_of_the_manifest():
    names = sorted(path.relative_to(FOLDER).as_posix() for path in (FOLDER / "eu").glob("journal*/*.csv"))
    assert len(entities("plain", *names)) == rows()["eu/journal_consolidated_2026-08-22/*.csv"]


def test_ofacs_files_together_know_aliases_and_countries():
    names = ("sdn_2024-05-03.csv", "alt_2026-08-02.csv", "add_2026-08-02.csv", "sdn_comments_2026-08-02.csv")
    found = entities("ofac", *(f"ofac/{name}" for name in names))
    kinds = {kind: sum(entity.kind == kind for entity in found) for kind in ("person", "vessel", "aircraft")}
    assert kinds == {"person": 6854, "vessel": 851, "aircraft": 376}
    assert sum(len(entity.names) for entity in found) > 36_000
    assert sum(bool(entity.countries) for entity in found) > 12_000
    unknown = {code for entity in found for code in entity.countries if len(code) != 2}
    assert len(unknown) < 20


@pytest.mark.parametrize(
    ("format", "name", "said"),
    [
        ("ofac", "ofac/sdn_2024-05-04_EMPTY.csv", "a document is empty"),
        ("ofac", "ofac/sdn_invalid_2019-01.csv", r"line 7380 of sdn.csv is no row of 12 columns: '\|\|\|\|'"),
        ("us-csl", "us/csl_2023-11-30.csv", "line 4233 has 8 of 29 columns: the file is cut off"),
        ("un", "ofac/consolidated_2025-05-25.xml", "begins with <sdnList>"),
        ("ofac", "us/csl_2023-11-30.csv", "begins with a row of 29 columns"),
    ],
)
def test_what_is_broken_or_another_list_is_refused(format: str, name: str, said: str):
    with pytest.raises(ListError, match=said):
        entities(format, name)


def test_sixteen_months_of_the_sdn_list_give_the_parties_added_and_removed():
    before, after = (entities("ofac", f"ofac/sdn_{day}.csv") for day in ("2023-01-21", "2024-05-03"))
    change = compare(before, after)
    assert (len(change.added), len(change.removed), len(change.changed)) == (3920, 398, 125)
    assert len(after) - len(before) == len(change.added) - len(change.removed)
    assert "JOINT STOCK COMPANY SOVCOMFLOT" in {entity.name for entity in change.added}


SDN_CONFIG = """
[lists.cons]
format = "ofac-xml"
path = "cons.xml"
[lists.csl]
format = "us-csl"
path = "csl.csv.gz"
[lists.au]
format = "au"
path = "au.xlsx"
[lists.ca]
format = "ca"
path = "ca.xml"
[lists.un]
format = "un"
path = "un.xml"
[lists.ofsi]
format = "ofsi"
path = "ofsi.csv"
[lists.eu]
format = "eu-fsf"
path = "eu.xml"
[lists.journal]
format = "plain"
urls = ["file:833.csv", "file:269.csv"]
"""
FILES = {
    "cons.xml": "ofac/consolidated_2025-05-25.xml",
    "csl.csv.gz": "us/csl_consolidated_2025-02-27.csv.gz",
    "au.xlsx": "au/dfat_2026-08-02.xlsx",
    "ca.xml": "ca/canada_autonomous_2025-05-25.xml",
    "un.xml": "un/un_consolidated_2026-08-02.xml",
    "ofsi.csv": "uk/ofsi_conlist_2016-02.csv",
    "eu.xml": "eu/eu_fsf_2016-02.xml",
    "833.csv": "eu/journal_consolidated_2026-08-22/32014R0833.csv",
    "269.csv": "eu/journal_consolidated_2026-08-22/32014R0269.csv",
}


@pytest.fixture
def shelved(cli: Cli) -> Cli:
    Path("config.toml").write_text(SDN_CONFIG, "utf-8")
    for name, source in FILES.items():
        shutil.copyfile(FOLDER / source, name)
    assert cli("lists", "refresh").code == 0
    return cli


def test_a_name_is_found_on_every_list_that_has_it_in_three_scripts(shelved: Cli):
    def lists(name: str) -> set[str]:
        return {each["list"] for each in shelved("lists", "find", name, "--json").data}

    exporter = {"cons", "csl", "au", "ca", "journal"}
    assert lists("Rosoboronexport") == lists("Рособоронэкспорт") == exporter
    assert lists("محمد حسن آخوند") == {"un", "au", "ofsi", "eu"}
