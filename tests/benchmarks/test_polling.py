"""The benchmark of polling runs, and prints the cost of every kind of round."""

import json
from pathlib import Path

import pytest

from benchmarks.polling import KINDS, main


@pytest.mark.slow
def test_every_kind_of_round_is_measured(tmp_path: Path) -> None:
    main(["--feeds", "3", "--rounds", "1", "--json", str(tmp_path / "costs.json")])
    costs = json.loads((tmp_path / "costs.json").read_text("utf-8"))
    assert costs["sanctions-monitor"].keys() == {"start", *KINDS}
    assert all(cost["cpu_ms"] >= 0 for cost in costs["sanctions-monitor"].values())
    assert costs["sanctions-monitor"]["start"]["cpu_ms"] > 0
