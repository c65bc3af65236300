import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.edit import with_feed_switched, with_feeds
from monitor.errors import ConfigError

NAME = st.from_regex(r"[a-z0-9]{1,6}", fullmatch=True)
LINES = st.sampled_from(
    [
        "# a comment that stays",
        "",
        'database = "m.db"  # here',
        "[polling]",
        'host_gap = "2s"',
        "[log]",
        "[feeds.one]",
        '[ feeds . "two" ]  # spaced',
        'url = "https://x.example/f"',
        "enabled = true  # for now",
        "enabled = false",
        '[feeds.one.page]\nitems = "li"',
        'rules = """\n[feeds.one]\nenabled = true\n"""',
        "feeds.one.url = 'x'",
        'feeds = { one = { url = "x" } }',
    ]
)
TEXTS = st.tuples(st.lists(LINES, max_size=9), st.sampled_from(["\n", "\r\n"]), st.booleans()).map(
    lambda parts: (
        parts[1].join(parts[0]).replace("\r\n" if parts[1] == "\n" else "\0", "\n")
        + (parts[1] if parts[2] else "")
    )
)
TABLES = st.dictionaries(
    st.sampled_from(["url", "title", "lang"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20),
)


def loads(text: str):
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


@given(TEXTS, NAME, TABLES)
def test_a_feed_is_added_and_everything_else_stays(text, name, table):
    before = loads(text)
    try:
        after = with_feeds(text, {name: table})
    except ConfigError:
        return
    feeds = dict(before.get("feeds", {}))
    assert after.startswith(text)
    assert tomllib.loads(after) == before | {"feeds": feeds | {name: table}}


@given(TEXTS, st.sampled_from(["one", "two", "three"]))
def test_a_feed_is_switched_off_and_everything_else_stays(text, name):
    before = loads(text)
    try:
        after = with_feed_switched(text, name, on=False)
    except ConfigError:
        return
    feeds = before.get("feeds", {})
    assert tomllib.loads(after) == before | {
        "feeds": feeds | {name: feeds.get(name, {}) | {"enabled": False}}
    }
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in after.splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('[feeds.a]\nurl = "x"\n', '[feeds.a]\nenabled = false\nurl = "x"\n'),
        ("[feeds.a]\nenabled = true  # yes\n[feeds.b]\n", "[feeds.a]\nenabled = false  # yes\n[feeds.b]\n"),
        ("[feeds.a]", "[feeds.a]\nenabled = false\n"),
        ("[feeds.b]\nenabled = true\n", "[feeds.b]\nenabled = true\n\n[feeds.a]\nenabled = false\n"),
        ("[feeds.a]\r\n", "[feeds.a]\r\nenabled = false\r\n"),
        ("[feeds.a]\nenabled = false\n", "[feeds.a]\nenabled = false\n"),
        ('x = """\n[feeds.a]\n"""\n[feeds.a]\n', 'x = """\n[feeds.a]\n"""\n[feeds.a]\nenabled = false\n'),
    ],
)
def test_a_feed_is_switched_off_where_it_stands(text, after):
    assert with_feed_switched(text, "a", on=False) == after


def test_tables_within_a_feed_follow_it():
    text = with_feeds("", {"a": {"url": "x", "page": {"items": 'a[href="/x"]'}}})
    assert (
        text
        == f'\n[feeds.a]\nurl = "x"\n[feeds.a.page]\nitems = {json.dumps("a[href=" + chr(34) + "/x" + chr(34) + "]")}\n'
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[feeds.a]\n", "a feed 'a' already"),
        ("feeds = { b = {} }\n", "does not fit in; add the feed by hand"),
        ("x =", "cannot be changed"),
    ],
)
def test_what_cannot_be_added_is_said(text, said):
    with pytest.raises(ConfigError, match=said):
        with_feeds(text, {"a": {"url": "x"}})


def test_a_feed_written_in_one_line_is_left_to_the_operator():
    with pytest.raises(ConfigError, match="by hand"):
        with_feed_switched('feeds = { a = { url = "x" } }\n', "a", on=False)
