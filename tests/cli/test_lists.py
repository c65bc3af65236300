"""`lists refresh|status|find`, and the alert that a change raises."""

import shutil
from pathlib import Path

import pytest

from tests.lists.test_formats import DATA
from tests.support.commands import Cli

CONFIG = """
database = "monitor.db"
[lists.sdn]
format = "ofac"
urls = ["file:sdn.csv", "file:alt.csv"]
title = "SDN List"
authority = "OFAC"
page = "https://office.example/sdn"
[lists.un]
format = "un"
path = "un.xml"
[lists.eu]
format = "eu-fsf"
path = "eu_fsf.xml"
[lists.off]
format = "plain"
path = "nowhere.txt"
enabled = false
[channels.out]
type = "file"
path = "out"
"""


@pytest.fixture
def lists(cli: Cli) -> Cli:
    """A person with three lists that are files."""
    Path("config.toml").write_text(CONFIG, "utf-8")
    for name in ("sdn.csv", "alt.csv", "un.xml", "eu_fsf.xml"):
        shutil.copyfile(DATA / name, name)
    return cli


def write(name: str, old: str, new: str) -> None:
    path = Path(name)
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_lists_are_fetched_and_counted(lists: Cli) -> None:
    answer = lists("lists", "refresh")
    assert answer.code == 0
    assert answer.out.splitlines() == [
        "sdn: first, 4 entries with 11 names",
        "un: first, 2 entries with 9 names",
        "eu: first, 2 entries with 4 names",
    ]
    assert lists("lists", "refresh", "un").out == "un: unchanged, 2 entries with 9 names\n"


def test_columns_of_a_table_that_are_not_understood_are_named(lists: Cli) -> None:
    Path("own.csv").write_text("Company Name,colour,Country\nZorva Works,red,KP\n", "utf-8")
    own = '[lists.own]\nformat = "plain"\npath = "own.csv"\n'
    Path("config.toml").write_text(Path("config.toml").read_text("utf-8") + own, "utf-8")
    assert lists("lists", "refresh", "own").out.splitlines() == [
        "own: first, 1 entries with 1 names",
        "  columns not understood: colour",
    ]


def test_a_change_is_reported_by_name(lists: Cli) -> None:
    lists("lists", "refresh")
    write("sdn.csv", '103,"SEA LANTERN"', '109,"SEA CANDLE"')
    answer = lists("lists", "refresh", "sdn")
    assert answer.out.splitlines() == [
        "sdn: changed, 4 entries with 11 names; 1 added, 1 removed, 0 changed",
        "  Added: SEA CANDLE (ZORV-EO1). Removed: SEA LANTERN (ZORV-EO1).",
    ]


def test_programs_get_the_parties_that_changed(lists: Cli) -> None:
    lists("lists", "refresh")
    write("sdn.csv", "ZORV-EO1] [NPWMD", "ZORV-EO2")
    (done,) = lists("lists", "refresh", "sdn", "--json").data
    assert (done["list"], done["state"], done["entities"], done["names"]) == ("sdn", "changed", 4, 11)
    (pair,) = done["changed"]
    assert (pair["before"]["programmes"], pair["after"]["programmes"]) == (
        ["ZORV-EO1", "NPWMD"],
        ["ZORV-EO2"],
    )


def test_an_empty_list_is_refused_and_reported_and_the_copy_stays(lists: Cli) -> None:
    lists("lists", "refresh")
    Path("sdn.csv").write_bytes(b"")
    answer = lists("lists", "refresh")
    assert answer.code == 1
    assert answer.out.splitlines()[:3] == [
        "sdn: kept, 4 entries with 11 names",
        "  sdn: a document is empty; OFAC's have 12, 5, 6 or 2",
        "un: unchanged, 2 entries with 9 names",
    ]
    status = lists("lists", "status").out.splitlines()
    assert "a document is empty" in status[1]
    assert lists("lists", "find", "Karvel", "--json").data[0]["list"] == "sdn"


def test_what_shrank_is_taken_when_the_operator_says_so(lists: Cli) -> None:
    lists("lists", "refresh")
    path = Path("sdn.csv")
    path.write_bytes(path.read_bytes().split(b"\r\n")[0])
    refused = lists("lists", "refresh", "sdn")
    assert refused.code == 1
    assert "shrank from 4 to 1 entries" in refused.flat
    taken = lists("lists", "refresh", "--accept", "sdn")
    assert taken.code == 0
    assert taken.out.startswith("sdn: changed, 1 entries")


def test_the_state_of_each_list_is_shown(lists: Cli) -> None:
    lists("lists", "refresh", "un")
    heading, sdn, un, _ = lists("lists", "status").out.splitlines()
    assert heading.split()[:4] == ["list", "format", "entries", "names"]
    assert sdn.split() == ["sdn", "ofac", "never", "now"]
    assert un.split()[:4] == ["un", "un", "2", "9"]
    by_name = {each["name"]: each for each in lists("lists", "status", "--json").data}
    assert set(by_name) == {"sdn", "un", "eu"}
    assert (by_name["sdn"]["fetched_at"], by_name["un"]["entities"], len(by_name["un"]["sha256"])) == (
        None,
        2,
        1,
    )


@pytest.mark.parametrize("name", ["Zorvania Arms Export", "EXPORT, zorvania arms", "Зорвания Экспорт"])
def test_a_name_is_found_on_every_list_that_has_it_in_any_script(lists: Cli, name: str) -> None:
    lists("lists", "refresh")
    found = lists("lists", "find", name, "--json").data
    assert sorted((each["list"], each["id"]) for each in found) == [
        ("eu", "EU.42.99"),
        ("sdn", "101"),
        ("un", "ZOe.001"),
    ]
    assert all(each["exact"] for each in found)


def test_a_person_is_found_by_an_arabic_name(lists: Cli) -> None:
    lists("lists", "refresh")
    found = lists("lists", "find", "كارفيل برين إيلو", "--json").data
    assert [each["list"] for each in found] == ["un", "sdn", "eu"]
    assert found[0]["listed_on"] == "2019-05-06"


def test_what_is_found_is_shown_with_programme_and_date(lists: Cli) -> None:
    lists("lists", "refresh")
    heading, *rows = lists("lists", "find", "zorvania").out.splitlines()
    assert heading.split("  ")[0] == "list"
    eu = next(row for row in rows if row.startswith("eu"))
    assert " ".join(eu.split()) == (
        "eu EU.42.99 Zorvania Arms Export Zorvania Arms Export Зорвания Экспорт ZOR 2022-03-15"
    )


def test_a_name_that_is_nowhere_says_where_it_was_looked_for(lists: Cli) -> None:
    assert "none has been fetched" in lists("lists", "find", "Nobody").out
    lists("lists", "refresh", "un")
    assert lists("lists", "find", "Nobody").out.startswith("'Nobody' is on none of un (")
    assert lists("lists", "find", "Nobody", "--json").data == []


def test_lists_that_are_not_configured_are_the_callers_mistake(cli: Cli, lists: Cli) -> None:
    answer = lists("lists", "refresh", "sdnn")
    assert (answer.code, answer.err) == (2, "no list 'sdnn'; there are sdn, un, eu\n")
    Path("config.toml").write_text("", "utf-8")
    answer = lists("lists", "refresh")
    assert answer.code == 2
    assert "no list is configured" in answer.err


def test_a_round_refreshes_the_lists_and_a_change_of_one_alerts(lists: Cli) -> None:
    first = lists("once", "--json")
    assert (first.code, first.data["polled"], first.data["alerts"]) == (0, 3, 0)
    write("sdn.csv", '103,"SEA LANTERN"', '109,"SEA CANDLE"')
    lists("lists", "refresh")
    Path("monitor.db").unlink()  # so that the feeds are due again
    second = lists("once", "--json")
    assert (second.code, second.data["items"], second.data["alerts"]) == (0, 1, 1)
    (text,) = [path.read_text("utf-8") for path in Path("out").glob("*.txt")]
    assert "OFAC adds 1 party to the SDN List, removes 1" in text
    assert "SEA CANDLE" in text
    assert "official source" in text


def test_a_round_with_a_list_that_is_refused_says_so(lists: Cli) -> None:
    Path("un.xml").write_text("<html>", "utf-8")
    assert lists("once", "--json").code == 1


@pytest.mark.parametrize(
    ("number", "entry", "kind"),
    [
        ("EU.42.99", ("eu", "EU.42.99"), "reference of the list"),
        ("zoi 001", ("un", "ZOi.001"), "reference of the list"),
        ("IMO 9000001", ("sdn", "103"), "Vessel Registration Identification IMO"),
    ],
)
def test_an_entry_is_found_by_a_number(lists: Cli, number: str, entry: tuple[str, str], kind: str) -> None:
    lists("lists", "refresh")
    (found,) = lists("lists", "find", "--id", number, "--json").data
    assert ((found["list"], found["id"]), found["as"]) == (entry, kind)
    assert kind.split(maxsplit=1)[0] in lists("lists", "find", "--id", number).out


def test_a_number_of_no_entry_says_which_lists_were_searched(lists: Cli) -> None:
    lists("lists", "refresh")
    answer = lists("lists", "find", "--id", "D1234567")
    assert (answer.code, answer.out.startswith("'D1234567' is a number of no entry of sdn (")) == (0, True)


def test_similar_names_are_marked_and_are_no_matches_for_programs(lists: Cli) -> None:
    lists("lists", "refresh")
    shown = lists("lists", "find", "Ilo Karvell").flat
    assert "is on none of" in shown
    assert "Similar names, which are not matches; compare the entries:" in shown
    assert lists("lists", "find", "Ilo Karvell", "--json").data == []
    similar = lists("lists", "find", "Ilo Karvell", "--similar", "--json").data
    assert {each["list"] for each in similar} >= {"sdn"}
    assert all("matched" not in each and each["distance"] > 0 for each in similar)


def test_a_look_up_is_for_a_name_or_for_a_number(lists: Cli) -> None:
    assert lists("lists", "find").code == 2
    assert lists("lists", "find", "Karvel", "--id", "12345").code == 2
    assert lists("lists", "find", "--similar", "--id", "12345").code == 2
