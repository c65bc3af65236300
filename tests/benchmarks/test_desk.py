"""The benchmark of the desk runs on a small archive, and no page fails."""

import json
from pathlib import Path

import pytest

from benchmarks.desk import TRIALS, main


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_kind_of_page_is_measured_and_none_fails(tmp_path: Path) -> None:
    small = ["--items", "400", "--feeds", "3", "--every", "1s", "--seconds", "3", "--rounds", "1"]
    main([*small, "--readers", "3", "--json", str(tmp_path / "found.json")])
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert found["failures"] == {}
    assert all(found["pages"][kind]["n"] for kind in ("stories", "story", "search"))
    assert all(each["polls_s"] > 0 for each in (*found["alone"], *found["with readers"]))
    assert {trial["status"] for trial in found["workbench"].values()} == {200}
    assert found["workbench"].keys() == set(TRIALS)
