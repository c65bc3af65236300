"""Every benchmark still names what there is, and those that need no corpora run in their smallest size."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py"))

#: Packages that single scripts need and the environment of development does not have.
FOREIGN = {"opencc", "wordfreq"}

#: The smallest size of each script that needs nothing but this repository.
SMALLEST = {
    "digest": ["20"],
    "growth": ["stories=0,5", "items=50", "feeds=20"],
    "idle": ["--feeds", "3", "--seconds", "1"],
    "judging": ["20"],
    "lists": ["--names", "200"],
    "outbox": ["--owed", "5", "--seconds", "0.2"],
    "parsing": [],
    "polling": ["--feeds", "3", "--items", "2", "--rounds", "1"],
    "queries": ["10"],
    "search": ["200"],
    "soak": ["--feeds", "20", "--days", "4", "--step", "600", "--disk-mb", "60"],
    "start": ["--rounds", "1"],
    "stories": [],
    "tagging": ["200"],
    "week": ["2", "12h"],
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_benchmark_names_what_there_is(name: str) -> None:
    program = f"import benchmarks.{name}"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    missing = any(f"No module named {package!r}" in ran.stderr for package in FOREIGN)
    assert missing or ran.returncode == 0, ran.stderr[-2000:]


@pytest.mark.parametrize("name", SMALLEST)
def test_a_benchmark_runs_in_its_smallest_size(name: str) -> None:
    assert importlib.util.find_spec("psutil")
    command = [sys.executable, "-m", f"benchmarks.{name}", *SMALLEST[name]]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert ran.stdout.strip()
