"""The kernel refuses files, connections and programs to a parser. Real processes; skipped where it offers nothing."""

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from monitor.feeds.base import EarlierDocument, FeedDocument
from monitor.feeds.parsing.confinement import readable_paths
from monitor.feeds.parsing.worker_pool import ParserPool
from tests.feeds.samples import NOW, RSS, feed

ROOT = Path(__file__).parents[3]

#: Confines itself, then makes each attempt; prints the names of those that were refused.
TRIAL = """
import json, os, socket, sys
from monitor.feeds.parsing import worker
from monitor.feeds.parsing.confinement import confine
confinement = confine()
folder = sys.argv[1]
attempts = {
    "read": lambda: open(f"{folder}/secret").close(),
    "write": lambda: open(f"{folder}/new", "w").close(),
    "remove": lambda: os.remove(f"{folder}/secret"),
    "list": lambda: os.listdir(folder),
    "environment": lambda: open(f"/proc/{os.getppid()}/environ").close(),
    "tcp": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
    "udp": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).close(),
    "unix": lambda: socket.socket(socket.AF_UNIX).close(),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "signal": lambda: os.kill(os.getppid(), 0),
}
refused = []
for name, attempt in attempts.items():
    try:
        attempt()
    except PermissionError:
        refused.append(name)
import encodings.cp1251, zoneinfo
zoneinfo.ZoneInfo("Asia/Tehran")
print(json.dumps([confinement.landlock, confinement.seccomp, refused]))
"""

FILES = {"read", "write", "remove", "list", "environment"}
CALLS = {"tcp", "udp", "unix", "program"}


def refused_in(folder: Path) -> tuple[int, bool, set[str]]:
    """Return what a confined process says of its confinement, and what it was refused."""
    command = [sys.executable, "-c", TRIAL, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    landlock, seccomp, refused = json.loads(done.stdout)
    return landlock, seccomp, set(refused)


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are parts of Linux")
def test_a_confined_process_is_refused_files_connections_and_programs_and_still_loads_modules(
    tmp_path: Path,
) -> None:
    (tmp_path / "secret").write_text("a password")
    landlock, seccomp, refused = refused_in(tmp_path)
    if not (landlock and seccomp):
        pytest.skip(f"the kernel offers Landlock {landlock} and seccomp {seccomp}")
    assert refused >= FILES | CALLS
    assert ("signal" in refused) == (landlock >= 6)
    assert (tmp_path / "secret").read_text() == "a password"


def test_no_working_folder_and_no_folder_of_data_is_readable() -> None:
    readable = set(readable_paths())
    assert not readable & {str(ROOT), str(ROOT / "var"), "", "/", "/etc", "/home", "/tmp", "/proc"}
    assert str(ROOT / "monitor") in readable


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are parts of Linux")
async def test_the_workers_of_a_pool_are_confined_and_parse() -> None:
    source = feed("https://news.example/feed")
    async with ParserPool(1) as pool:
        document = FeedDocument(source, RSS, "application/rss+xml", source.url, NOW)
        assert (await pool(document, EarlierDocument())).items
        confined = [each for each in psutil.Process().children(recursive=True) if _filtered(each)]
        assert len(confined) >= 2  # the template and a worker


def _filtered(process: psutil.Process) -> bool:
    """Return whether a filter of system calls is in force."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status


def test_without_linux_nothing_is_taken_away_and_that_is_said(tmp_path: Path) -> None:
    """`confine` in this very process would bind the whole test run, so a child believes to be elsewhere."""
    program = "import sys\nfrom monitor.feeds.parsing.confinement import confine\nsys.platform = 'darwin'\nprint(confine())"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "Confinement(landlock=0, seccomp=False)"
