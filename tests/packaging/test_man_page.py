"""The manual page has every command and option, and man formats it without a complaint."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.cli.root import COMMANDS
from tests.cli.test_help import COMMANDS as NAMES
from tests.cli.test_help import EVERYTHING

SCRIPT = Path(__file__).parents[2] / "packaging" / "man_page.py"


@pytest.fixture(scope="module")
def page() -> str:
    spec = importlib.util.spec_from_file_location("man_page", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.manual())


def test_every_command_and_every_option_is_there(page: str) -> None:
    plain = page.replace("\\-", "-")
    assert len(NAMES) >= len(COMMANDS)
    for name in NAMES:
        assert f'.SS "{name}' in plain, name
        for param in EVERYTHING[name].params:
            if param.name != "help" and getattr(param, "help", ""):
                option = param.param_type_name == "option"
                shown = param.opts[0] if option else (param.metavar or param.name).upper()
                assert shown in plain, (name, shown)


def test_no_line_is_a_request_by_accident(page: str) -> None:
    known = (".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".I", ".RI")
    requests = [line for line in page.splitlines() if line.startswith((".", "'"))]
    assert [line for line in requests if line.split()[0] not in known] == []


@pytest.mark.skipif(not shutil.which("groff"), reason="no groff on this machine")
def test_man_formats_it_without_a_warning(page: str, tmp_path: Path) -> None:
    path = tmp_path / "sanctions-monitor.1"
    path.write_text(page, "utf-8")
    done = subprocess.run(
        ["groff", "-man", "-Kutf8", "-Tutf8", "-ww", str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "sanctions-monitor" in done.stdout
