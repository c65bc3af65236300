"""Show the result of a soak run, keep it, and write docs/soak.md from the results that are kept."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.report import machine
from benchmarks.soak_report import Result

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "soak.md"

#: The runs of the page: file of the result, heading.
RUNS = {"soak_month": "A month under a moved clock", "soak_real": "Hours of real time"}

INTRODUCTION = """\
# Soak runs

The service runs as a process of its own, with real feed, webhook and mail servers on loopback and its database on a small disk. A seeded plan
injects faults: refused and broken connections, slow, garbled, truncated and empty answers, HTTP errors, outages of network, webhook and mail
server, messages that are taken and never answered, a full disk, clocks that are set forward and back, reloads (every fifth with a mistake
in the configuration), and kills. Afterwards every message that arrived is compared with what the feeds listed.

- *Lost*: news that a feed listed to the service and that a recipient got neither as an alert nor in a digest.
- *Told twice*: news in two messages with different ids. A message may come twice with the same id and the same bytes, if the
  service could not know that it had arrived: it got no answer, was killed, or had no disk to write it down.
- *Flat*: the median of the last third of the longest process against the first, without its first fifth.

The page is written by the runs, `python -m benchmarks.soak --feeds 2000 --days 30 --write` and
`python -m benchmarks.soak --feeds 500 --real 2 --write`; a run that is not on it has not been made on a machine quiet enough to judge by. The month
takes some 20 minutes of a processor with 600 feeds, 40 with 2,000, and wants one to itself. A line marked *Broken* is a promise that the run did
not keep and whose cause is open. What is meant to grow: alerts, their items and the record of each delivery stay for good, so the database is
judged without them; the latest polls and the usual words of each feed fill up to their limits (40 and 500) over the first
months; pools of threads fill when they are first needed.
"""

UNITS = {
    "memory_mb": "memory, MB",
    "parsers_mb": "memory of parsers, MB",
    "descriptors": "descriptors",
    "threads": "threads",
}


def as_text(result: Result) -> str:
    """Return the result for a terminal."""
    lines = [f"{name}: {value}" for name, value in result.figures.items()]
    lines += [
        f"{UNITS[each['what']]}: {_change(each)}, at most {each['highest']:.0f}" for each in result.needs
    ]
    lines += [
        f"table {each['table']}: {each['middle_mb']:.1f} → {each['end_mb']:.1f} MB" for each in result.tables
    ]
    lines += [f"fault {name}: {count}" for name, count in result.faults.items()]
    lines += [f"log {name}: {count}" for name, count in result.errors.items()]
    lines += [f"BROKEN: {each}" for each in result.broken] or ["all promises kept"]
    return "\n".join(lines)


def write(result: Result, command: str, *, real: bool) -> None:
    """Keep the result with its command, and write the page of all results."""
    kept = asdict(result) | {"command": command, "machine": machine()}
    name = "soak_real" if real else "soak_month"
    (RESULTS / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    """Return the page of the kept results; a run without a result has no part in it."""
    parts = [INTRODUCTION]
    for name, heading in RUNS.items():
        file = RESULTS / f"{name}.json"
        if file.is_file():
            parts.append("\n".join(_run(heading, json.loads(file.read_text("utf-8")))))
    return "\n".join(parts)


def _run(heading: str, kept: Mapping[str, Any]) -> Iterable[str]:
    about = kept["machine"]
    yield f"## {heading}\n"
    yield f"Made by `{kept['command']}`.\n"
    yield f"On {about['processor']}, {about['cores']} cores, Python {about['python']}; load at the end {about['load']}.\n"
    yield from [f"{kept['note']}\n"] if kept.get("note") else []
    yield from [f"**Broken:** {each}\n" for each in kept["broken"]] or ["All promises were kept.\n"]
    yield from _table(("figure", "value"), kept["figures"].items())
    needs = ((UNITS[each["what"]], _change(each), f"{each['highest']:.0f}") for each in kept["needs"])
    yield from _table(("the longest process", "first third → last third", "highest"), needs)
    days = [each for each in kept["database"] if each["day"] % 3 == 0]
    columns = ("mb", "permanent_mb", "journal_mb")
    sizes = ((each["day"], *(_whole(each.get(column)) for column in columns)) for each in days)
    yield from _table(("day", "database, MB", "what stays for good, MB", "write-ahead log, MB"), sizes)
    if tables := kept.get("tables"):
        grown = ((each["table"], f"{each['middle_mb']:.1f}", f"{each['end_mb']:.1f}") for each in tables)
        yield from _table(("table with its indexes", "in the middle, MB", "at the end, MB"), grown)
    yield from _table(("faults and answers", "count"), kept["faults"].items())
    yield from _table(("events of the log that are errors, and reloads", "count"), kept["errors"].items())


def _whole(size: float | None) -> str:
    return "not measured" if size is None else f"{size:.0f}"


def _change(need: Mapping[str, Any]) -> str:
    return f"{need['first']:.0f} → {need['last']:.0f}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Iterable[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(each) for each in row)} |"
    yield ""
