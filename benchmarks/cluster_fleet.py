"""A PostgreSQL, a server of synthetic feeds, and workers of a cluster, for the benchmarks."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any
from urllib.request import Request, urlopen

import psutil
import psycopg

from benchmarks.polling import address
from tests.store.postgres import Databases, Server, own_server

CONFIG = """
database = "{url}"
rules = "{folder}/rules"
shelf = "{folder}/lists"
[engine]
kind = "cluster"
lease = "{lease}"
[polling]
host_gap = "{gap}s"
parsers = 1
[delivery]
storm = 1000000
[log]
format = "json"
[channels.hook]
type = "webhook"
url = "http://127.0.0.1:{port}/hook"
secret = "a shared key"
[routes.all]
channels = ["hook"]
at_least = "digest"
"""
FEED = '[feeds.f{n}]\nurl = "http://{host}:{port}/f{n}"\nevery = "{every}"\ntier = "wire"\nbacklog = "all"\n'


@dataclass
class Fleet:
    """A PostgreSQL, the server of the feeds, and the workers."""

    postgres: Server
    url: str
    port: int
    folder: Path
    log: IO[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, count: int = 1) -> None:
        """Start workers."""
        command = [sys.executable, "-m", "monitor", "worker", "--config", str(self.folder / "config.toml")]
        for _ in range(count):
            self.workers.append(subprocess.Popen(command, stdout=self.log, stderr=self.log))

    def stop(self) -> list[int]:
        """End all workers by SIGTERM and return their exit codes."""
        for each in self.workers:
            each.send_signal(signal.SIGTERM)
        codes = [each.wait(90) for each in self.workers]
        self.workers.clear()
        return codes

    def ended(self) -> bool:
        """Say whether a worker has ended by itself."""
        return any(each.poll() is not None for each in self.workers)

    def ask(self, path: str = "/stats", method: str = "GET") -> dict[str, Any]:
        """Return the counts of the server of the feeds."""
        with urlopen(Request(f"http://127.0.0.1:{self.port}{path}", method=method)) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def query(self, statement: str) -> list[Any]:
        """Return the rows of a query."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def cpu_s(self) -> float:
        """Return the processor time of the workers and their parsers so far."""
        total = 0.0
        for each in self.workers:
            process = psutil.Process(each.pid)
            for one in (process, *process.children(recursive=True)):
                total += sum(one.cpu_times()[:2])
        return total

    def database_cpu_s(self) -> float:
        """Return the processor time of all processes of the database so far."""
        ((pid,),) = self.query("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
        first = psutil.Process(pid).parent()
        assert first
        living = sum(_cpu_s(each) for each in first.children())
        return float(living + sum(first.cpu_times()[:4]))  # the last two are of those that have ended


def _cpu_s(process: psutil.Process) -> float:
    """Return the processor time of a process so far; 0 if it has ended."""
    try:
        return float(sum(process.cpu_times()[:2]))
    except psutil.NoSuchProcess:
        return 0.0


@contextmanager
def fleet(options: dict[str, Any], tables: Sequence[str]) -> Iterator[Fleet]:
    """Yield a fleet without workers, configured for `feeds` on `hosts`; ends all of it."""
    feeds, hosts = options["feeds"], options["hosts"]
    arguments = [str(options[name]) for name in ("feeds", "hosts", "acts", "gap")]
    command = [sys.executable, "-m", "benchmarks.cluster_server", *arguments]
    with (
        tempfile.TemporaryDirectory() as folder,
        own_server() as postgres,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
        (Path(folder) / "log").open("wb") as log,
    ):
        assert server.stdin
        assert server.stdout
        port = int(server.stdout.readline())
        url = Databases(postgres.url).create()
        made = Fleet(postgres, url, port, Path(folder), log)
        made.query(
            "ALTER DATABASE " + url.partition("?")[0].rpartition("/")[2] + " SET synchronous_commit = on"
        )
        text = CONFIG.format(url=url, folder=folder, port=port, **options)
        every = options["every"]
        lines = (FEED.format(n=n, host=address(n % hosts), port=port, every=every) for n in range(feeds))
        (Path(folder) / "config.toml").write_text(text + "".join((*lines, *tables)), "utf-8")
        try:
            yield made
        finally:
            for each in made.workers:
                each.kill()
                each.wait()
            if keep := os.environ.get("CLUSTER_LOG"):
                log.flush()
                Path(keep).write_bytes((Path(folder) / "log").read_bytes())
            server.stdin.close()


def await_polls(made: Fleet, count: int, seconds: float) -> None:
    """Wait until the feeds were polled so often in all.

    Raises:
        RuntimeError: a worker has ended, or the time is over.
    """
    polled = wait_until(lambda: made.ended() or made.ask()["polls"] >= count, seconds)
    if made.ended() or not polled:
        made.log.flush()
        raise RuntimeError((made.folder / "log").read_text("utf-8")[-3000:])


def wait_until(true: Any, seconds: float) -> bool:
    """Wait until something is true; return whether it came to be."""
    end = monotonic() + seconds
    while monotonic() < end:
        if true():
            return True
        sleep(0.2)
    return False
