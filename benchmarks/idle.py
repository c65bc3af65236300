"""Measure what an idle service costs: ``python -m benchmarks.idle [--feeds 500] [--seconds 60] [--json FILE]``.

The feeds answer 304 on loopback, each at an address of its own, and are due once in ten minutes, evenly spread. The
service runs in a process of its own. Once it has settled its desk is opened, which loads it. Printed are the share of
one core that it and its parsers took after that, its memory before and after, and its polls.
"""

import argparse
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from urllib.request import urlopen

import psutil

from benchmarks.polling import ours, run, served

EVERY = timedelta(minutes=10)
DESK = '[web]\nlisten = "127.0.0.1:0"\n'
SETTLING_S = 15


@dataclass(frozen=True, slots=True)
class Idle:
    """The cost of a service that found nothing new; its own share of memory (PSS), and that of all its processes.

    `unopened_mb` is its memory before its desk was opened.
    """

    feeds: int
    seconds: float
    core_percent: float
    unopened_mb: float
    service_mb: float
    all_mb: float
    polls: int


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options().parse_args(arguments)
    with tempfile.TemporaryDirectory() as place, served(options.feeds, options.items) as server:
        program = ours(Path(place), server.urls, more=DESK)
        server.answer("idle")
        run(program.poll)
        idle = measured(Path(place) / "ours", options.feeds, options.seconds)
    print(
        f"{idle.feeds} feeds every {EVERY}: {idle.core_percent:.2f} % of a core, {idle.service_mb:.0f} MB"
        f" ({idle.unopened_mb:.0f} MB until the desk was opened, {idle.all_mb:.0f} MB with parsers), {idle.polls} polls in {idle.seconds:.0f} s"
    )
    if options.json:
        Path(options.json).write_text(json.dumps(asdict(idle), indent=2), "utf-8")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--items", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", default="")
    return parser


def measured(folder: Path, feeds: int, seconds: float) -> Idle:
    """Run the service on a polled database and measure it once it has settled."""
    _spread(folder / "m.db", feeds)
    with _service(folder) as process:
        while b"web_started" not in (folder / "service.log").read_bytes():
            assert process.is_running(), (folder / "service.log").read_text("utf-8")
            sleep(0.5)
        sleep(min(SETTLING_S, seconds))
        unopened = _memory_mb(process)
        _open_desk((folder / "service.log").read_text("utf-8"))
        sleep(min(SETTLING_S, seconds))
        begun, polls, before = monotonic(), _polls(folder / "m.db"), _cpu(process)
        sleep(seconds)
        passed, used = monotonic() - begun, _cpu(process) - before
        return Idle(
            feeds=feeds,
            seconds=passed,
            core_percent=100 * used / passed,
            unopened_mb=unopened,
            service_mb=_memory_mb(process),
            all_mb=sum(map(_memory_mb, [process, *process.children(recursive=True)])),
            polls=_polls(folder / "m.db") - polls,
        )


def _memory_mb(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / 1e6


def _open_desk(log: str) -> None:
    """Ask for the page at the address that a service logged."""
    address = re.search(r"http://127\.0\.0\.1:\d+", log)
    assert address, log
    with urlopen(address.group()) as response:
        response.read()


def _spread(database: Path, feeds: int) -> None:
    """Make feeds due one after another, so that all are polled once in `EVERY`."""
    now = datetime.now(UTC)
    with sqlite3.connect(database) as connection:
        for number, (feed,) in enumerate(
            connection.execute("select feed from feeds order by feed").fetchall()
        ):
            due = (now + EVERY * number / feeds).replace(tzinfo=None).isoformat(timespec="microseconds")
            connection.execute("update feeds set next_poll_at = ? where feed = ?", (f"{due}Z", feed))
    connection.close()


def _polls(database: Path) -> int:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    (polls,) = connection.execute("select sum(version) from feeds").fetchone()
    connection.close()
    return int(polls)


@contextmanager
def _service(folder: Path) -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "monitor", "run", "--config", str(folder / "config.toml"), "--log", "-"]
    log = (folder / "service.log").open("wb")
    with log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            os.kill(process.pid, signal.SIGTERM)
            process.wait()


def _cpu(process: psutil.Process) -> float:
    """Return the CPU time of a process and its children, in seconds."""
    family = [process, *process.children(recursive=True)]
    return float(sum(times.user + times.system for times in (each.cpu_times() for each in family)))


if __name__ == "__main__":
    main()
