import re
from pathlib import Path

import pytest

from monitor.config import Settings, load
from monitor.config.starter_pack import known_words, pack, wanted_feeds
from monitor.errors import ConfigError
from monitor.model import Kind
from monitor.resources import EXAMPLE_CONFIG, SEEDS


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(text: str) -> Settings:
    Path("config.toml").write_text(text, "utf-8")
    return load(Path("config.toml"))


def test_without_being_asked_for_nothing_of_the_pack_is_polled():
    assert read("").feeds == {}


def test_the_pack_brings_what_is_on_by_default():
    feeds = read("starter_pack = true").feeds
    assert len(feeds) > 90
    assert set(feeds) == {name for name, source in pack().items() if source["on"]}
    assert len({table.url for table in feeds.values()}) == len(feeds)


@pytest.mark.parametrize("path", [EXAMPLE_CONFIG, SEEDS / "config.starter.toml"], ids=lambda path: path.name)
def test_configuration_files_state_the_number_of_sources_that_are_on_by_default(path: Path):
    (stated,) = re.findall(r"starter_pack = .* (\d+) (?:more )?sources that ship", path.read_text("utf-8"))
    assert int(stated) == len(read("starter_pack = true").feeds)


def test_the_changelog_states_the_number_of_all_sources():
    changelog = (SEEDS.parent / "CHANGELOG.md").read_text("utf-8")
    assert f"starter pack of {len(pack())} sources" in " ".join(changelog.split())


def test_topics_and_names_choose_from_it():
    arms = read('starter_pack = ["arms"]').feeds
    assert 0 < len(arms) < len(read("starter_pack = true").feeds)
    off = next(name for name, source in pack().items() if not source["on"])
    assert set(read(f'starter_pack = ["{off}"]').feeds) == {off}


def test_every_source_of_it_loads_and_says_why_it_is_off():
    assert set(read(f"starter_pack = {list(pack())}").feeds) == set(pack())
    silent = [name for name, source in pack().items() if not source["on"] and "note" not in source]
    assert silent == []


def test_every_source_of_it_states_its_terms_and_no_setting_does() -> None:
    assert [name for name, source in pack().items() if not source.get("terms")] == []
    assert not any(hasattr(table, "terms") for table in read(f"starter_pack = {list(pack())}").feeds.values())


def test_pages_have_selectors():
    feeds = {
        name: table for name, table in read("starter_pack = true").feeds.items() if table.kind is Kind.PAGE
    }
    assert all(table.fields.items for table in feeds.values())
    assert feeds


def test_a_table_of_the_operator_changes_a_source_key_by_key():
    feeds = read('starter_pack = true\n[feeds.us-state-cn]\nenabled = false\nevery = "1h"').feeds
    assert (feeds["us-state-cn"].enabled, feeds["us-state-cn"].every.seconds) == (False, 3600)
    assert feeds["us-state-cn"].url == pack()["us-state-cn"]["url"]


def test_a_table_with_an_address_replaces_a_source():
    feeds = read('starter_pack = true\n[feeds.us-state-cn]\nurl = "https://own.example/feed"').feeds
    assert feeds["us-state-cn"].kind is Kind.AUTO


def test_the_environment_may_ask_for_it(monkeypatch):
    monkeypatch.setenv("MONITOR_STARTER_PACK", "true")
    assert len(read("").feeds) > 90
    monkeypatch.setenv("MONITOR_STARTER_PACK", '["arms"]')
    assert 0 < len(read("").feeds) < 90


def test_an_unknown_word_is_a_mistake_with_a_hint():
    with pytest.raises(ConfigError, match=r"starter_pack: no topic or source 'army'; did you mean arms\?"):
        read('starter_pack = ["army"]')


def test_a_mistake_in_the_table_of_feeds_is_still_reported():
    with pytest.raises(ConfigError, match="feeds: Input should be a valid dictionary"):
        read("starter_pack = true\nfeeds = 3")


def test_without_words_no_source_is_chosen():
    assert wanted_feeds(False) == wanted_feeds([]) == {}
    assert "sanctions" in known_words()
