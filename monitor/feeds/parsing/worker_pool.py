"""Run parsers in worker processes that are killed when a document takes too long or too much memory.

The bytes that killed a worker are quarantined: they are not parsed again at every poll. Other feeds go on.
"""

import asyncio
import os
import pickle
from collections import OrderedDict
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Self

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.base import EarlierDocument, FeedDocument, ParsedDocument
from monitor.feeds.links import display_url
from monitor.model import Feed, Item, Request, UnreadDates

from .worker_process import ParserLimits, Worker, WorkerFailed

_MAX_QUARANTINED = 1_000

#: The smallest default number of workers.
MIN_WORKERS = 2

#: A document of more bytes never takes the last worker.
LARGE_DOCUMENT = 300_000


class ParserPool:
    """A pool of worker processes, started on demand; by default one per processor.

    One worker is reserved for documents of usual size, so that large ones never block all the others.
    A pool belongs to one event loop; leaving its context, or `close`, ends the workers.
    """

    def __init__(self, size: int = 0, limits: ParserLimits | None = None) -> None:
        self._limits = limits or ParserLimits()
        self._size = size or max(os.cpu_count() or 1, MIN_WORKERS)
        self._slots = asyncio.Semaphore(self._size)
        self._large = asyncio.Semaphore(max(self._size - 1, 1))
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
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
            except WorkerFailed as broken:
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
        except WorkerFailed as broken:
            if not broken.is_external:
                raise
        return await self._attempt(request)

    async def _attempt(self, request: bytes) -> dict[str, Any]:
        worker = await self._worker()
        self._busy.add(worker)
        well = False
        try:
            if self._closed:
                raise WorkerFailed("was not read, the program was ending")
            answer = await worker.ask(request, self._limits)
            well = True
        finally:
            self._busy.discard(worker)
            if well:
                self._idle.append(worker)
            else:  # also when the caller gave up: its answer must not be the next one's
                await asyncio.shield(worker.kill())
        return answer

    async def _worker(self) -> "Worker":
        while self._idle:
            if (worker := self._idle.pop()).alive:
                return worker
            await worker.kill()
        return await Worker.start(self._limits)


def _without_secrets(feed: Feed) -> Feed:
    """Return the part of a feed that parsing needs."""
    return replace(feed, url=display_url(feed.url), request=Request(encoding=feed.request.encoding))


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
    published, categories = fields.pop("published_at"), tuple(fields.pop("categories"))
    dated = datetime.fromisoformat(published) if published else None
    return Item(feed=feed.name, first_seen_at=now, published_at=dated, categories=categories, **fields)
