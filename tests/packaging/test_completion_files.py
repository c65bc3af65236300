"""Shells accept the completion files, and they ask the program by its name."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "packaging" / "completion.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spec = importlib.util.spec_from_file_location("completion", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = tmp_path_factory.mktemp("completion")
    module.main(str(written))
    return written


def test_there_is_a_file_for_each_shell_under_the_name_that_it_looks_for(folder: Path) -> None:
    written = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert written == ["bash/sanctions-monitor", "fish/sanctions-monitor.fish", "zsh/_sanctions-monitor"]
    for path in folder.rglob("*sanctions-monitor*"):
        assert "_SANCTIONS_MONITOR_COMPLETE" in path.read_text()


def test_zsh_finds_the_program_in_the_first_line(folder: Path) -> None:
    assert (folder / "zsh" / "_sanctions-monitor").read_text().startswith("#compdef sanctions-monitor\n")


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash on this machine")
def test_bash_loads_its_file_and_completes_the_program(folder: Path) -> None:
    program = f"set -eu; source '{folder}/bash/sanctions-monitor'; complete -p sanctions-monitor"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "_completion" in done.stdout
