"""Measure how fast names are found: ``python -m benchmarks.tagging [names …] [--builds …] [--peers] [--json FILE]``.

Each program builds an index of made-up names and finds them in texts of 250 and of 4,000 characters, every second one with
a name. Measured are the processor time to build, to load again, and to find all names with their offsets, and the memory.
All programs split and fold names and texts by our own rules, and that is part of the time: once by the pure functions and
once by the compiled build, where it is installed. ``--peers`` installs daachorse, ahocorasick_rs, pyahocorasick and flashtext2
from the package registry into a temporary environment and measures them in the same run, one after another. The names that
this program finds are more: it also indexes shorter forms of names.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from benchmarks.judging import items
from benchmarks.peers import environment
from monitor.text import compiled

ROOT = Path(__file__).parents[1]
OURS = "sanctions-monitor"

#: What a program costs, by the build that splits and folds for it.
Costs = dict[str, dict[str, float]]

PEERS = ("daachorse", "ahocorasick_rs", "pyahocorasick", "flashtext2")
SIZES = (10_000, 100_000, 1_000_000)
SHORT, LONG = 250, 4_000
TEXTS = {"short": 1_000, "long": 100}
SYLLABLES = (
    "al ba ce di du fa go ha il jo ka li ma no or pe qa ri sa te um va wi xe yo za shi kov ben der".split()
)


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options().parse_args(arguments)
    results: dict[str, dict[str, Costs]] = {}
    with tempfile.TemporaryDirectory() as place:
        pythons = {OURS: sys.executable}
        if options.peers:
            peer = environment(Path(place) / "peers", *PEERS)
            pythons |= dict.fromkeys(PEERS, peer)
        for count in options.names or SIZES:
            folder = Path(place) / str(count)
            write_samples(folder, count)
            results[str(count)] = {
                name: {build: measured(pythons[name], name, folder, build) for build in options.builds}
                for name in pythons
            }
            _print(count, results[str(count)])
            if options.json:
                options.json.write_text(json.dumps(results, indent=2), "utf-8")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", type=int, nargs="*")
    parser.add_argument("--builds", nargs="+", choices=builds(), default=builds())
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser


def write_samples(folder: Path, count: int) -> None:
    """Write names and texts, always the same for one number of names."""
    folder.mkdir()
    names = list(made_up(count))
    (folder / "names.txt").write_text("\n".join(names), "utf-8")
    random = Random(2)
    news = [f"{item.title}. {item.summary}" for item in items(500)]
    for size, characters in (("short", SHORT), ("long", LONG)):
        texts = [_text(random, news, names, characters) for _ in range(TEXTS[size])]
        (folder / f"{size}.json").write_text(json.dumps(texts), "utf-8")


def made_up(count: int) -> Iterator[str]:
    """Yield different names of two or three words."""
    random, seen = Random(1), set[str]()
    while len(seen) < count:
        parts = (
            "".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(random.randint(2, 3))
        )
        name = " ".join(parts).title()
        if name not in seen:
            seen.add(name)
            yield name


def _text(random: Random, news: Sequence[str], names: Sequence[str], characters: int) -> str:
    """Return a text of so many characters, with a name in every second one of its sections."""
    text = ""
    while len(text) < characters:
        named = f"{random.choice(names)} was named. " if random.random() < 0.5 else ""
        text += f"{named}{random.choice(news)} "
    return text[:characters]


def builds() -> tuple[str, ...]:
    """Return the builds that can be measured."""
    return ("pure",) if compiled.misfit() else ("pure", "compiled")


def measured(python: str, program: str, folder: Path, build: str) -> dict[str, float]:
    """Return what one program costs, measured in a process of its own."""
    command = [python, "-m", "benchmarks.taggers", program, str(folder)]
    package = importlib.util.find_spec(compiled.PACKAGE)
    places = [
        str(ROOT),
        *(str(Path(place).parent) for place in (package and package.submodule_search_locations) or ()),
    ]
    variables = os.environ | {"PYTHONPATH": os.pathsep.join(places), compiled.VARIABLE: build}
    for index in folder.glob("*.index"):
        index.unlink()
    ran = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"{program}: {ran.stderr[-1000:]}")
    costs: dict[str, float] = json.loads(ran.stdout)
    return costs


def times_as_fast(results: Mapping[str, Mapping[str, Mapping[str, float]]], build: str, cost: str) -> float:
    """Return how many times as many texts a second this program reads as the fastest other one; 0 without others."""
    others = [each[build][cost] for name, each in results.items() if name != OURS]
    return results[OURS][build][cost] / max(others) if others else 0.0


def _print(count: int, results: Mapping[str, Costs]) -> None:
    print(f"{count:,} names")
    for build in results[OURS]:
        ratio = times_as_fast(results, build, "short_per_s")
        print(f" {build}" + (f": {ratio:.1f} times as fast as the fastest other program" if ratio else ""))
        _print_build({name: costs[build] for name, costs in results.items()})


def _print_build(results: Mapping[str, Mapping[str, float]]) -> None:
    for name, costs in results.items():
        reload = f", loaded again in {costs['reload_s']:.2f} s" if "reload_s" in costs else ""
        print(
            f"  {name:18} {costs['short_per_s']:>9,.0f} texts/s of {SHORT} characters, {costs['long_per_s']:>7,.0f} of {LONG:,};"
            f" built in {costs['build_s']:.1f} s{reload}, {costs['resident_mb']:,.0f} MB, at most {costs['peak_mb']:,.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
