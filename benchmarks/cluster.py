"""Measure a cluster of workers on a real PostgreSQL: ``python -m benchmarks.cluster [--feeds 4000] [--hosts 800]``.

All feeds are due at once, five to a host, and are polled by 1, 2 and 4 workers: polls a second, CPU time a poll, and
whether two requests to a host ever came at once or too close. The workers share the processors of this machine with
the server of the feeds and PostgreSQL, so compare the ratios with the number of processors.

``--chaos MINUTES`` instead kills random workers by SIGKILL, freezes one for longer than its lease, and restarts
PostgreSQL twice, while new acts appear in pairs of feeds; afterwards it counts what was lost and what came twice.
"""

import argparse
import os
import random
import sys
from collections.abc import Sequence
from time import monotonic, sleep
from typing import Any

from benchmarks.cluster_chaos import chaos
from benchmarks.cluster_fleet import Fleet, await_polls, fleet, wait_until


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=4000)
    parser.add_argument("--hosts", type=int, default=800)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--chaos", type=float, default=0.0, metavar="MINUTES")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.chaos:
        sys.exit(chaos(options.chaos, random.Random(options.seed)))
    throughput(options.feeds, options.hosts, options.workers)


def throughput(feeds: int, hosts: int, counts: Sequence[int]) -> None:
    """Print polls a second and CPU time a poll at several numbers of workers."""
    options = {"feeds": feeds, "hosts": hosts, "acts": 0, "gap": 1, "every": "1d", "lease": "30s"}
    rates: dict[int, float] = {}
    with fleet(options, ()) as made:
        made.start()
        await_polls(made, feeds, 1800)
        made.stop()
        for count in counts:
            made.start(count)
            assert wait_until(lambda count=count: len(_living(made)) == count, 300)
            sleep(3)
            cpu, begun = made.cpu_s(), monotonic()
            made.ask("/reset", "POST")
            made.query("UPDATE feeds SET next_poll_at = '2020-01-01T00:00:00.000000Z'")
            await_polls(made, feeds, 1800)
            seconds, cpu = monotonic() - begun, made.cpu_s() - cpu
            rates[count] = feeds / seconds
            faults = made.ask()["faults"] or "none"
            print(
                f"{count} workers: {rates[count]:.0f} polls/s, x{rates[count] / rates[counts[0]]:.2f};"
                f" {cpu / feeds * 1e3:.2f} ms CPU a poll; impolite requests: {faults}",
                flush=True,
            )
            made.stop()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")


def _living(made: Fleet) -> list[Any]:
    return made.query("SELECT id FROM workers") if _has_tables(made) else []


def _has_tables(made: Fleet) -> bool:
    return bool(made.query("SELECT to_regclass('workers')")[0][0])


if __name__ == "__main__":
    main()
