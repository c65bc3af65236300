"""The page of the architecture names every module that a sentence passes on its way to an event."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", ["frames", "events"])
def test_each_module_of_a_folder_is_named_on_the_way_of_a_sentence(folder: str):
    way = (ROOT / "docs/architecture.md").read_text("utf-8").split("## One sentence")[1]
    modules = {path.stem for path in (ROOT / "monitor/match" / folder).glob("*.py")} - {"__init__"}
    assert [name for name in sorted(modules) if f"{name}`" not in way] == []
