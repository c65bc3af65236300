"""The program's commands without a process of their own: what a person types, what they see, the exit code."""

import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from monitor.cli import main
from monitor.cli.common import stderr, stdout


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What it printed for programs."""
        return json.loads(self.out)

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What it logged, but that it made a new database."""
        lines = map(json.loads, self.err.splitlines())
        return [fact for fact in lines if fact["event"] != "database_created"]

    @property
    def flat(self) -> str:
        """What it printed, without the line breaks of a narrow terminal."""
        return " ".join(self.out.split())


class Cli:
    """Runs commands one after another, in the folder that is current."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *args: str | Path, stdin: str = "") -> Answer:
        self._capture.readouterr()
        with given(list(map(str, args)), stdin), pytest.raises(SystemExit) as end:
            main()
        out, err = self._capture.readouterr()
        return Answer(int(end.value.code or 0), out, err)


@contextmanager
def given(args: list[str], stdin: str) -> Iterator[None]:
    """Give this process the command line and the input of another."""
    before = sys.argv, sys.stdin
    sys.argv, sys.stdin = ["sanctions-monitor", *args], io.StringIO(stdin)
    try:
        yield
    finally:
        sys.argv, sys.stdin = before


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """A person at a wide terminal in an empty folder, whose environment configures nothing."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("MONITOR_", "SANCTIONS_MONITOR_"))]:
        monkeypatch.delenv(name)
    with own_logging(), wide_terminal():
        yield Cli(capsys)


@contextmanager
def wide_terminal(columns: int = 400) -> Iterator[None]:
    """Let a line be as long as it is."""
    before = stdout.width, stderr.width
    stdout.width = stderr.width = columns
    try:
        yield
    finally:
        stdout.width, stderr.width = before


@contextmanager
def own_logging() -> Iterator[None]:
    """Leave the process's logging as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []  # else they would be closed
    try:
        yield
    finally:
        structlog.reset_defaults()
        logging.captureWarnings(False)
        logging.getLogger("apscheduler.scheduler").setLevel(logging.NOTSET)
        root.handlers, root.level = handlers, level
