"""``[lists.<name>]`` and the catalogue of official lists."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config import Settings, load
from monitor.config.lists import catalogue
from monitor.errors import ConfigError
from monitor.lists import FORMATS


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(text: str) -> Settings:
    Path("config.toml").write_text(text, "utf-8")
    return load(Path("config.toml"))


def mistake(text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        read(text)
    return str(refused.value).removeprefix("config.toml: ")


def test_no_list_is_fetched_unless_it_is_named() -> None:
    assert read("").lists == {}


def test_all_that_are_on_by_default_may_be_taken() -> None:
    lists = read("official_lists = true").lists
    assert set(lists) == {name for name, table in catalogue().items() if table["on"]}
    assert "opensanctions" not in lists


def test_lists_may_be_taken_by_name() -> None:
    assert set(read('official_lists = ["un", "uk"]').lists) == {"un", "uk"}


def test_an_empty_table_takes_what_is_known_of_a_list() -> None:
    table = read("[lists.un]").lists["un"]
    assert (table.format, table.sources) == ("un", (catalogue()["un"]["url"],))
    assert table.at_least > 0


def test_a_table_changes_what_is_known_key_by_key() -> None:
    lists = read('official_lists = true\n[lists.un]\nevery = "1d"\n[lists.uk]\nenabled = false').lists
    assert (lists["un"].every, lists["un"].format) == (timedelta(days=1), "un")
    assert not lists["uk"].enabled


def test_a_table_with_an_address_of_its_own_is_a_list_of_its_own() -> None:
    table = read('[lists.un]\nformat = "plain"\npath = "mine.txt"').lists["un"]
    assert (table.sources, table.at_least, table.authority) == (("file:mine.txt",), 0, "")


def test_every_format_is_known_and_every_list_has_a_licence_and_an_address() -> None:
    for name, table in catalogue().items():
        assert table["format"] in FORMATS, name
        assert table["licence"], name
        assert all(url.startswith("https://") for url in table.get("urls", [table.get("url")])), name
        assert table["on"] or "note" in table, name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('official_lists = ["unn"]', "official_lists: no official list 'unn'; there are ofac-sdn"),
        ('[lists.x]\nformat = "plain"', "lists.x: write one of url, urls or path"),
        (
            '[lists.x]\nformat = "plain"\nurl = "https://a.example"\npath = "b"',
            "lists.x: write one of url, urls or path",
        ),
        ('[lists.x]\nformat = "plain"\nurl = "a.example"', "lists.x: write whole addresses"),
        ('[lists.x]\nformat = "sdn"\npath = "a"', "lists.x.format: no such format; there are ofac, "),
        ('[lists.un]\nevery = "1m"', "lists.un.every: ask at most every five minutes"),
        ('[lists.un]\nurll = "a"', "lists.un.urll: no such key; did you mean url?"),
        ("[lists.opensanctions]", "lists.opensanctions: OpenSanctions' data is CC BY-NC 4.0"),
        (
            '[lists.mine]\nformat = "ftm"\nurl = "https://data.opensanctions.org/x"',
            "lists.mine: OpenSanctions' data",
        ),
    ],
)
def test_a_mistake_is_reported_with_its_key(text: str, said: str) -> None:
    assert mistake(text).startswith(said)


def test_opensanctions_is_fetched_by_those_who_say_that_they_may() -> None:
    assert read("[lists.opensanctions]\naccept_licence = true").lists["opensanctions"].format == "ftm"


def test_a_route_may_name_the_changes_of_a_list() -> None:
    channel = '[channels.t]\ntype = "console"\n'
    assert read(channel + '[lists.un]\n[routes.r]\nchannels = ["t"]\nfeeds = ["list:un"]').routes
    said = mistake(channel + '[lists.un]\n[routes.r]\nchannels = ["t"]\nfeeds = ["list:uk"]')
    assert said.startswith("routes.r.feeds: no feed 'list:uk'")
