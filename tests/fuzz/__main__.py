# ruff: noqa: T201, BLE001  it prints what it finds, and finds by any exception
"""Fuzz for a time: ``python -m tests.fuzz [--minutes 20] [--only query,feed] [--seed N]``.

Each target gets an equal part of the time. An input that breaks one is shrunk by Hypothesis and written to ``tests/fuzz/corpus``,
where the suite tries it from then on; the exit code is 1. An input that takes more than a second of processor time is reported.
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.mutation import documents
from tests.fuzz.targets import Target, all_targets

CORPUS = Path(__file__).parent / "corpus"
MAX_CPU_S = 1.0
ROUND = 1_000


class _TimeUp(BaseException):
    """The time of a target is over; Hypothesis passes it on at once."""


@dataclass
class Tally:
    """What a target was given, and what broke or delayed it."""

    inputs: int = 0
    slowest_s: float = 0.0
    slowest: bytes = b""
    last: bytes = b""
    failures: list[str] = field(default_factory=list)


def main() -> int:
    options = _options().parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with all_targets() as targets:
        return _fuzz_each(targets, options)


def _fuzz_each(targets: Mapping[str, Target], options: argparse.Namespace) -> int:
    """Fuzz the targets that were asked for; return the exit code."""
    names = options.only.split(",") if options.only else list(targets)
    part_s = options.minutes * 60 / len(names)
    broken, inputs = 0, 0
    for name in names:
        tally = fuzzed(targets[name], part_s, options.seed)
        inputs += tally.inputs
        broken += len(tally.failures)
        print(f"{name:<20} {tally.inputs:>8,} inputs  slowest {tally.slowest_s:.2f} s", flush=True)
        for failure in tally.failures:
            print(f"  BROKEN: {failure}\n  {_kept(name, tally.last)}", flush=True)
        if tally.slowest_s > MAX_CPU_S:
            print(f"  SLOW: {_kept(name, tally.slowest)}", flush=True)
    print(f"{inputs:,} inputs, {broken} targets broken")
    return broken > 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--only", default="")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    return parser


def fuzzed(target: Target, part_s: float, first_seed: int) -> Tally:
    """Give a target inputs for a time, or until one breaks it."""
    tally, end, number = Tally(), time.monotonic() + part_s, first_seed

    def attempt(data: bytes) -> None:
        if time.monotonic() > end:
            raise _TimeUp
        tally.inputs += 1
        begun = time.process_time()
        try:
            target.run(data)
        except Exception:
            tally.last = data
            raise
        taken = time.process_time() - begun
        if taken > tally.slowest_s:
            tally.slowest_s, tally.slowest = taken, data

    while time.monotonic() < end and not tally.failures:
        number += 1
        try:
            _round(target, attempt, number)
        except _TimeUp:
            break
        except Exception as error:  # a finding is what it is here for
            tally.failures.append(f"{type(error).__name__}: {str(error)[:300]}")
    return tally


def _round(target: Target, attempt: object, number: int) -> None:
    """Try some hundred inputs; raise for the shrunk one that breaks the target."""
    usual = settings(
        max_examples=ROUND, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink), print_blob=False, report_multiple_bugs=False,
    )  # fmt: skip
    seed(number)(usual(given(documents(target.seeds, target.tokens))(attempt)))()


def _kept(name: str, data: bytes) -> Path:
    """Write an input to the corpus; return its path."""
    path = CORPUS / name / hashlib.sha256(data).hexdigest()[:12]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


if __name__ == "__main__":
    sys.exit(main())
