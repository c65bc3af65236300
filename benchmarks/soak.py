"""Run the service for a month under faults: ``python -m benchmarks.soak [--feeds 2000] [--days 30] [--real HOURS] [--write]``.

The service is a process of its own on a small disk (a tmpfs in a mount namespace, by unshare), with real feed, mail and webhook
servers on loopback. The clock is moved: a month takes as long as its work. ``--real`` serves in real time instead.
A plan made from ``--seed`` cuts networks, lets servers fail, fills the disk, sets the clock, reloads, and kills the process.
Afterwards every message that was received is held against what the feeds listed, and memory, descriptors, threads and
the database are judged. ``--write`` puts the results into docs/soak.md. The exit code is 1 if a promise was broken.
"""

import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import psutil

from benchmarks import soak_database, soak_page, soak_report
from benchmarks.polling import address
from benchmarks.soak_world import BEGIN, DAY_S, SharedClock, World, current, shared_clock
from tests.support.databases import prepare_database

CONFIG = """
database = "{disk}/monitor.db"
shelf = "{folder}/lists"
rules = "{folder}/rules"
lexicon = "{folder}/lexicon"
[polling]
deadline = "{deadline}"
parsers = 2
[delivery]
storm = 1000
uncertain_wait = "{uncertain}"
alert_patience = "{patience}"
[archive]
keep = "5d"
keep_documents = "5d"
keep_messages = "5d"
keep_incidents = "5d"
[log]
format = "json"
[web]
listen = "127.0.0.1:0"
key_file = "{folder}/web.secret"
[health]
channels = ["hook"]
[channels.hook]
type = "webhook"
url = "http://127.0.0.1:{hook}/"
[channels.desk]
type = "email"
host = "127.0.0.1"
port = {mail}
tls = "none"
timeout_s = 5
end_timeout_s = 5
sender = "Monitor <monitor@news.example>"
to = ["desk@news.example", "legal@news.example"]
[routes.all]
channels = ["hook", "desk"]
[digests.daily]
channels = ["hook", "desk"]
{digest}
"""

FOLDER = "SOAK_FOLDER"


@dataclass
class Run:
    """A run in progress: the processes, and what was done and measured so far."""

    folder: Path
    world: World
    clock: SharedClock
    step_s: float
    config: str
    log: IO[bytes]
    service: subprocess.Popen[bytes] | None = None
    process: psutil.Process | None = None
    kills: int = 0
    reloads: int = 0
    unexpected_ends: list[str] = field(default_factory=list)
    samples: list[soak_report.Sample] = field(default_factory=list)
    next_sample: float = 0.0

    @property
    def disk(self) -> Path:
        return self.folder / "disk"

    def start(self) -> None:
        """Start the next process of the service."""
        self.clock.set(generation=self.clock.generation + 1)
        (self.folder / "config.toml").write_text(self.config, "utf-8")
        command = [sys.executable, "-m", "benchmarks.soak_service", str(self.folder / "config.toml")]
        command += [str(self.folder / "clock"), *([] if self.world.real else [str(self.step_s)])]
        self.service = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.process = psutil.Process(self.service.pid)

    def live(self) -> None:
        """Do what the plan says until the end of the run, then end the service as its manager would."""
        self.start()
        while self.clock.true < self.world.end:
            time.sleep(0.02)
            self._restart_if_ended()
            self._kill_or_reload()
            self.clock.set(
                skew=float(current(self.world.skews, self.clock.true) or 0) * self.world.day_s / 24
            )
            self._fill_disk(current(self.world.disk, self.clock.true) == "full")
            self._sample()
        assert self.service
        self.service.send_signal(signal.SIGTERM)
        if code := self.service.wait(120):
            self.unexpected_ends.append(f"exit code {code} after SIGTERM")

    def _restart_if_ended(self) -> None:
        assert self.service
        if self.service.poll() is not None:
            when = (self.clock.true - self.world.begin) / self.world.day_s
            fault = "disk full" if (self.disk / "ballast").exists() else "no fault"
            self.unexpected_ends.append(f"exit code {self.service.returncode} on day {when:.2f} ({fault})")
            time.sleep(1)
            self.start()

    def _kill_or_reload(self) -> None:
        assert self.service
        now, world = self.clock.true, self.world
        if self.kills < len(world.kill_times) and now >= world.kill_times[self.kills]:
            self.kills += 1
            self.service.kill()
            self.service.wait()
            self.start()
        elif self.reloads < len(world.reload_times) and now >= world.reload_times[self.reloads]:
            self.reloads += 1
            mistake = "" if self.reloads % 5 else "\n[channels.mistake]\ntype = 'none'\n"
            (self.folder / "config.toml").write_text(self.config + mistake, "utf-8")
            self.service.send_signal(signal.SIGHUP)

    def _fill_disk(self, full: bool) -> None:
        """Fill the disk of the database to its last block, or make room again."""
        ballast = self.disk / "ballast"
        if not full:
            ballast.unlink(missing_ok=True)
            return
        with suppress(OSError), ballast.open("ab") as file:
            while True:
                file.write(bytes(65_536))
                file.flush()

    def _sample(self) -> None:
        assert self.process
        if self.clock.true < self.next_sample:
            return
        self.next_sample = self.clock.true + self.world.day_s / (96 if self.world.real else 24)
        with suppress(psutil.Error, sqlite3.OperationalError, FileNotFoundError):
            others = sum(each.memory_info().rss for each in self.process.children(recursive=True))
            database = self.disk / "monitor.db"
            sizes = soak_database.sizes_mb(database)
            sample = soak_report.Sample(
                day=(self.clock.true - self.world.begin) / self.world.day_s,
                generation=self.clock.generation,
                memory_mb=self.process.memory_info().rss / 1e6,
                parsers_mb=others / 1e6,
                descriptors=self.process.num_fds(),
                threads=self.process.num_threads(),
                database_mb=database.stat().st_size / 1e6,
                journal_mb=(self.disk / "monitor.db-wal").stat().st_size / 1e6,
                permanent_mb=soak_database.permanent_mb(database, sizes),
                sizes=sizes,
            )
            self.samples.append(sample)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    if FOLDER not in os.environ:
        return _on_small_disk(options.disk_mb, sys.argv[1:] if arguments is None else list(arguments))
    folder = Path(os.environ[FOLDER])
    world = _world(options)
    began = time.monotonic()
    with ExitStack() as stack:
        clock = stack.enter_context(shared_clock(folder / "clock", real=world.real))
        clock.set(true=world.begin)
        (folder / "world.json").write_text(json.dumps(asdict(world)), "utf-8")
        ports = stack.enter_context(served(folder))
        log = stack.enter_context((folder / "service.log").open("ab"))
        run = Run(folder, world, clock, options.step, _config(folder, world, ports), log)
        prepare_database(run.disk / "monitor.db")
        try:
            run.live()
        finally:
            if run.service:
                run.service.kill()
                run.service.wait()
    result = soak_report.judge(folder, run.disk / "monitor.db", world, run.samples)
    result.figures["seconds"] = round(time.monotonic() - began)
    result.figures["kills"], result.figures["reload requests"] = run.kills, run.reloads
    result.broken += [f"the service ended by itself: {each}" for each in run.unexpected_ends]
    print(soak_page.as_text(result))
    if options.write:
        soak_page.write(result, _command(options), real=world.real)
    return bool(result.broken)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--step", type=float, default=120, help="seconds that the clock goes on at once")
    parser.add_argument("--real", type=float, default=0, help="hours of real time, instead of a moved clock")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--disk-mb", type=int, default=1000)
    parser.add_argument("--folder", default="", help="where logs and messages are kept; default: nowhere")
    parser.add_argument("--write", action="store_true", help="write docs/soak.md")
    return parser


def _world(options: argparse.Namespace) -> World:
    """Return the world; real time has five days of the plan, each of 24 minutes if it is two hours."""
    if options.real:
        return World(
            seed=options.seed, feeds=options.feeds, begin=time.time(), day_s=options.real * 720, days=5,
            kills=3, reloads=20, entries_per_day=2, news_per_day=min(25, options.feeds / 2), real=True,
        )  # fmt: skip
    return World(
        seed=options.seed, feeds=options.feeds, begin=BEGIN, day_s=DAY_S, days=options.days,
        kills=max(1, round(options.days / 2.5)), reloads=round(options.days * 2),
        entries_per_day=1, news_per_day=min(50, options.feeds / 20),
    )  # fmt: skip


def _config(folder: Path, world: World, ports: tuple[int, int, int]) -> str:
    feed, hook, mail = ports
    text = CONFIG.format(
        folder=folder, disk=folder / "disk", hook=hook, mail=mail,
        deadline="10s" if world.real else "3s",
        uncertain="1m" if world.real else "15m",
        patience="20m" if world.real else "6h",
        digest='cadence = "hourly"' if world.real else 'at = "08:00"\nzone = "Europe/Istanbul"',
    )  # fmt: skip
    every = f"{world.day_s / 12:.0f}s" if world.real else "12h"
    tables = (
        f'[feeds.f{number}]\nurl = "http://{address(number)}:{feed}/f{number}"\ntier = "wire"\nevery = "{every}"\n'
        for number in range(world.feeds)
    )
    return text + "".join(tables)


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, int, int]]:
    """Run the servers; give the ports of feeds, webhook and mail."""
    command = [sys.executable, "-m", "benchmarks.soak_servers", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        feed, hook, mail = map(int, process.stdout.readline().split())
        yield feed, hook, mail
        process.stdin.close()


def _on_small_disk(megabytes: int, arguments: Sequence[str]) -> int:
    """Run this program again in a mount namespace with a small disk of its own, which ends with it."""
    if not shutil.which("unshare"):
        raise SystemExit("unshare of util-linux is needed: it gives the run a small disk of its own")
    kept = _options().parse_args(arguments).folder
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(kept or scratch).absolute()
        (folder / "disk").mkdir(parents=True)
        mount = f"mount -t tmpfs -o size={megabytes}m tmpfs '{folder}/disk'"
        program = f"{mount} && exec '{sys.executable}' -m benchmarks.soak \"$@\""
        command = ["unshare", "-rm", "sh", "-c", program, "sh", *arguments]
        return subprocess.run(command, env=os.environ | {FOLDER: str(folder)}, check=False).returncode


def _command(options: argparse.Namespace) -> str:
    parts = ["python -m benchmarks.soak", f"--feeds {options.feeds}", f"--seed {options.seed}"]
    parts.append(f"--real {options.real:g}" if options.real else f"--days {options.days:g}")
    return " ".join([*parts, "--write"])


if __name__ == "__main__":
    sys.exit(main())
