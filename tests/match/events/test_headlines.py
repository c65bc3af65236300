"""English headlines give the event that a reader takes from them (headlines.toml)."""

import tomllib
from pathlib import Path

import pytest

from tests.match.seeds import judge

GROUPS = tomllib.loads((Path(__file__).parent / "headlines.toml").read_text("utf-8"))
CASES = [
    (group, title, wanted)
    for group, rows in GROUPS.items()
    for title, wanted in rows.items()
    if title != "note"
]


@pytest.mark.parametrize(("group", "title", "wanted"), CASES)
def test_a_headline_tells_what_a_reader_takes_from_it(group, title, wanted):
    event = judge(title).event
    assert (f"{event.type}/{event.status}" if event else "") == wanted
