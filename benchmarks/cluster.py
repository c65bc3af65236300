"""Measure a cluster of workers on a real PostgreSQL: ``python -m benchmarks.cluster [--feeds 4000] [--hosts 800]``.

All feeds are due at once, five to a host, and are polled by 1, 2 and 4 workers: polls a second, CPU time a poll, and
whether two requests to a host ever came at once or too close. The workers share the processors of this machine with
the server of the feeds and PostgreSQL, so compare the ratios with the number of processors.

``--chaos MINUTES`` instead kills random workers by SIGKILL, freezes one for longer than its lease, and restarts
PostgreSQL twice, while new acts appear in pairs of feeds; afterwards it counts what was lost and what came twice.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any
from urllib.request import Request, urlopen

import psutil
import psycopg

from benchmarks.cluster_server import name_of
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
DIGEST = '[digests.d{n}]\nchannels = ["hook"]\nat = "{at}"\nzone = "UTC"\n'


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


# ---------------------------------------------------------------- the processes


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


# ---------------------------------------------------------------- polls a second


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


# ---------------------------------------------------------------- chaos


def chaos(minutes: float, chance: random.Random) -> int:
    """Disturb a fleet for some minutes, print what was lost and what came twice; return 1 if anything was lost."""
    options = {"feeds": 60, "hosts": 30, "acts": 0.5, "gap": 1, "every": "4s", "lease": "10s"}
    now = datetime.now(UTC)
    times = [now + timedelta(minutes=n) for n in range(2, int(minutes) + 1)]
    digests = [DIGEST.format(n=n, at=f"{each:%H:%M}") for n, each in enumerate(times)]
    with fleet(options, digests) as made:
        made.start(4)
        await_polls(made, 60, 900)
        (begun,) = made.query("SELECT min(since) FROM subscriptions")[0]
        expected = sum(f"{each:%Y-%m-%dT%H:%M}:00" > begun for each in times)
        print(f"begun at {begun} with {expected} digests to come", flush=True)
        done = _disturb(made, minutes, chance)
        made.ask("/pause", "POST")
        quiet = wait_until(lambda: _is_quiet(made, expected), 600)
        codes = made.stop()
        print(f"{dict(done)}; quiet in the end: {quiet}; exit codes {codes}")
        return _account(made, expected)


def _disturb(made: Fleet, minutes: float, chance: random.Random) -> Counter[str]:
    """Kill, freeze and restart until the time is over; return how often."""
    done: Counter[str] = Counter()
    begun, end = monotonic(), monotonic() + minutes * 60
    restarts = [begun + minutes * 60 * part for part in (0.35, 0.7)]
    freezes = [begun + minutes * 60 * part for part in (0.2, 0.55)]
    while monotonic() < end:
        sleep(chance.uniform(5, 20))
        _replace_ended(made, done)
        if restarts and monotonic() > restarts[0]:
            restarts.pop(0)
            made.postgres.stop()
            sleep(3)
            made.postgres.start()
            done["PostgreSQL restarted"] += 1
        elif freezes and monotonic() > freezes[0]:
            freezes.pop(0)
            victim = chance.choice(made.workers)
            victim.send_signal(signal.SIGSTOP)
            sleep(15)
            victim.send_signal(signal.SIGCONT)
            done["frozen for 15 s"] += 1
        else:
            victim = chance.choice(made.workers)
            victim.kill()
            done["killed"] += 1
    _replace_ended(made, done)
    return done


def _replace_ended(made: Fleet, done: Counter[str]) -> None:
    """Start a worker in the place of each that has ended, as a supervisor does."""
    for each in list(made.workers):
        if each.poll() is not None:
            made.workers.remove(each)
            made.start()
            done[f"ended with {each.returncode}"] += 1


def _is_quiet(made: Fleet, digests: int) -> bool:
    """Say whether all that was served is stored, all digests are planned, and all that is owed is sent."""
    served = len(made.ask()["served"])
    (items,), (planned,), (unsent,) = (
        made.query(f"SELECT count(*) FROM {rows}")[0]
        for rows in ("items", "digests", "deliveries WHERE state <> 'sent'")
    )
    return bool(items >= served and planned >= digests and unsent == 0)


def _account(made: Fleet, digests: int) -> int:
    """Print what was lost and what came twice; return 1 if a promise was broken."""
    stats = made.ask()
    stored = {guid for (guid,) in made.query("SELECT guid FROM items")}
    raised = [json.loads(text) for (text,) in made.query("SELECT alert FROM alerts")]
    news = Counter(each["item"]["title"].split()[2] for each in raised if each["kind"] == "new")
    names = [name_of(act) for act in range(stats["acts"]) if _is_served(stats, act)]
    states = dict(made.query("SELECT state, count(*) FROM deliveries GROUP BY state"))
    (per_digest,) = made.query("SELECT count(*), count(DISTINCT subscription) FROM digests")
    received = {id for (id,) in made.query("SELECT id FROM deliveries")} & set(stats["received"])
    (owed,) = made.query("SELECT count(*) FROM deliveries")
    lost = {
        "items lost": len(set(stats["served"]) - stored),
        "acts without an alert": sum(not news[name] for name in names),
        "acts with two alerts": sum(news[name] > 1 for name in names),
        "deliveries not sent": sum(states.values()) - states.get("sent", 0),
        "deliveries not received": owed[0] - len(received),
        "digests missing or twice": abs(per_digest[0] - digests) + abs(per_digest[1] - digests),
        "repeated with other text": stats["repeated_with_other_text"],
        **{f"impolite: {name}": count for name, count in stats["faults"].items()},
    }
    print(
        f"{stats['polls']} polls, {len(stored)} items, {len(names)} acts, {len(raised)} alerts, {owed[0]} deliveries"
    )
    print(
        f"repeated with the same id: {stats['repeated']}; longest gap of a feed of 4 s: {stats['longest']:.1f} s"
    )
    for name, count in lost.items():
        print(f"{name}: {count}")
    return int(any(lost.values()))


def _is_served(stats: dict[str, Any], act: int) -> bool:
    return any(guid.rpartition("-")[2] == str(act) for guid in stats["served"])


if __name__ == "__main__":
    main()
