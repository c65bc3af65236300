"""The pool with real processes, which are driven to their limits and killed."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import psutil
import pytest

from monitor.errors import FeedError
from monitor.feeds.base import EarlierDocument, FeedDocument, ParsedDocument
from monitor.feeds.parsing.document import parse_document
from monitor.feeds.parsing.worker_pool import ParserLimits, ParserPool
from tests.feeds.samples import NOW, RSS, feed, notices

FEED = feed("https://user:secret@news.example/feed?token=secret")
LABEL = "application/rss+xml"

#: Takes two seconds or so to read, and others a part of that.
LONG = notices(4_900)
SLOW = notices(1_500)

#: A busy machine reads them, too.
PATIENT = ParserLimits(cpu_s=240, wall_s=240)


@pytest.fixture
async def parsers() -> AsyncIterator[ParserPool]:
    async with ParserPool(1, PATIENT) as pool:
        yield pool


async def ask(pool: ParserPool, body: bytes) -> ParsedDocument:
    return await pool(FeedDocument(FEED, body, LABEL, FEED.url, NOW), EarlierDocument())


def candidates(body: bytes) -> ParsedDocument:
    return parse_document(FeedDocument(FEED, body, LABEL, FEED.url, NOW), EarlierDocument())


def workers() -> list[psutil.Process]:
    """Return the worker processes of this one that are alive."""
    return workers_of(psutil.Process())


def workers_of(program: psutil.Process) -> list[psutil.Process]:
    """Return the processes that the template processes of a program forked."""
    templates = [child for child in program.children() if "monitor.feeds.parsing.template" in said_to(child)]
    return [worker for template in templates for worker in template.children()]


def said_to(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it ends just now
        return ""


async def refused(pool: ParserPool, body: bytes) -> FeedError:
    with pytest.raises(FeedError) as caught:
        await ask(pool, body)
    return caught.value


async def test_a_worker_reads_what_is_read_here(parsers: ParserPool):
    assert await ask(parsers, RSS) == candidates(RSS)
    known = candidates(RSS).known_spans
    again = await parsers(FeedDocument(FEED, RSS, LABEL, FEED.url, NOW), EarlierDocument(known_spans=known))
    assert (again.items, again.seen, again.known_spans) == ((), tuple(known.values()), known)


async def test_a_document_that_is_no_feed_is_refused_as_here_and_harms_nobody(parsers: ParserPool):
    error = await refused(parsers, b"<html><body>Please log in</body></html>")
    assert error.health == "html"
    (worker,) = workers()
    await ask(parsers, RSS)
    assert workers() == [worker]


async def test_no_process_is_begun_before_it_is_needed(parsers: ParserPool):
    assert workers() == []


@pytest.mark.parametrize(
    ("bounds", "body", "reason"),
    [
        (ParserLimits(cpu_s=0), LONG, "took more than 0 s of a processor to read"),
        (ParserLimits(wall_s=0.2), SLOW, "took more than 0.2 s to read"),
        (ParserLimits(answer_bytes=5_000), notices(50), "says more than 5,000 bytes"),
    ],
    ids=["processor", "time", "answer"],
)
async def test_what_takes_too_much_is_stopped_and_not_read_again(
    bounds: ParserLimits, body: bytes, reason: str
):
    await assert_stopped(bounds, body, reason)


async def test_what_takes_too_much_memory_is_stopped_and_not_read_again(parsers: ParserPool):
    await ask(parsers, RSS)
    (worker,) = workers()
    enough = worker.memory_info().vms + 25_000_000
    await parsers.close()
    await assert_stopped(ParserLimits(memory_bytes=enough), LONG, "broke its parser (MemoryError)")


async def assert_stopped(bounds: ParserLimits, body: bytes, reason: str) -> None:
    async with ParserPool(1, bounds) as pool:
        first = await refused(pool, body)
        assert first.health == "parser_killed"
        assert f"https://news.example/feed: the document {reason}; it is read again when" in str(first)
        assert "secret" not in str(first)
        assert workers() == []
        assert "when it was last read" in str(await refused(pool, body))
        assert workers() == []
        assert (await read_another(pool)).items == candidates(RSS).items


async def read_another(pool: ParserPool) -> ParsedDocument:
    """Ask for other documents until one is read within the limits, however busy the machine is."""
    for number in count():
        with suppress(FeedError):
            return await ask(pool, RSS + b"\n" * number)
    raise AssertionError


async def test_a_worker_killed_while_idle_is_replaced(parsers: ParserPool):
    await ask(parsers, RSS)
    (worker,) = workers()
    worker.kill()
    assert await ask(parsers, RSS) == candidates(RSS)
    assert workers() not in ([], [worker])


async def test_a_document_is_not_to_blame_for_one_killed_worker_but_for_two(parsers: ParserPool):
    await ask(parsers, RSS)
    (first,) = workers()
    reading = asyncio.create_task(ask(parsers, LONG))
    await asyncio.sleep(0)
    first.kill()
    while not (others := [worker for worker in workers() if worker != first]):
        await asyncio.sleep(0)
    others[0].kill()
    with pytest.raises(FeedError, match=r"ended its parser \(by signal 9\)"):
        await reading


async def test_slow_documents_do_not_delay_other_feeds():
    async with ParserPool(2, PATIENT) as pool:
        await ask(pool, RSS)
        (stopped,) = workers()
        stopped.suspend()
        slow = asyncio.create_task(ask(pool, notices(3)))
        await asyncio.sleep(0)  # the idle worker is the stopped one, so this document waits in it
        for number in range(3):
            other = RSS + b"\n" * number
            assert await ask(pool, other) == candidates(other)
        assert not slow.done()
        stopped.resume()
        assert len((await slow).items) == 3
        assert len(workers()) == 2


async def test_a_caller_that_gives_up_leaves_no_answer_for_the_next(parsers: ParserPool):
    await ask(parsers, RSS)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await ask(parsers, SLOW)
    assert await ask(parsers, RSS) == candidates(RSS)


async def test_signals_for_the_whole_program_do_not_reach_a_document(parsers: ParserPool):
    await ask(parsers, RSS)
    (worker,) = workers()
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        worker.send_signal(number)
    assert await ask(parsers, RSS) == candidates(RSS)
    assert workers() == [worker]


async def test_closing_ends_workers_that_wait_and_workers_at_work():
    pool = ParserPool(2)
    await ask(pool, RSS)
    slow = asyncio.create_task(ask(pool, SLOW))
    while len(workers()) < 1:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    await pool.close()
    assert workers() == []
    with pytest.raises(FeedError, match="the program was ending"):
        await slow


PARENT = """
import asyncio, os
from monitor.feeds.base import EarlierDocument, FeedDocument
from monitor.feeds.parsing.worker_pool import ParserPool
from tests.feeds.samples import NOW, RSS, feed

async def main():
    pool = ParserPool(1)
    await pool(FeedDocument(feed("https://news.example/"), RSS, "", "https://news.example/", NOW), EarlierDocument())
    print("ready", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def test_no_worker_outlives_a_program_that_is_killed():
    command = [sys.executable, "-c", PARENT]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, start_new_session=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"ready\n"
        (worker,) = workers_of(psutil.Process(parent.pid))
        parent.kill()
        parent.wait()
        worker.wait(timeout=240)
