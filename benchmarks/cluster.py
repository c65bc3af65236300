"""Measure a cluster of workers on a real PostgreSQL: ``python -m benchmarks.cluster [--feeds 4000] [--hosts 800]``.

All feeds are due at once, five to a host, and are polled by 1, 2 and 4 workers: polls a second, CPU time a poll, what
PostgreSQL does for a poll, and whether two requests to a host ever came at once or too close. New acts appear meanwhile,
and digests are due: afterwards it counts what was lost and what came twice. The workers share the processors of this
machine with the server of the feeds and PostgreSQL, so compare the ratios with the number of processors.

``--chaos MINUTES`` instead kills random workers by SIGKILL, freezes one for longer than its lease, and restarts
PostgreSQL twice, while new acts appear in pairs of feeds; afterwards it counts what was lost and what came twice.
"""

import argparse
import json
import os
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

from benchmarks.cluster_account import account, digest_tables, digests_to_come, is_quiet
from benchmarks.cluster_chaos import chaos
from benchmarks.cluster_fleet import Fleet, await_polls, fleet, wait_until


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=4000)
    parser.add_argument("--hosts", type=int, default=800)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--chaos", type=float, default=0.0, metavar="MINUTES")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="add the measurements to it")
    options = parser.parse_args(arguments)
    if options.chaos:
        sys.exit(chaos(options.chaos, random.Random(options.seed)))
    sys.exit(throughput(options.feeds, options.hosts, options.workers, options.json))


def throughput(feeds: int, hosts: int, counts: Sequence[int], results: Path | None = None) -> int:
    """Print polls a second and the cost of a poll at several numbers of workers; return 1 if a promise was broken.

    New acts appear meanwhile, each in two feeds, and a digest is due each minute.
    """
    options = {"feeds": feeds, "hosts": hosts, "acts": 0.2, "gap": 1, "every": "1d", "lease": "30s"}
    begun = datetime.now(UTC).replace(second=0, microsecond=0)
    times = [begun + timedelta(minutes=n) for n in range(3, 180)]
    found: list[dict[str, float]] = []
    with fleet(options, digest_tables(times)) as made:
        count_statements(made)
        made.start()
        await_polls(made, feeds, 1800)
        later = len(times) - digests_to_come(made, times)
        made.stop()
        for count in counts:
            made.start(count)
            wait_until(lambda count=count: len(made.query("SELECT id FROM workers")) == count, 1800)
            sleep(3)
            found.append(measure(made, feeds, count))
            print_point(found[-1], found[0])
            if count != counts[-1]:
                made.stop()
        made.ask("/pause", "POST")
        made.query("UPDATE feeds SET next_poll_at = '2020-01-01T00:00:00.000000Z'")
        quiet = wait_until(lambda: is_quiet(made, _past(times) - later), 900)
        expected = _past(times) - later
        made.stop()
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; quiet in the end: {quiet}")
        if results:
            before = json.loads(results.read_text("utf-8")) if results.exists() else []
            results.write_text(json.dumps(before + found, indent=2), "utf-8")
        return account(made, expected)


def _past(times: Sequence[datetime]) -> int:
    return sum(each < datetime.now(UTC) for each in times)


def measure(made: Fleet, feeds: int, count: int) -> dict[str, float]:
    """Poll all feeds once by so many workers and return what that took."""
    made.ask("/reset", "POST")
    cpu, database, begun = made.cpu_s(), database_work(made), monotonic()
    made.query("UPDATE feeds SET next_poll_at = '2020-01-01T00:00:00.000000Z'")
    await_polls(made, feeds, 1800)
    seconds, cpu, after = monotonic() - begun, made.cpu_s() - cpu, database_work(made)
    work = {name: (after[name] - database[name]) / feeds for name in after}
    faults = sum(made.ask()["faults"].values())
    return {
        "workers": count,
        "feeds": feeds,
        "seconds": seconds,
        "polls_a_second": feeds / seconds,
        "cpu_ms_a_poll": cpu / feeds * 1e3,
        "impolite": faults,
        **{f"{name}_a_poll": value for name, value in work.items()},
    }


def print_point(point: dict[str, float], first: dict[str, float]) -> None:
    """Print a measurement, and its ratio to the first one."""
    speed = point["polls_a_second"] / first["polls_a_second"]
    print(
        f"{point['workers']} workers: {point['polls_a_second']:.0f} polls/s, x{speed:.2f};"
        f" {point['cpu_ms_a_poll']:.2f} ms CPU a poll ({1e3 / point['cpu_ms_a_poll']:.0f} polls per CPU second);"
        f" PostgreSQL: {point['postgres_cpu_ms_a_poll']:.2f} ms CPU, {point['statements_a_poll']:.1f} statements,"
        f" {point['transactions_a_poll']:.1f} transactions, {point['wal_bytes_a_poll']:.0f} bytes of WAL a poll;"
        f" impolite requests: {point['impolite']:.0f}",
        flush=True,
    )


def count_statements(made: Fleet) -> None:
    """Let the server count statements, if it has the extension for that."""
    if not made.query("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_stat_statements'"):
        return
    made.query("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
    made.postgres.stop()
    made.postgres.start()
    made.query("CREATE EXTENSION pg_stat_statements")


def database_work(made: Fleet) -> dict[str, float]:
    """Return what the server has done so far: statements, transactions, bytes of WAL, processor time."""
    counted = made.query("SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'")
    calls = made.query("SELECT sum(calls)::float FROM pg_stat_statements")[0][0] if counted else 0.0
    ((transactions, wal),) = made.query(
        "SELECT xact_commit::float, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float"
        " FROM pg_stat_database WHERE datname = current_database()"
    )
    return {
        "statements": calls,
        "transactions": transactions,
        "wal_bytes": wal,
        "postgres_cpu_ms": made.database_cpu_s() * 1e3,
    }


if __name__ == "__main__":
    main()
