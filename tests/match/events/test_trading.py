"""Who buys and who supplies, as the title tells it (parties.toml)."""

import tomllib
from pathlib import Path

import pytest

from tests.match.seeds import judge

CASES = tomllib.loads((Path(__file__).parent / "parties.toml").read_text("utf-8"))["arms"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_who_buys_from_whom_is_told_as_the_title_tells_it(case):
    event = judge(case["title"]).event
    told = event.buyer.removeprefix("country:"), event.supplier.removeprefix("country:")
    assert told == (case["buyer"], case["supplier"])
