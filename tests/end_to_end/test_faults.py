"""Faults of a running service under load: a full disk, and a database server that is killed. Nothing is lost."""

import json
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Protocol

import pytest

from monitor.model import DeliveryState
from monitor.store import open_store
from tests.end_to_end.story import config, feed
from tests.store.postgres import Server, own_server
from tests.support.running import TIMEOUT_S, RunningService
from tests.support.servers import Reply, Request, Site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

BUYERS = "Poland Finland Greece Norway Portugal Romania Brazil Chile Egypt India Japan Kenya".split()
ARMS = ("howitzers", "frigates", "fighter jets", "tanks", "submarines", "helicopters", "missiles", "radars")
CONTRACTS = list(product(BUYERS, ARMS))

#: How long the fault lasts.
LASTS = timedelta(seconds=60)

#: From the end of a fault until the leases that were taken before it are free.
RECOVERED_WITHIN = timedelta(seconds=10)

EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def contract(number: int) -> tuple[str, str, str]:
    """Return an entry about a contract of its own, with much text behind it."""
    buyer, arms = CONTRACTS[number]
    title = f"{buyer} signs contract for {12 + number} {arms}"
    return (
        f"n{number}",
        title,
        f"The defence ministry of {buyer} bought {arms}. " + "It gave no details. " * 500,
    )


class Wire:
    """A feed that has one entry more at each request, up to all of them."""

    def __init__(self) -> None:
        self.published = 0

    def __call__(self, request: Request) -> Reply:
        self.published = min(self.published + 1, len(CONTRACTS))
        return Reply(feed(*map(contract, range(self.published))))


class Hook:
    """A webhook that counts the alerts it took by title; `hold` keeps the next answer back until `let_go`."""

    def __init__(self) -> None:
        self.titles: Counter[str] = Counter()
        self.holds, self.held, self.let_go = False, threading.Event(), threading.Event()

    def __call__(self, request: Request) -> Reply:
        data = json.loads(request.body)
        if data["type"] == "alert":
            self.titles[data["title"]] += 1
        if not self.holds:
            return Reply(status=204)
        self.held.set()
        return Reply(status=204, wait=self.let_go)


class Fault(Protocol):
    """A database that can be taken from the service and given back."""

    url: str

    def begin(self) -> None: ...

    def end(self) -> None: ...


class FullDisk:
    """A file system of its own, filled to the last byte."""

    def __init__(self, folder: Path) -> None:
        self.url, self._filler = str(folder / "monitor.db"), folder / "filler"

    def begin(self) -> None:
        with suppress(OSError), self._filler.open("wb", buffering=0) as filler:
            while filler.write(b"\0" * 65_536):
                pass
        with suppress(OSError), self._filler.open("ab", buffering=0) as filler:
            while filler.write(b"\0"):
                pass

    def end(self) -> None:
        self._filler.unlink()


class KilledServer:
    """A PostgreSQL that is killed and started again."""

    def __init__(self, server: Server) -> None:
        self.url, self._server = server.url, server

    def begin(self) -> None:
        self._server.stop()

    def end(self) -> None:
        self._server.start()


@contextmanager
def full_disk(folder: Path) -> Iterator[Fault]:
    place = folder / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield FullDisk(place)
    finally:
        subprocess.run(["umount", "-l", place], check=True)


@contextmanager
def killed_server(folder: Path) -> Iterator[Fault]:
    with own_server() as server:
        yield KilledServer(server)


def is_failure(event: dict[str, object]) -> bool:
    """Say whether a log entry is about a store that does not work."""
    return event["level"] == "error" and ("disk is full" in str(event) or "PostgreSQL" in str(event))


def configured(folder: Path, site: Site, database: str) -> Path:
    """Write a configuration that polls its feed every second."""
    path = config(folder, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    text = path.read_text().replace(f"{folder}/monitor.db", database, 1)
    text = text.replace('every = "1d"', 'every = "1s"').replace('host_gap = "1s"', 'host_gap = "0s"')
    path.write_text(text.replace("[delivery]", "[delivery]\nstorm = 1000"))
    return path


def endure(service: RunningService, database: Fault, hook: Hook) -> int:
    """Let the fault begin while a delivery is under way, and last; return how many failures were logged."""
    hook.holds = True
    assert hook.held.wait(TIMEOUT_S)
    database.begin()
    hook.holds = False
    hook.let_go.set()
    failures, until = 0, datetime.now(UTC) + LASTS
    while datetime.now(UTC) < until or not failures:
        failures += is_failure(service.next_event())
    database.end()
    return failures


@pytest.mark.parametrize("fault", [full_disk, killed_server], ids=["full disk", "killed server"])
def test_a_store_that_fails_for_a_minute_loses_nothing_and_frees_its_leases_at_once(
    tmp_path: Path, fault: Callable[[Path], AbstractContextManager[Fault]]
) -> None:
    wire, hook = Wire(), Hook()
    with fault(tmp_path) as database, Site({"/feed.xml": wire, "/hook": hook}) as site:
        with RunningService(configured(tmp_path, site, database.url), timeout_s=800) as service:
            while len(hook.titles) < 5:
                service.wait_for("delivery_sent")
            failures = endure(service, database, hook)
            ended_at = datetime.now(UTC)
            while stale_leases(database.url, ended_at):
                service.next_event()
            recovered_after = datetime.now(UTC) - ended_at
            while len(hook.titles) < len(CONTRACTS):
                service.next_event()
            service.send_signal(signal.SIGTERM)
            assert service.ended() == 0
        alerts, states = stored(database.url)
    repeated = hook.titles.total() - len(CONTRACTS)
    print(f"\n{failures} failures; leases free after {recovered_after}; {repeated} repeated")  # noqa: T201
    assert recovered_after <= RECOVERED_WITHIN
    assert set(hook.titles) == {title for _, title, _ in map(contract, range(len(CONTRACTS)))}
    assert (alerts, states) == (len(CONTRACTS), {"sent": len(CONTRACTS) + 1})


def stale_leases(url: str, before: datetime) -> list[str]:
    """Return the deliveries that are leased since before a time."""
    store = open_store(url, lock=False)
    try:
        leased = [store.delivery(each.id) for each in store.deliveries((DeliveryState.LEASED,), limit=1000)]
        return [found[0].id for found in leased if found and found[1][-1].started_at < before]
    finally:
        store.close()


def stored(url: str) -> tuple[int, dict[str, int]]:
    """Return how many alerts are stored, and how many deliveries are in each state."""
    store = open_store(url, lock=False)
    try:
        return len(store.alerts(*EVER)), dict(store.accounting(EVER[0]).states)
    finally:
        store.close()
