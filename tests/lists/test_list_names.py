"""The count of names that no text could match runs, and counts what it says."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent.parent.parent / "benchmarks/list_names.py"


def test_the_counts_of_a_list_are_printed(tmp_path: Path) -> None:
    folder = tmp_path / "fixtures/sanctions/us"
    folder.mkdir(parents=True)
    (folder / "bis_dpl.txt").write_text('"Name"\n"ZORVAN, ILO"\n"ZORVA YARD A/K/A ZORVA DOCK"\n', "utf-8")
    environment = os.environ | {"CORPORA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    header, row = done.stdout.splitlines()
    assert header.split() == ["entries", "label", "remark", "semicolon", "comma"]
    assert row.split() == ["us/bis_dpl.txt", "2", "0", "0", "0", "0"]
