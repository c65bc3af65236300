"""Measure what polling costs: ``python -m benchmarks.polling [--feeds 400] [--rounds 3] [--peers]``.

A server in a process of its own answers on loopback, one address a feed, so that each feed is a host of its own. Programs
poll the same feeds: first ingest, idle (all answer 304), unchanged (all answer 200 with the same bytes), and a tenth
changed. Each line gives the median of the CPU time of the process and its children and of the wall time, in milliseconds a
feed, without the start of the program, which is measured apart. ``--peers`` installs `reader` and `rss2email` from the
package registry into temporary environments and polls by them in the same run, and by the newsboat and the sfeed of the
system where they are installed.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.request import Request, urlopen

from benchmarks.peers import Program, peers

CONFIG = """
database = "{folder}/m.db"
shelf = "{folder}/lists"
[polling]
host_gap = "0s"
parsers = 2
[channels.none]
type = "console"
[routes.none]
channels = ["none"]
min_severity = 5
"""

OURS = "sanctions-monitor"
KINDS = ("first", "idle", "unchanged", "changed")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU and wall time of a process and its children, in seconds."""

    cpu: float
    wall: float

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(max(self.cpu - other.cpu, 0), max(self.wall - other.wall, 0))


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options().parse_args(arguments)
    with tempfile.TemporaryDirectory() as place, served(options.feeds, options.items) as server:
        programs = [ours(Path(place), server.urls)]
        if options.peers:
            programs += peers(Path(place), server.urls)
        results: dict[str, dict[str, dict[str, float]]] = {}
        for each in programs:
            results[each.name] = measured(each, server, options.rounds)
            _print({each.name: results[each.name]}, options.feeds)
            if options.json:
                Path(options.json).write_text(json.dumps(results, indent=2), "utf-8")
    _print_ratios(results)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=400)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--json", default="")
    return parser


@dataclass(frozen=True, slots=True)
class Server:
    """The feeds of the server and the address that changes how it answers."""

    urls: tuple[str, ...]

    def answer(self, how: str) -> None:
        """Answer ``idle`` (304 where validators fit), ``unchanged`` (always 200), or ``changed`` (a tenth)."""
        with urlopen(Request(f"{self.urls[0]}?set={how}", method="POST")) as response:
            response.read()


@contextmanager
def served(feeds: int, items: int) -> Iterator[Server]:
    """Serve feeds until the block ends."""
    command = [sys.executable, "-m", "benchmarks.feed_server", str(feeds), str(items)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        port = int(process.stdout.readline())
        yield Server(tuple(f"http://{address(n)}:{port}/f{n}" for n in range(feeds)))
        process.stdin.close()


def address(number: int) -> str:
    """Return a loopback address of its own for each feed."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def ours(place: Path, urls: Sequence[str], more: str = "") -> Program:
    """Return this program with a configuration of these feeds, and `more` lines of it."""
    folder = place / "ours"
    folder.mkdir()
    tables = (f'[feeds.f{n}]\nurl = "{url}"\nevery = "10m"\n' for n, url in enumerate(urls))
    config = folder / "config.toml"
    config.write_text(CONFIG.format(folder=folder) + more + "".join(tables), "utf-8")
    command = [sys.executable, "-m", "monitor", "once", "--json", "--config", str(config)]

    def make_due() -> None:
        with sqlite3.connect(folder / "m.db") as database:
            database.execute(_DUE)
            database.execute("delete from hosts")

    prepare = [sys.executable, "-m", "monitor", "explain", "a", "--config", str(config)]
    return Program(name=OURS, start=command, poll=command, make_due=make_due, prepare=prepare)


#: A poll is due as soon as its time is past.
_DUE = "update feeds set next_poll_at = (select min(polled_at) from feeds)"


def measured(program: Program, server: Server, rounds: int) -> dict[str, dict[str, float]]:
    """Return the median cost of each kind of round, in milliseconds a feed, and that of the start in all."""
    found: dict[str, list[Cost]] = {}
    server.answer("idle")
    if program.prepare:
        run(program.prepare, program.environment)
    first = run(program.poll, program.environment)
    start = median_of([run(program.start, program.environment) for _ in range(rounds)])
    found["first"] = [first - start]
    for kind in KINDS[1:]:
        for _ in range(rounds):
            server.answer(kind)
            program.make_due()
            found.setdefault(kind, []).append(run(program.poll, program.environment) - start)
    feeds = len(server.urls)
    costs = {kind: _per(median_of(several), feeds) for kind, several in found.items()}
    return costs | {"start": _per(start, 1)}


def _per(cost: Cost, feeds: int) -> dict[str, float]:
    return {"cpu_ms": cost.cpu / feeds * 1e3, "wall_ms": cost.wall / feeds * 1e3}


def median_of(costs: Sequence[Cost]) -> Cost:
    return Cost(median(each.cpu for each in costs), median(each.wall for each in costs))


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end, with some variables of the environment changed, and return its cost.

    Raises:
        RuntimeError: it failed with something other than a failed poll.
    """
    begun = perf_counter()
    variables = _installed() | dict(environment or {})
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=variables
    ) as process:
        assert process.stderr
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(
            f"{' '.join(command[:5])} ended with {process.returncode}: {said[-2000:].decode()}"
        )
    return Cost(usage.ru_utime + usage.ru_stime, perf_counter() - begun)


def _installed() -> dict[str, str]:
    """Return the environment with the bytecode of sources kept, as it is where a program was installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _print(results: Mapping[str, Mapping[str, Mapping[str, float]]], feeds: int) -> None:
    print(f"{feeds} feeds on {feeds} hosts; ms a feed, CPU · wall; start in all")
    for name, costs in results.items():
        row = "   ".join(
            f"{kind} {cost['cpu_ms']:.2f} · {cost['wall_ms']:.2f}" for kind, cost in costs.items()
        )
        print(f"{name:<18} {row}")


def _print_ratios(results: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    """Print how many times the CPU time of this program each other one takes."""
    mine = results[OURS]
    for name in results.keys() - {OURS}:
        ratios = (
            f"{kind} {results[name][kind]['cpu_ms'] / max(mine[kind]['cpu_ms'], 1e-6):.1f}" for kind in KINDS
        )
        print(f"{name:<18} CPU / ours: {'   '.join(ratios)}")


if __name__ == "__main__":
    main()
