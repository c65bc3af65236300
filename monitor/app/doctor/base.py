"""What an examination takes and what it finds."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from monitor.config import Settings


class Level(StrEnum):
    """How bad a finding is: nothing to do, something to look at, or something that does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found; `where` is a file, a line and key, a feed or a host, and `remedy` what to do."""

    level: Level
    what: str
    where: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """The installation to examine. `lines` are the lines of keys in the file at `config`."""

    settings: Settings
    config: Path
    lines: Mapping[tuple[str, ...], int]
    now: datetime
    timeout_s: float = 10

    def place(self, *key: str) -> str:
        """Return file, key and line of a key of the configuration, or of the table that has it."""
        known = (key[:depth] for depth in range(len(key), 0, -1) if key[:depth] in self.lines)
        line = next((f" (line {self.lines[path]})" for path in known), "")
        return f"{self.config}: {'.'.join(key)}{line}"


Area = Callable[[Examination], Iterator[Finding]]
NetworkArea = Callable[[Examination], AsyncIterator[Finding]]


def ok(what: str) -> Finding:
    """Return a finding that asks for nothing."""
    return Finding(Level.OK, what)


def warn(what: str, where: str, remedy: str) -> Finding:
    """Return a finding to look at."""
    return Finding(Level.WARN, what, where, remedy)


def fail(what: str, where: str, remedy: str) -> Finding:
    """Return a finding of something that does not work."""
    return Finding(Level.FAIL, what, where, remedy)


def size(count: float) -> str:
    """Return a number of bytes in words."""
    for unit in ("bytes", "KB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:,.1f} GB"
