"""Write ``docs/performance.md`` from measurements: ``python -m benchmarks.report [--measure] [--feeds 1000]``.

The figures are kept in ``benchmarks/results``, one JSON file a script. With ``--measure`` the scripts run first; without,
the page is written anew from the kept figures.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import archive, growth, idle, judging, polling, queries, start, tagging
from benchmarks import report_matching as matching

RESULTS = Path(__file__).parent / "results"

#: Numbers of rules and of names to measure with.
QUERIES = ("1000", "5000", "20000", "50000")
NAMES = ("10000", "100000", "1000000", "3000000")
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--feeds", default="1000")
    parser.add_argument("--items", default="2")
    options = parser.parse_args(arguments)
    if options.measure:
        measure(options.feeds, options.items)
    PAGE.write_text(page(), "utf-8")
    print(
        f"{PAGE} is written; `python -m benchmarks.capacity --write` writes the page that uses the same figures"
    )


def measure(feeds: str, items: str) -> None:
    """Run the scripts and keep their figures."""
    RESULTS.mkdir(exist_ok=True)
    size = ["--feeds", feeds, "--items", items]
    polling.main([*size, "--peers", "--json", str(RESULTS / "polling.json")])
    idle.main(["--json", str(RESULTS / "idle.json")])
    start.main(["--json", str(RESULTS / "start.json")])
    judging.main(["--json", str(RESULTS / "judging.json")])
    queries.main([*QUERIES, "--json", str(RESULTS / "rules.json")])
    tagging.main([*NAMES, "--peers", "--json", str(RESULTS / "tagging.json")])
    growth.main(["--json", str(RESULTS / "growth.json")])
    if corpora().is_dir():
        archive.main(["--json", str(RESULTS / "archive.json")])
    about = machine() | {"feeds": feeds, "items": items}
    (RESULTS / "machine.json").write_text(json.dumps(about, indent=2), "utf-8")


def corpora() -> Path:
    """Return the folder of real news, which need not be there."""
    return Path(os.environ.get("CORPORA", "../shared"), "fixtures")


def machine() -> dict[str, str]:
    """Return what the figures were measured on."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()),
    }


def page() -> str:
    """Return the page of the kept figures; a script without figures has no part in it."""
    parts = [
        "# Performance",
        "Written by `make bench` from figures of one machine; only ratios mean something on another. CPU is that of"
        " the process and its children. Medians.",
    ]
    writers: dict[str, Callable[[Any], str]] = {
        "machine": _machine,
        "polling": _polling,
        "idle": _idle,
        "start": _start,
        "judging": matching.judging,
        "archive": matching.archive,
        "rules": matching.rules,
        "tagging": matching.tagging,
        "growth": matching.growth,
    }
    for name, written in writers.items():
        file = RESULTS / f"{name}.json"
        if file.is_file():
            parts.append(written(json.loads(file.read_text("utf-8"))))
    return "\n\n".join(parts) + "\n"


def _machine(about: Mapping[str, str]) -> str:
    return (
        f"Machine: {about['processor']}, {about['cores']} cores, {about['system']}, Python {about['python']};"
        f" load at the end {about['load']}. Polled were {about['feeds']} feeds of {about['items']} items,"
        " each on a host of its own."
    )


def _polling(results: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    rows = [
        "## Polling",
        "CPU ms a feed, without the start of the program · how many times ours",
        "",
        f"| | {' | '.join(polling.KINDS)} | start, CPU ms |",
        f"|---|{'---|' * (len(polling.KINDS) + 1)}",
    ]
    mine = results[polling.OURS]
    for name, costs in results.items():
        cells = (
            f"{costs[kind]['cpu_ms']:.2f} · {costs[kind]['cpu_ms'] / max(mine[kind]['cpu_ms'], 1e-6):.1f}"
            for kind in polling.KINDS
        )
        rows.append(f"| {name} | {' | '.join(cells)} | {costs['start']['cpu_ms']:.0f} |")
    return "\n".join(rows)


def _idle(found: Mapping[str, Any]) -> str:
    return (
        "## An idle service\n\n"
        f"{found['feeds']} feeds every ten minutes: {found['core_percent']:.2f} % of a core;"
        f" {found['unopened_mb']:.0f} MB until the desk is opened, {found['service_mb']:.0f} MB from then on;"
        f" {found['polls']} polls in {found['seconds']:.0f} s."
    )


def _start(found: Mapping[str, float]) -> str:
    rows = ["## Start", "", "| command | CPU ms |", "|---|---|"]
    return "\n".join([*rows, *(f"| {name} | {cpu_ms:.0f} |" for name, cpu_ms in found.items())])


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


if __name__ == "__main__":
    main()
