"""The wheel alone, outside the checkout: built, installed, and at work on what ships with it."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    """Return what a command prints; it sees neither the checkout nor our configuration."""
    hidden = ("MONITOR_", "PYTHONPATH", "PIP_", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the backend that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path) -> Path:
    """Install the wheel into a clean environment; what it depends on is seen, not installed: no network."""
    folder = wheel.parent / "venv"
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    install = ("-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    run(sys.executable, *install, cwd=folder)
    (packages,) = folder.glob("lib/python3*/site-packages")
    # A path file within a folder that a path file adds is not read: our own editable install stays out of sight.
    (packages / "dependencies.pth").write_text(
        "\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    )
    return folder / "bin"


def test_the_wheel_holds_all_that_the_program_reads_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    shipped = [ROOT / "config.example.toml", *(ROOT / "templates").rglob("*"), *(ROOT / "seeds").rglob("*")]
    data = {f"monitor/data/{path.relative_to(ROOT).as_posix()}" for path in shipped if path.is_file()}
    code = {path for path in (ROOT / "monitor").rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert packed == data | {path.relative_to(ROOT).as_posix() for path in code}
    assert "monitor/store/migrations/env.py" in packed


def test_the_installed_program_is_the_one_in_the_wheel(programs: Path, tmp_path: Path) -> None:
    where = run(programs / "python", "-c", "import monitor; print(monitor.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(programs.parent)


def test_the_installed_program_raises_explained_alerts_with_nothing_but_itself(
    programs: Path, tmp_path: Path
) -> None:
    run(programs / "sanctions-monitor", "init", cwd=tmp_path)
    config = tmp_path / "config.toml"
    config.write_text(without_feeds_of_the_network(config.read_text("utf-8")), "utf-8")
    done = json.loads(run(programs / "sanctions-monitor", "once", "--json", cwd=tmp_path))
    assert (done["polled"], done["failed"]) == (1, 0)
    assert done["alerts"] > 0
    assert done["deliveries"]["dead"] == 0
    kinds = {path.suffix for path in (tmp_path / "var" / "outbox").rglob("*") if path.is_file()}
    assert {".html", ".txt", ".eml"} <= kinds


def without_feeds_of_the_network(text: str) -> str:
    """Return the starter configuration with the bundled sample as its only feed."""
    kept = re.sub(r"(?ms)^\[feeds\.(?!sample\])[^\]]+\].*?(?=^\[|^# ---)", "", text)
    assert kept.count("[feeds.") == 1
    return kept
