"""Run parsers in worker processes that are killed when a document takes too long or too much memory.

The bytes that killed a worker are quarantined: they are not parsed again at every poll. Other feeds go on.
"""

import asyncio
import json
import os
import pickle
import signal
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import monitor
from monitor.errors import FeedError, FeedHealth
from monitor.feeds.base import EarlierDocument, FeedDocument, ParsedDocument
from monitor.feeds.links import display_url
from monitor.model import Feed, Item, Request, UnreadDates

#: The worker gets the path of this package: it need not be installed, nor be in the working folder.
_START = "import sys; sys.path.append(sys.argv[1]); from monitor.feeds.parsing.worker import main; main()"
_HOME = str(Path(monitor.__file__).parents[1])
_LENGTH = struct.Struct("!Q")
_MAX_START_S = 60.0
_MAX_QUARANTINED = 1_000

#: Signals by which others end a process: the document may be innocent and gets a second worker.
_EXTERNAL_SIGNALS = {-signal.SIGKILL, -signal.SIGTERM}

#: The smallest default number of workers.
MIN_WORKERS = 2

#: A document of more bytes never takes the last worker.
LARGE_DOCUMENT = 300_000


@dataclass(frozen=True, slots=True)
class ParserLimits:
    """The limits for one document; a worker that exceeds one is killed."""

    cpu_s: int = 10
    wall_s: float = 15.0
    memory_bytes: int = 1 << 30
    answer_bytes: int = 200_000_000


class ParserPool:
    """A pool of worker processes, started on demand; by default one per processor.

    One worker is reserved for documents of usual size, so that large ones never block all the others.
    A pool belongs to one event loop; leaving its context, or `close`, ends the workers.
    """

    def __init__(self, size: int = 0, limits: ParserLimits = ParserLimits()) -> None:
        self._limits = limits
        self._size = size or max(os.cpu_count() or 1, MIN_WORKERS)
        self._slots = asyncio.Semaphore(self._size)
        self._large = asyncio.Semaphore(max(self._size - 1, 1))
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._quarantine: OrderedDict[bytes, str] = OrderedDict()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def __call__(self, document: FeedDocument, earlier: EarlierDocument) -> ParsedDocument:
        """Run `document.parse_document` in a worker.

        Raises:
            FeedError: the bytes are not what the feed should be; or the worker failed or was killed, now or
                at an earlier poll, and `health` is ``parser_killed``.
        """
        feed = document.feed
        given = (replace(document, feed=_without_secrets(feed)), earlier)
        return _document(feed, document.now, await self._read("feed", feed.url, document.body, given))

    async def article(self, url: str, body: bytes, content_type: str) -> str:
        """Run `extract.read_article` in a worker.

        Raises:
            FeedError: as for a feed.
        """
        return str((await self._read("article", url, body, (body, content_type)))["text"])

    async def admits(self, robots: str, agent: str, url: str) -> bool:
        """Run `robots.is_allowed` in a worker.

        Raises:
            FeedError: as for a feed.
        """
        answer = await self._read("robots", url, robots.encode("utf-8", "replace"), (robots, agent, url))
        return bool(answer["admits"])

    async def _read(self, kind: str, url: str, body: bytes, given: tuple[Any, ...]) -> dict[str, Any]:
        """Send bytes to a worker, unless they are in quarantine."""
        digest = sha256(kind.encode() + body).digest()
        if reason := self._quarantine.get(digest):
            raise _parser_killed(url, f"{reason} when it was last read")
        async with self._large if len(body) > LARGE_DOCUMENT else nullcontext(), self._slots:
            try:
                return await self._ask(pickle.dumps((kind, given)))
            except _WorkerFailed as broken:
                self._quarantine[digest] = broken.reason
                if len(self._quarantine) > _MAX_QUARANTINED:
                    self._quarantine.popitem(last=False)
                raise _parser_killed(url, broken.reason) from broken

    async def close(self) -> None:
        """Kill all workers, busy ones included; nothing is parsed after that."""
        self._closed = True
        for worker in self._busy:
            worker.end()
        for _ in range(self._size):
            await self._slots.acquire()
        while self._idle:
            await self._idle.pop().kill()
        for _ in range(self._size):
            self._slots.release()

    async def _ask(self, request: bytes) -> dict[str, Any]:
        """Send a request to a worker, and once more to another if somebody else killed the first."""
        try:
            return await self._attempt(request)
        except _WorkerFailed as broken:
            if not broken.is_external:
                raise
        return await self._attempt(request)

    async def _attempt(self, request: bytes) -> dict[str, Any]:
        worker = await self._worker()
        self._busy.add(worker)
        well = False
        try:
            if self._closed:
                raise _WorkerFailed("was not read, the program was ending")
            answer = await worker.ask(request, self._limits)
            well = True
        finally:
            self._busy.discard(worker)
            if well:
                self._idle.append(worker)
            else:  # also when the caller gave up: its answer must not be the next one's
                await asyncio.shield(worker.kill())
        return answer

    async def _worker(self) -> "_Worker":
        while self._idle:
            if (worker := self._idle.pop()).alive:
                return worker
            await worker.kill()
        return await _Worker.start(self._limits)


class _WorkerFailed(Exception):
    """A worker gave no answer; `reason` continues the sentence "the document …"."""

    def __init__(self, reason: str, *, is_external: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_external = is_external


class _Worker:
    """One worker process and the pipes to it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        assert process.stdin  # noqa: S101  asked for below
        assert process.stdout  # noqa: S101
        self._to, self._from = process.stdin, process.stdout

    @classmethod
    async def start(cls, limits: ParserLimits) -> "_Worker":
        arguments = (str(limits.cpu_s), str(limits.memory_bytes))
        # -P: no module of the working folder is taken for one of ours
        command = (sys.executable, "-P", "-c", _START, _HOME, *arguments)
        worker = cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE))
        ready = False
        try:
            async with asyncio.timeout(_MAX_START_S):
                await worker._frame(limits)
            ready = True
        except asyncio.IncompleteReadError as error:
            if (died := _exit_reason(await worker._process.wait(), limits)).is_external:
                raise died from error
            raise RuntimeError("processes to read documents in do not start; they said why") from error
        finally:
            if not ready:
                await asyncio.shield(worker.kill())
        return worker

    @property
    def alive(self) -> bool:
        return self._process.returncode is None and not self._from.at_eof()

    async def ask(self, request: bytes, limits: ParserLimits) -> dict[str, Any]:
        try:
            async with asyncio.timeout(limits.wall_s):
                self._to.writelines((_LENGTH.pack(len(request)), request))
                await self._to.drain()
                answer = await self._frame(limits)
        except TimeoutError as error:
            raise _WorkerFailed(f"took more than {limits.wall_s:g} s to read") from error
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            raise _exit_reason(await self._process.wait(), limits) from error
        if "broke" in answer:
            raise _WorkerFailed(f"broke its parser ({answer['broke']})")
        return answer

    async def _frame(self, limits: ParserLimits) -> dict[str, Any]:
        (length,) = _LENGTH.unpack(await self._from.readexactly(_LENGTH.size))
        if length > limits.answer_bytes:
            raise _WorkerFailed(f"says more than {limits.answer_bytes:,} bytes")
        answer: dict[str, Any] = json.loads(await self._from.readexactly(length))
        return answer

    def end(self) -> None:
        """Kill the process; a caller that waits for its answer gets an error."""
        if self._process.returncode is None:
            self._process.kill()

    async def kill(self) -> None:
        """Kill the process and close its pipes."""
        self.end()
        await self._process.communicate()


def _without_secrets(feed: Feed) -> Feed:
    """Return the part of a feed that parsing needs."""
    return replace(feed, url=display_url(feed.url), request=Request(encoding=feed.request.encoding))


def _exit_reason(code: int, limits: ParserLimits) -> _WorkerFailed:
    if code == -signal.SIGXCPU:
        return _WorkerFailed(f"took more than {limits.cpu_s} s of a processor to read")
    how = f"by signal {-code}" if code < 0 else f"with code {code}"
    return _WorkerFailed(f"ended its parser ({how})", is_external=code in _EXTERNAL_SIGNALS)


def _parser_killed(url: str, reason: str) -> FeedError:
    place, remedy = display_url(url), "it is read again when its bytes change, look at it in a browser"
    return FeedError(f"{place}: the document {reason}; {remedy}", FeedHealth.PARSER_KILLED)


def _document(feed: Feed, now: datetime, answer: dict[str, Any]) -> ParsedDocument:
    if "refused" in answer:
        raise FeedError(answer["refused"], answer["health"])
    items = tuple(_item(feed, now, fields) for fields in answer["items"])
    hint = timedelta(seconds=answer["hint_s"]) if answer["hint_s"] else None
    seen = tuple(answer["seen"])
    return ParsedDocument(
        items=items,
        complete=answer["complete"],
        seen=seen,
        known_spans=answer["known_spans"],
        hint=hint,
        identity=answer["identity"],
        wordless=answer["wordless"],
        unread_dates=UnreadDates(*answer["unread_dates"]),
    )


def _item(feed: Feed, now: datetime, fields: dict[str, Any]) -> Item:
    published = fields.pop("published_at")
    dated = datetime.fromisoformat(published) if published else None
    return Item(feed=feed.name, first_seen_at=now, published_at=dated, **fields)
