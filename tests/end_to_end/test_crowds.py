"""Crowds at the web server: polls keep their pace, and every request is answered, or refused politely."""

import asyncio
import resource
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from tests.end_to_end.story import LISTING, config, feed
from tests.support.running import RunningService
from tests.support.servers import Reply, Request, Site

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(900)]

FEEDS, EVERY_S = 8, 10.0
READERS, IDLE = 200, 1_200
CROWDED_S = 40.0

#: A poll may be this part of its cadence late.
MOST_LATE = 1.5

ATOM = b"GET /alerts.atom HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
UNFINISHED = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-a: "


@dataclass
class Polled:
    """A site of feeds that remembers when each was asked for."""

    site: Site = field(default_factory=Site)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __call__(self, request: Request) -> Reply:
        self.times[request.path].append(monotonic())
        return Reply(feed(LISTING))

    def each_polled(self, times: int) -> bool:
        return len(self.times) == FEEDS and all(len(each) >= times for each in self.times.values())

    def longest_gap(self, since: float) -> float:
        """Return the longest time between two polls of a feed, the one from the last until now among them."""
        gaps = []
        for times in self.times.values():
            begin = max(number for number, at in enumerate(times) if at <= since)
            gaps += [later - earlier for earlier, later in pairwise((*times[begin:], monotonic()))]
        return max(gaps)


@contextmanager
def watched(folder: Path) -> Iterator[tuple[Polled, RunningService, int]]:
    """Run the program with `FEEDS` feeds that have been polled twice; the port of its web server."""
    polled = Polled()
    with polled.site as site:
        paths = [f"/f{number}" for number in range(FEEDS)]
        site.routes.update(dict.fromkeys(paths, polled) | {"/hook": Reply(status=204)})
        path = config(folder, feed_url=site.url("/f0"), hook_url=site.url("/hook"))
        text = (
            path.read_text().replace('every = "1d"', f'every = "{EVERY_S:.0f}s"').replace('"1s"', '"0s"', 1)
        )
        tables = (
            f'[feeds.x{each[1:]}]\nurl = "{site.url(each)}"\nevery = "{EVERY_S:.0f}s"' for each in paths[1:]
        )
        path.write_text("\n".join((text, *tables)))
        with RunningService(path) as service:
            port = int(service.wait_for("web_started")["url"].rpartition(":")[2])
            while not polled.each_polled(2):
                service.next_event()
            yield polled, service, port


async def asked(port: int, request: bytes) -> tuple[str, bytes]:
    """Return the status of a response, or the name of the failure, and its head."""
    try:
        stream, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        answer = await stream.read()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    except OSError as error:
        return type(error).__name__, b""
    return answer[9:12].decode(), answer.partition(b"\r\n\r\n")[0]


async def test_two_hundred_readers_of_the_atom_feed_are_all_answered_and_polls_are_in_time(
    tmp_path: Path,
) -> None:
    with watched(tmp_path) as (polled, _, port):
        begun, statuses, impolite = monotonic(), Counter[str](), 0

        async def read() -> None:
            nonlocal impolite
            while monotonic() < begun + CROWDED_S:
                status, head = await asked(port, ATOM)
                statuses[status] += 1
                impolite += status == "503" and b"retry-after" not in head.lower()

        await asyncio.gather(*(read() for _ in range(READERS)))
        gap = polled.longest_gap(begun)
        assert set(statuses) <= {"200", "503"}
        assert statuses["200"] >= READERS
        assert impolite == 0
        assert gap <= EVERY_S * (1 + MOST_LATE)
        assert (await asked(port, ATOM))[0] == "200"


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let this process open more connections than usual."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = IDLE * 2
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"at most {hard} open files are allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_connections_that_never_finish_a_request_delay_nobody(tmp_path: Path, many_files: None) -> None:
    with watched(tmp_path) as (polled, service, port):
        begun, opened = monotonic(), []
        for _ in range(IDLE):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(UNFINISHED)
                opened.append(writer)
        assert (await asked(port, ATOM))[0] == "200"
        await asyncio.to_thread(service.let_run, CROWDED_S)
        gap = polled.longest_gap(begun)
        assert len(opened) == IDLE
        assert gap <= EVERY_S * (1 + MOST_LATE)
        assert (await asked(port, ATOM))[0] == "200"
        for writer in opened:
            writer.close()
