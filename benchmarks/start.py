"""Measure what starting costs: ``python -m benchmarks.start [--rounds 5] [--json FILE]``.

Printed is the median CPU time of each command in milliseconds, and that of Python alone. The first command that needs
the engine builds it and keeps it; the others read it from the cache.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.polling import CONFIG, run

COMMANDS = {
    "--version": ("--version",),
    "--help": ("--help",),
    "explain": ("explain", "OFAC designates 4 tankers", "--config", "{config}"),
    "once, nothing due": ("once", "--config", "{config}"),
    "check": ("check", "--config", "{config}"),
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", default="")
    options = parser.parse_args(arguments)
    results = measured(options.rounds)
    for name, cpu_ms in results.items():
        print(f"{name:<24} {cpu_ms:8.0f} ms")
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=2), "utf-8")


def measured(rounds: int) -> dict[str, float]:
    """Return the median CPU time of each command, in milliseconds."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["XDG_CACHE_HOME"] = f"{place}/cache"
        config = Path(place) / "config.toml"
        config.write_text(CONFIG.format(folder=place), "utf-8")
        found = {"python": _cpu_ms([sys.executable, "-c", "pass"], rounds)}
        ours = [sys.executable, "-m", "monitor"]
        first = [*ours, "explain", "a", "--config", str(config)]
        found["explain, engine built"] = _cpu_ms(first, 1)
        for name, words in COMMANDS.items():
            command = [*ours, *(word.replace("{config}", str(config)) for word in words)]
            found[name] = _cpu_ms(command, rounds)
        return found


def _cpu_ms(command: Sequence[str], rounds: int) -> float:
    return 1e3 * median(run(command).cpu for _ in range(rounds))


if __name__ == "__main__":
    main()
