import sys
from datetime import timedelta

import pytest

from monitor.config import load
from monitor.config.base import format_duration
from monitor.config.feeds import feed_table
from monitor.errors import ConfigError
from monitor.model import Fields, Kind

URL = {"url": "https://a.example/f"}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"kind": "page"}, 'kind = "page" needs a table [feeds.<name>.page]'),
        ({"kind": "json"}, 'kind = "json" needs a table [feeds.<name>.json]'),
        ({"page": {"items": "li"}}, 'needs kind = "page"'),
        ({"kind": "page", "page": {"items": "li["}}, "'li[' is no CSS selector"),
        ({"kind": "page", "page": {"items": ""}}, "at least 1 character"),
        ({"kind": "rss"}, "'auto', 'wordpress', 'page', 'json' or 'imap'"),
    ],
)  # fmt: skip
def test_a_feed_says_how_it_is_read(table, said):
    with pytest.raises(ConfigError) as caught:
        feed_table(URL | table)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"every": "90s", "tier": "wire", "lang": "tr", "backlog": "all", "enabled": False, "title": "x"},
        {"kind": "wordpress", "backlog": "2d"},
        {"kind": "page", "page": {"items": "li", "date": "time@datetime"}},
        {"kind": "json", "json": {"items": "a.b", "title": "t", "id": "n"}},
    ],
)
def test_a_table_written_is_the_table_read(table):
    settings = feed_table(URL | table)
    assert feed_table(settings.table()) == settings


def test_fields_are_what_the_parser_needs():
    page = feed_table(URL | {"kind": "page", "page": {"items": "li", "link": "a"}})
    mapped = feed_table(URL | {"kind": "json", "json": {"title": "t", "url": "u"}})
    assert (page.kind, page.fields) == (Kind.PAGE, Fields(items="li", link="a"))
    assert mapped.fields == Fields(title="t", link="u")
    assert feed_table(URL).fields == Fields()


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (90, "90s"), (600, "10m"), (86_400, "1d"), (5_400, "90m"), (0.5, "0.5s")]
)
def test_durations_are_written_in_the_largest_unit(seconds, text):
    assert format_duration(timedelta(seconds=seconds)) == text


def test_a_misspelt_key_within_a_table_of_fields_has_a_hint(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(
        '[feeds.a]\nurl = "https://a.example"\nkind = "page"\npage = { items = "li", dat = "time" }\n',
        "utf-8",
    )
    with pytest.raises(ConfigError, match=r"feeds\.a\.page\.dat: no such key; did you mean date\?"):
        load(path)


def test_reading_in_full_needs_its_extra_and_says_which(monkeypatch):
    table = {"url": "https://news.example/feed", "full_text": True}
    assert feed_table(table).table()["full_text"] is True
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    assert "full_text" not in feed_table(table | {"full_text": False}).table()
    with pytest.raises(ConfigError, match=r"pip install 'sanctions-monitor\[fulltext\]'"):
        feed_table(table)
