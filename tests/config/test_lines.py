"""Lines of keys in TOML, whatever stands between them."""

import pytest

from monitor.config.lines import key_lines, located, with_last_line

TEXT = (
    """a = 1  # [b] = 2
[feeds.wire]
url = "x [y] = z"

note = '''
[no.table]
no = 1
'''
"quoted.key" = 1
list = [
    "one", # ]
    { no = 2 },
]
after.it = { inner = 1 }
[[expect]]
item = 1
[[expect]]
item = 2
[ spaced . name ]
last = """
    + '"""\nx = 1\n"""\nend = 1'
)


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("a", 1), ("feeds", 2), ("feeds.wire", 2), ("feeds.wire.url", 3), ("feeds.wire.note", 5),
        ("feeds.wire.list", 10), ("feeds.wire.list.0", 10), ("feeds.wire.after.it", 14), ("feeds.wire.unknown", 2),
        ("expect", 15), ("expect[1]", 15), ("expect[1].item", 16), ("expect[2].item", 18), ("expect.1.item", 18),
        ("spaced.name.last", 20), ("spaced.name.end", 23),
    ],
)  # fmt: skip
def test_a_mistake_has_the_line_of_its_key_or_table(key: str, line: int) -> None:
    assert list(located([f"{key}: what: it is"], key_lines(TEXT))) == [f"{key}: what: it is (line {line})"]


@pytest.mark.parametrize("key", ["no", "no.table", "x", "quoted"])
def test_what_is_not_in_the_file_has_no_line(key: str) -> None:
    assert list(located([f"{key}: what"], key_lines(TEXT))) == [f"{key}: what"]


def test_the_key_of_a_quoted_name_is_one_key() -> None:
    assert key_lines(TEXT)["feeds", "wire", "quoted.key"] == 9


def test_a_mistake_at_the_end_has_the_number_of_the_last_line() -> None:
    assert (
        with_last_line("Invalid value (at end of document)", "a = 1\nb =\n")
        == "Invalid value (at line 2, the end)"
    )
