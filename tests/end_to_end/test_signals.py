"""Signals to a running service, at any moment: it ends with 0, loses nothing, repeats nothing, and goes on polling."""

import json
import signal
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import pytest

from tests.end_to_end.story import LISTING, config, feed
from tests.store.postgres import own_server
from tests.support.running import RunningService
from tests.support.servers import Reply, Request, Site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

#: A service that begins is ended after so many equal parts of the time it takes to begin.
PARTS = 12

RELOADS, RELOADS_WITHIN_S = 12, 4.0


class Hook:
    """A webhook that counts what it took by kind; it keeps back its answers to a kind that `holds`."""

    def __init__(self, holds: str = "") -> None:
        self.kinds: Counter[str] = Counter()
        self.titles: list[str] = []
        self.holds, self.held, self.let_go = holds, threading.Event(), threading.Event()

    def __call__(self, request: Request) -> Reply:
        data: dict[str, Any] = json.loads(request.body)
        self.kinds[data["type"]] += 1
        self.titles += [alert["title"] for alert in data.get("alerts", ())]
        if data["type"] != self.holds:
            return Reply(status=204)
        self.held.set()
        return Reply(status=204, wait=self.let_go)


def configured(folder: Path, site: Site, database: str = "") -> Path:
    path = config(folder, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    if database:
        path.write_text(path.read_text().replace(f"{folder}/monitor.db", database, 1))
    return path


def deliver_all(path: Path, hook: Hook) -> None:
    """Serve until the alert and the digest have arrived, and a moment longer."""
    with RunningService(path) as service:
        service.wait_for("service_started")
        while hook.kinds.keys() != {"alert", "digest"}:
            service.next_event()
        service.send_signal(signal.SIGTERM)
        assert service.ended() == 0


@contextmanager
def write_lock(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Keep everybody else from writing digests."""
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE digests IN SHARE MODE")
        yield connection


def wait_for_writer(url: str) -> None:
    """Wait until somebody waits to write a digest."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'INSERT INTO digests'"
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(waiting).fetchone() == (0,):
            pass


def test_sigterm_while_a_digest_is_planned_ends_with_0_and_the_digest_arrives_once(tmp_path: Path) -> None:
    hook, answers = Hook(), threading.Event()
    listing = Reply(feed(LISTING), wait=answers)
    with own_server() as server, Site({"/feed.xml": listing, "/hook": hook}) as site:
        path = configured(tmp_path, site, server.url)
        with RunningService(path) as service:
            service.wait_for("service_started")
            with write_lock(server.url):
                answers.set()
                wait_for_writer(server.url)
                service.send_signal(signal.SIGTERM)
            assert service.ended() == 0
        assert service.facts[-1] == "service_stopped"
        deliver_all(path, hook)
    assert (hook.kinds, hook.titles) == ({"alert": 1, "digest": 1}, [LISTING[1]])


@pytest.mark.parametrize("kind", ["alert", "digest"])
def test_sigterm_while_a_message_is_sent_ends_with_0_and_the_message_is_not_repeated(
    tmp_path: Path, kind: str
) -> None:
    hook = Hook(holds=kind)
    with Site({"/feed.xml": Reply(feed(LISTING)), "/hook": hook}) as site:
        path = configured(tmp_path, site)
        with RunningService(path) as service:
            assert hook.held.wait(120)
            service.send_signal(signal.SIGTERM)
            hook.let_go.set()
            assert service.ended() == 0
        deliver_all(path, hook)
    assert (hook.kinds, hook.titles) == ({"alert": 1, "digest": 1}, [LISTING[1]])


def test_sigterm_at_any_moment_of_the_start_ends_with_0_and_loses_nothing(tmp_path: Path) -> None:
    hook = Hook()
    with Site({"/feed.xml": Reply(feed(LISTING)), "/hook": hook}) as site:
        path = configured(tmp_path, site)
        with RunningService(path) as service:
            service.wait_for_handler(signal.SIGTERM)
            begun = monotonic()
            service.wait_for("service_started")
            takes = monotonic() - begun
            service.send_signal(signal.SIGTERM)
            assert service.ended() == 0
        for part in range(PARTS + 1):
            with RunningService(path) as service:
                service.wait_for_handler(signal.SIGTERM)
                service.let_run(takes * part / PARTS)
                service.send_signal(signal.SIGTERM)
                assert service.ended() == 0, service.log
        deliver_all(path, hook)
    assert (hook.kinds, hook.titles) == ({"alert": 1, "digest": 1}, [LISTING[1]])


class Clocked:
    """A feed that remembers when it was asked."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def __call__(self, request: Request) -> Reply:
        self.times.append(monotonic())
        return Reply(feed(LISTING))

    def longest_pause(self, since: float, until: float) -> float:
        """Return the longest time without a request within a span."""
        times = [since, *(each for each in self.times if since < each < until), until]
        return max(later - earlier for earlier, later in pairwise(times))


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A service manager."""
    monkeypatch.chdir(tmp_path)  # the address of a socket is short, the folder's name may be long
    monkeypatch.setenv("NOTIFY_SOCKET", "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("notify")
        listening.settimeout(120)
        yield listening


def reload_time(manager: socket.socket) -> float:
    """Return how long the next reload takes."""
    while not manager.recv(200).startswith(b"RELOADING=1"):
        pass
    began = monotonic()
    while manager.recv(200) != b"READY=1":
        pass
    return monotonic() - began


def test_twelve_requests_to_reload_in_four_seconds_pause_polling_for_two_reloads_at_most(
    tmp_path: Path, manager: socket.socket
) -> None:
    wire = Clocked()
    with Site({"/feed.xml": wire, "/hook": Reply(status=204)}) as site:
        path = configured(tmp_path, site)
        text = path.read_text().replace('every = "1d"', 'every = "1s"')
        path.write_text(text.replace('host_gap = "1s"', 'host_gap = "0s"'))
        with RunningService(path) as service:
            service.wait_for("service_started")
            begun = monotonic()
            usual = polled(service, wire, begun, times=20)
            service.send_signal(signal.SIGHUP)
            one = reload_time(manager)
            service.wait_for("reloaded")
            begun, before = monotonic(), service.facts.count("reloaded")
            for _ in range(RELOADS):
                service.send_signal(signal.SIGHUP)
                service.let_run(RELOADS_WITHIN_S / RELOADS)
            pause = polled(service, wire, begun, times=20)
            reloads = service.facts.count("reloaded") - before
            service.send_signal(signal.SIGTERM)
            assert service.ended() == 0
    print(f"\n{reloads} reloads; one takes {one:.2f} s; pauses of {usual:.2f} s, then of {pause:.2f} s")  # noqa: T201
    assert 1 <= reloads <= RELOADS
    assert pause <= 2 * one + usual


def polled(service: RunningService, wire: Clocked, since: float, times: int) -> float:
    """Wait for some polls without a reload between them; return the longest pause of polling since then."""
    polls = 0
    while polls < times:
        event = service.next_event()["event"]
        polls = 0 if event == "reloaded" else polls + (event == "feed_polled")
    return wire.longest_pause(since, monotonic())
