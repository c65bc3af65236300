"""Examine whether the kernel takes files and network away from processes that parse foreign documents."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import monitor

from .base import Examination, Finding, fail, ok, warn

#: Confines itself as parsers do, then tries what they must not do; it gets the path of the package.
_TRIAL = """
import json, socket, sys
sys.path.append(sys.argv[1])
from monitor.feeds.parsing.confinement import confine
confinement = confine()
def refuses(attempt):
    try:
        attempt()
    except PermissionError:
        return True
    return False
print(json.dumps({
    "landlock": confinement.landlock,
    "file": refuses(lambda: open("/etc/passwd").close()),
    "connection": refuses(lambda: socket.socket().close()),
}))
"""
_WHERE = "processes that parse documents"
_MAX_S = 60


def examine_parsers(examination: Examination) -> Iterator[Finding]:
    """Yield what a parser is refused, tried in a process of its own."""
    yield from findings_of(try_confinement())


def findings_of(tried: Mapping[str, Any] | None) -> Iterator[Finding]:
    """Yield what a trial means; None says that its process did not start."""
    if tried is None:
        yield fail("parsers do not start", _WHERE, "see the error above; reinstall the program")
        return
    if tried["file"] and tried["connection"]:
        yield ok(f"parsers have no files and no network: Landlock {tried['landlock']} and a seccomp filter")
    if not tried["file"]:
        remedy = "use Linux 5.13 or newer with Landlock; in a container, allow the landlock_* system calls"
        yield warn("parsers can read the files of this user: no Landlock", _WHERE, remedy)
    if not tried["connection"]:
        remedy = "use Linux on x86_64 or aarch64, with seccomp filters allowed"
        yield warn("parsers can open connections: no seccomp filter", _WHERE, remedy)


def try_confinement() -> dict[str, Any] | None:
    """Return what a confined process is refused; None if it does not start."""
    home = str(Path(monitor.__file__).parents[1])
    command = (sys.executable, "-P", "-c", _TRIAL, home)
    done = subprocess.run(command, stdout=subprocess.PIPE, timeout=_MAX_S, check=False)  # noqa: S603  our own program
    return json.loads(done.stdout) if done.returncode == 0 else None
