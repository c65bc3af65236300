"""Documents are read in processes of their own, which may be killed without harm to anything else.

A document that takes too long, too much memory or its reader's life is remembered: the same bytes are not
read again at every poll. Other feeds go on meanwhile.
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
from monitor.errors import FeedError
from monitor.feeds.links import shown
from monitor.model import Feed, Item, Request

from .document import Before, Reading

#: The interpreter is told where this package is: it need not be installed, nor be in the working folder.
_START = "import sys; sys.path.append(sys.argv[1]); from monitor.feeds.parsing.worker import main; main()"
_HOME = str(Path(monitor.__file__).parents[1])
_LENGTH = struct.Struct("!Q")
_LONGEST_START_S = 60.0
_MOST_QUARANTINED = 1_000

#: By these others end a process: the document need not be to blame, and gets a second reader.
_BY_OTHERS = {-signal.SIGKILL, -signal.SIGTERM}


#: So many workers at the least unless told; a document longer than that many bytes never takes the last one.
FEWEST, LARGE = 2, 300_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one document may take; beyond it, its worker is killed."""

    cpu_s: int = 10
    wall_s: float = 15.0
    profile: int = 1 << 30
    answer: int = 200_000_000


class Parsers:
    """A pool of killable worker processes, begun when they are needed; as many as there are processors.

    One of them is kept for documents of usual size: the heaviest ones never keep all the others waiting.
    Belongs to one event loop; leaving its context, or `close`, ends them.
    """

    def __init__(self, most: int = 0, bounds: Bounds = Bounds()) -> None:
        self._bounds = bounds
        self._most = most or max(os.cpu_count() or 1, FEWEST)
        self._slots = asyncio.Semaphore(self._most)
        self._large = asyncio.Semaphore(max(self._most - 1, 1))
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._quarantine: OrderedDict[bytes, str] = OrderedDict()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def __call__(
        self,
        feed: Feed,
        body: bytes,
        content_type: str,
        base_url: str,
        now: datetime,
        before: Before,
    ) -> Reading:
        """Do what `reading.read` does, in a worker.

        Raises:
            FeedError: the bytes are not what the feed should be; or their reader broke or had to be killed,
                now or at an earlier poll, and `health` is ``parser_killed``.
        """
        given = (_without_secrets(feed), body, content_type, base_url, now, before)
        return _reading(feed, now, await self._read("feed", feed.url, body, given))

    async def article(self, url: str, body: bytes, content_type: str) -> str:
        """Do what `article.read_article` does, in a worker.

        Raises:
            FeedError: as for a feed.
        """
        return str((await self._read("article", url, body, (body, content_type)))["text"])

    async def admits(self, robots: str, agent: str, url: str) -> bool:
        """Do what `robots.admits` does, in a worker.

        Raises:
            FeedError: as for a feed.
        """
        answer = await self._read("robots", url, robots.encode("utf-8", "replace"), (robots, agent, url))
        return bool(answer["admits"])

    async def _read(self, kind: str, url: str, body: bytes, given: tuple[Any, ...]) -> dict[str, Any]:
        """Have a worker read what came from an address, unless those bytes were the end of one before."""
        print = sha256(kind.encode() + body).digest()
        if reason := self._quarantine.get(print):
            raise _killed(url, f"{reason} when it was last read")
        async with self._large if len(body) > LARGE else nullcontext(), self._slots:
            try:
                return await self._ask(pickle.dumps((kind, given)))
            except _Broken as broken:
                self._quarantine[print] = broken.reason
                if len(self._quarantine) > _MOST_QUARANTINED:
                    self._quarantine.popitem(last=False)
                raise _killed(url, broken.reason) from broken

    async def close(self) -> None:
        """Kill all workers, also those at work; nothing is read after that."""
        self._closed = True
        for worker in self._busy:
            worker.end()
        for _ in range(self._most):
            await self._slots.acquire()
        while self._idle:
            await self._idle.pop().kill()
        for _ in range(self._most):
            self._slots.release()

    async def _ask(self, request: bytes) -> dict[str, Any]:
        """Ask a worker; and once more another, if somebody ended the first."""
        try:
            return await self._once(request)
        except _Broken as broken:
            if not broken.by_others:
                raise
        return await self._once(request)

    async def _once(self, request: bytes) -> dict[str, Any]:
        worker = await self._worker()
        self._busy.add(worker)
        well = False
        try:
            if self._closed:
                raise _Broken("was not read, the program was ending")
            answer = await worker.ask(request, self._bounds)
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
        return await _Worker.start(self._bounds)


class _Broken(Exception):
    """A worker gave no answer; `reason` goes on from "the document …"."""

    def __init__(self, reason: str, *, by_others: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.by_others = by_others


class _Worker:
    """One process, and the pipes to it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        assert process.stdin  # noqa: S101  asked for below
        assert process.stdout  # noqa: S101
        self._to, self._from = process.stdin, process.stdout

    @classmethod
    async def start(cls, bounds: Bounds) -> "_Worker":
        limits = (str(bounds.cpu_s), str(bounds.profile))
        # -P: no module of the working folder is taken for one of ours
        command = (sys.executable, "-P", "-c", _START, _HOME, *limits)
        worker = cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE))
        ready = False
        try:
            async with asyncio.timeout(_LONGEST_START_S):
                await worker._frame(bounds)
            ready = True
        except asyncio.IncompleteReadError as error:
            if (died := _died(await worker._process.wait(), bounds)).by_others:
                raise died from error
            raise RuntimeError("processes to read documents in do not start; they said why") from error
        finally:
            if not ready:
                await asyncio.shield(worker.kill())
        return worker

    @property
    def alive(self) -> bool:
        return self._process.returncode is None and not self._from.at_eof()

    async def ask(self, request: bytes, bounds: Bounds) -> dict[str, Any]:
        try:
            async with asyncio.timeout(bounds.wall_s):
                self._to.writelines((_LENGTH.pack(len(request)), request))
                await self._to.drain()
                answer = await self._frame(bounds)
        except TimeoutError as error:
            raise _Broken(f"took more than {bounds.wall_s:g} s to read") from error
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            raise _died(await self._process.wait(), bounds) from error
        if "broke" in answer:
            raise _Broken(f"broke its reader ({answer['broke']})")
        return answer

    async def _frame(self, bounds: Bounds) -> dict[str, Any]:
        (length,) = _LENGTH.unpack(await self._from.readexactly(_LENGTH.size))
        if length > bounds.answer:
            raise _Broken(f"says more than {bounds.answer:,} bytes")
        answer: dict[str, Any] = json.loads(await self._from.readexactly(length))
        return answer

    def end(self) -> None:
        """Kill it; whoever waits for its answer notices."""
        if self._process.returncode is None:
            self._process.kill()

    async def kill(self) -> None:
        """End it and let go of its pipes."""
        self.end()
        await self._process.communicate()


def _without_secrets(feed: Feed) -> Feed:
    """Return what reading needs of a feed."""
    return replace(feed, url=shown(feed.url), request=Request(encoding=feed.request.encoding))


def _died(code: int, bounds: Bounds) -> _Broken:
    if code == -signal.SIGXCPU:
        return _Broken(f"took more than {bounds.cpu_s} s of a processor to read")
    how = f"by signal {-code}" if code < 0 else f"with code {code}"
    return _Broken(f"ended its reader ({how})", by_others=code in _BY_OTHERS)


def _killed(url: str, reason: str) -> FeedError:
    place, remedy = shown(url), "it is read again when its bytes change, look at it in a browser"
    return FeedError(f"{place}: the document {reason}; {remedy}", "parser_killed")


def _reading(feed: Feed, now: datetime, answer: dict[str, Any]) -> Reading:
    if "refused" in answer:
        raise FeedError(answer["refused"], answer["health"])
    items = tuple(_item(feed, now, fields) for fields in answer["items"])
    hint = timedelta(seconds=answer["hint_s"]) if answer["hint_s"] else None
    seen = tuple(answer["seen"])
    return Reading(items, answer["complete"], seen, answer["known"], hint, answer["identity"])


def _item(feed: Feed, now: datetime, fields: dict[str, Any]) -> Item:
    published = fields.pop("published_at")
    dated = datetime.fromisoformat(published) if published else None
    return Item(feed=feed.name, first_seen_at=now, published_at=dated, **fields)
