import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.edit_table import with_table
from monitor.errors import ConfigError

LINES = st.sampled_from(
    [
        "# a comment that stays",
        "",
        "[watch.one]",
        '[ watch . "two" ]  # spaced',
        "names = [\n  'a',  # first\n  'b',\n]",
        "[watch.one.inner]",
        "x = 1",
        "[other]",
        "[[list]]",
        'text = """\n[watch.one]\n"""',
        "watch = { one = { x = 1 } }",
    ]
)
TEXTS = st.lists(LINES, max_size=9).map("\n".join)
VALUES = st.one_of(
    st.integers(), st.booleans(), st.text(max_size=9), st.lists(st.text(max_size=9), max_size=3)
)
TABLES = st.dictionaries(st.text(max_size=6), VALUES, max_size=3)


def loads(text: str):
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


@given(TEXTS, st.sampled_from(["one", "two", "three"]), TABLES, st.text(max_size=9))
def test_a_table_is_put_in_place_and_everything_else_stays(text, name, table, comment):
    before = loads(text)
    try:
        after = with_table(text, "watch", name, table, comment=comment)
    except ConfigError:
        return
    tables = before.get("watch", {})
    inner = {key: value for key, value in tables.get(name, {}).items() if isinstance(value, dict)}
    assert tomllib.loads(after) == before | {"watch": tables | {name: table | inner}}


@pytest.mark.parametrize(
    ("text", "comment", "after"),
    [
        ("", "", "[watch.a]\nx = 1\n"),
        ("y = 1", "why", "y = 1\n\n# why\n[watch.a]\nx = 1\n"),
        (
            "# of a\n[watch.a]\nz = 2 # old\n\n# of b\n[watch.b]\n",
            "",
            "# of a\n[watch.a]\nx = 1\n\n# of b\n[watch.b]\n",
        ),
        ("# of a\n[watch.a]\nz = 2\n# end\n", "new", "# new\n[watch.a]\nx = 1\n"),
        ("[watch.a]\r\nz = 2\r\n\r\n[b]\r\n", "", "[watch.a]\r\nx = 1\r\n\r\n[b]\r\n"),
    ],
)
def test_a_table_is_written_where_it_stands_with_the_comments_around_it(text, comment, after):
    assert with_table(text, "watch", "a", {"x": 1}, comment=comment) == after


def test_a_file_that_is_no_toml_or_of_another_layout_is_left_to_the_operator():
    with pytest.raises(ConfigError, match="mend it by hand"):
        with_table("x =", "watch", "a", {})
    with pytest.raises(ConfigError, match="by hand"):
        with_table("watch = { a = { x = 1 } }\n", "watch", "a", {"x": 2})
