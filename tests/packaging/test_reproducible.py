"""Two builds of one source give the same bytes, whatever the folder, the umask, the clock and the times of files."""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = ("monitor", "seeds", "templates", "docs", "packaging", "deploy", "requirements", "benchmarks")
FILES = (
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "NOTICE",
    "config.example.toml",
    "CHANGELOG.md",
    "SECURITY.md",
)
EPOCH = "1764000000"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def copied(folder: Path, age_s: int) -> Path:
    """Copy the source; its files are of this age."""
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in NEEDED:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    for path in folder.rglob("*"):
        os.utime(path, (age_s, age_s))
    return folder


def built(source: Path, umask: int) -> dict[str, str]:
    """Build sdist and wheel; return their hashes by name."""
    out = source / "out"
    command = [
        sys.executable,
        "-m",
        "build",
        "--sdist",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(out),
        str(source),
    ]
    done = subprocess.run(
        command,
        env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH},
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.iterdir())}


def test_two_builds_give_the_same_hashes(tmp_path: Path) -> None:
    first = built(copied(tmp_path / "here", 1_600_000_000), 0o022)
    second = built(copied(tmp_path / "a much longer folder name" / "there", 1_700_000_000), 0o077)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert set(first) == {
        f"sanctions_monitor-{version}.tar.gz",
        f"sanctions_monitor-{version}-py3-none-any.whl",
    }
    assert first == second
