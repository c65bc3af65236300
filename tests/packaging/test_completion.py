"""Shells complete commands and options, by the environment in which their scripts call the program."""

import os
import subprocess
import sys

import pytest

from monitor.cli.root import COMMANDS


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("fee", ["feeds", "feedback"]),
        ("feeds ", ["list", "add", "probe"]),
        ("explain --", ["--full", "--json"]),
    ],
)
def test_commands_and_options_are_completed(typed: str, offered: list[str]) -> None:
    assert set(offered) <= set(completed(f"sanctions-monitor {typed}"))


def test_every_command_is_offered() -> None:
    assert set(completed("sanctions-monitor ")) >= {each.name for each in COMMANDS}


def completed(line: str) -> list[str]:
    """Return what bash is offered for the last word of a line."""
    asked = {
        "_SANCTIONS_MONITOR_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(line.count(" ")),
    }
    code = "import sys; sys.argv[0] = 'sanctions-monitor'; from monitor.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()
