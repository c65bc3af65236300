"""Every test that the page on security names is there."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "security.md").read_text("utf-8")
NAMED = re.findall(r"`tests/([\w/]+\.py)::(\w+)`", PAGE)


def test_every_test_that_the_page_on_security_names_exists() -> None:
    missing = [
        f"{file}::{name}"
        for file, name in NAMED
        if not (TESTS / file).is_file() or f"def {name}(" not in (TESTS / file).read_text("utf-8")
    ]
    assert not missing
    assert len(NAMED) > 30


def test_every_threat_has_an_asset_an_attacker_a_path_a_defence_and_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if "::" in line]
    assert len(rows) == len(NAMED)
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 5
        assert all(cells)
