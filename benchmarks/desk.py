"""Measure the desk on a large archive while the program polls: ``python -m benchmarks.desk [--items 1000000]``.

The real program serves an archive in SQLite and polls feeds on loopback, a tenth of which has news every ten seconds.
Twenty readers ask for one page a second each: the list, searches in it, and stories. Rounds without and with readers
take turns. It prints the median and the 95th percentile of every kind of page, polls a second, and how late the latest
poll was; then the time to the first hits and to the end of trials at the workbench. ``--database FILE`` keeps the archive
for another run.
"""

import argparse
import json
import os
import queue
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.desk_archive import fill
from benchmarks.polling import Server, served
from monitor.model import Feed
from monitor.store import open_store

CONFIG = """
database = "{database}"
shelf = "{folder}/lists"
[polling]
host_gap = "0s"
[log]
format = "json"
[web]
listen = "127.0.0.1:0"
key_file = "{folder}/web.secret"
[channels.none]
type = "file"
path = "{folder}/messages"
[routes.none]
channels = ["none"]
min_severity = 5
"""

LISTS = (
    "",
    "?topic=arms",
    "?severity=4",
    "?view=all",
    "?topic=sanctions&severity=3",
    "?party=country:IR",
    "?since=30d",
)
SEARCHES = (
    "sanctions",
    "howitzers OR HIMARS",
    "banks NEAR/5 Iran",
    "contract AND Poland",
    '"worth $90 million"',
)
TRIALS = (
    "eases",
    "HIMARS NEAR/8 contract",
    "fish* AND harbour*",
    "title:(fines) AND Iran",
    "@country:TR AND contract",
)

Ask = tuple[str, str]


@dataclass
class Times:
    """How long pages took, in seconds, by kind; and the statuses that were not 200."""

    pages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, served(options.feeds, 20) as server:
        database = Path(options.database or f"{folder}/m.db")
        if not database.exists():
            begun = perf_counter()
            _fill(database, server, options)
            print(f"{options.items:,} items written in {perf_counter() - begun:.0f} s", flush=True)
        config = _config(Path(folder), database, server, options.every)
        results = _measured(config, database, server, options)
    _print(results)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=2), "utf-8")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--every", default="30s")
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", default="")
    parser.add_argument("--json", default="")
    return parser


def _fill(database: Path, server: Server, options: argparse.Namespace) -> None:
    store, now = open_store(str(database), lock=True), datetime.now(UTC)
    feeds = [
        Feed(name=f"f{n}", url=url, title=f"Feed {n}", host=urlsplit(url).netloc)
        for n, url in enumerate(server.urls)
    ]
    store.enrol(feeds, now)
    fill(store, feeds=[each.name for each in feeds], items=options.items, days=options.days, now=now)
    store.close()


def _config(folder: Path, database: Path, server: Server, every: str) -> Path:
    tables = (f'[feeds.f{n}]\nurl = "{url}"\nevery = "{every}"\n' for n, url in enumerate(server.urls))
    config = folder / "config.toml"
    config.write_text(CONFIG.format(folder=folder, database=database) + "".join(tables), "utf-8")
    return config


def _measured(config: Path, database: Path, server: Server, options: argparse.Namespace) -> dict[str, Any]:
    asks = _asks(database)
    found: dict[str, Any] = {"alone": [], "with readers": []}
    times = Times()
    with program(config) as (url, pid), changing(server):
        _settle(database, options.feeds)
        with readers(url, asks, 1, Times()):  # templates are compiled with the first pages
            sleep(4)
        for _ in range(options.rounds):
            found["alone"].append(_polling_rate(database, pid, options.seconds))
            with readers(url, asks, options.readers, times):
                found["with readers"].append(_polling_rate(database, pid, options.seconds))
        found["pages"] = {kind: _percentiles(each) for kind, each in times.pages.items()}
        found["pages"]["all"] = _percentiles([each for several in times.pages.values() for each in several])
        found["failures"] = dict(times.failures)
        found["workbench"] = {query: _trial(url, query) for query in TRIALS}
    return found


def _asks(database: Path) -> list[Ask]:
    """Return the kinds and paths that readers ask for in turn: lists, searches, stories."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        stories = [row[0] for row in connection.execute("SELECT story FROM story_rows ORDER BY seq")]
    chosen, random = [], Random(3)
    for number in range(300):
        chosen.append(("stories", "/stories" + LISTS[number % len(LISTS)]))
        chosen.append(("story", f"/stories/{random.choice(stories)}"))
        query = urlencode({"q": SEARCHES[number % len(SEARCHES)], "view": "all"})
        chosen.append(("search", f"/stories?{query}"))
    return chosen


@contextmanager
def program(config: Path) -> Iterator[tuple[str, int]]:
    """Run the program until the block ends; the address of its desk, and its process."""
    command = [sys.executable, "-m", "monitor", "run", "--config", str(config), "--log", "-"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=Path.cwd()) as process:
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        assert process.stderr
        threading.Thread(target=_read, args=(process.stderr, lines), daemon=True).start()
        try:
            yield _address(lines), process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()


def _read(stream: Any, lines: "queue.SimpleQueue[str]") -> None:
    for line in stream:
        lines.put(line)


def _address(lines: "queue.SimpleQueue[str]") -> str:
    """Return the address from the log of the program."""
    while True:
        line = lines.get(timeout=600)
        if '"web_started"' in line:
            return str(json.loads(line)["url"])


@contextmanager
def changing(server: Server) -> Iterator[None]:
    """Let a tenth of the feeds have news every ten seconds."""
    end = threading.Event()

    def change() -> None:
        while not end.wait(10):
            server.answer("changed")

    thread = threading.Thread(target=change)
    thread.start()
    yield
    end.set()
    thread.join()


def _polls(database: Path) -> tuple[int, float]:
    """Return how many polls were stored so far, and how late the latest poll is now, in seconds."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        polls, due = connection.execute(
            "SELECT sum(version), min(next_poll_at) FROM feeds WHERE enrolled"
        ).fetchone()
    late = (datetime.now(UTC) - datetime.fromisoformat(due)).total_seconds()
    return int(polls), max(late, 0.0)


def _settle(database: Path, feeds: int) -> None:
    """Wait until every feed was polled once."""
    begun, _ = _polls(database)
    while _polls(database)[0] < begun + feeds:
        sleep(1)


def _cpu_s(pid: int) -> float:
    """Return the processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _polling_rate(database: Path, pid: int, seconds: float) -> dict[str, float]:
    """Return polls a second, the longest delay of a poll, and the share of a processor, over some seconds."""
    (first, late), begun, cpu = _polls(database), perf_counter(), _cpu_s(pid)
    latest = late
    while perf_counter() - begun < seconds:
        sleep(min(1.0, seconds))
        last, late = _polls(database)
        latest = max(latest, late)
    took = perf_counter() - begun
    return {"polls_s": (last - first) / took, "late_s": latest, "cpu": (_cpu_s(pid) - cpu) / took}


@contextmanager
def readers(url: str, asks: Sequence[Ask], count: int, times: Times) -> Iterator[None]:
    """Let some readers ask for one page a second each until the block ends."""
    end = threading.Event()
    several = [
        threading.Thread(target=_reader, args=(url, asks, number, times, end)) for number in range(count)
    ]
    for each in several:
        each.start()
    yield
    end.set()
    for each in several:
        each.join()


def _reader(url: str, asks: Sequence[Ask], number: int, times: Times, end: threading.Event) -> None:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    next_at = perf_counter() + number / 20
    at = number * 41
    while not end.wait(max(0.0, next_at - perf_counter())):
        kind, path = asks[at % len(asks)]
        begun = perf_counter()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            failure = "" if answer.status == 200 else str(answer.status)
        except (OSError, HTTPException) as error:
            connection.close()
            failure = type(error).__name__
        if failure:
            times.failures[failure] += 1
        times.pages[kind].append(perf_counter() - begun)
        at += 1
        next_at = max(next_at + 1, perf_counter())
    connection.close()


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times) or [0.0]
    return {
        "n": len(times),
        "p50_ms": median(ordered) * 1e3,
        "p95_ms": ordered[int(len(ordered) * 0.95) - 1] * 1e3,
        "max_ms": ordered[-1] * 1e3,
    }


def _trial(url: str, query: str) -> dict[str, float]:
    """Return the time to the first hits and to the end of a streamed trial over 30 days."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    begun, first = perf_counter(), 0.0
    connection.request("GET", f"/workbench/stream?{urlencode({'q': query, 'days': 30})}")
    answer = connection.getresponse()
    while line := answer.readline().decode():
        first = first or (perf_counter() - begun if line.startswith("event: rows") else 0.0)
        if line.startswith("event: end"):
            break
    connection.close()
    return {"first_s": first, "all_s": perf_counter() - begun, "status": answer.status}


def _print(results: dict[str, Any]) -> None:
    for kind in ("alone", "with readers"):
        rounds = results[kind]
        polls, late, cpu = (median(each[name] for each in rounds) for name in ("polls_s", "late_s", "cpu"))
        print(
            f"polling {kind:13} {polls:6.2f} polls a second; latest {late:.1f} s late; {cpu:.2f} processors"
        )
    for kind, page in results["pages"].items():
        print(
            f"{kind:10} {page['n']:5} pages; p50 {page['p50_ms']:.0f} ms, p95 {page['p95_ms']:.0f} ms,"
            f" longest {page['max_ms']:.0f} ms"
        )
    print(f"pages that failed: {results['failures'] or 'none'}")
    for query, trial in results["workbench"].items():
        print(f"trial of {query!r}: first hits {trial['first_s']:.2f} s, all {trial['all_s']:.2f} s")
    print(f"processors: {os.cpu_count()}, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
