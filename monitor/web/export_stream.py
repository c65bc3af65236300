"""Stream the lines of an export as they are read; few run at the same time."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from fastapi import HTTPException, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from monitor.render.export import ExportFormat

from .base import WebContext

MEDIA_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ExportFormat.JSONL: "application/x-ndjson",
    ExportFormat.FTM: "application/x-ndjson",
}

#: Exports at the same time; each keeps a thread busy.
MOST_AT_ONCE = 2

#: Characters read before they are sent, and how long that may take.
_CHUNK = 64 * 1024
_CHUNK_S = 2.0


@dataclass
class RunningExports:
    """How many exports run now."""

    count: int = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place until the end of the block.

        Raises:
            HTTPException: 503, all are taken.
        """
        if self.count >= MOST_AT_ONCE:
            raise HTTPException(503, "Too many exports at once.", headers={"Retry-After": "10"})
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1


#: The exports of this process.
running = RunningExports()


class ExportResponse(StreamingResponse):
    """A streamed export that keeps its place until it has ended, however it ends."""

    def __init__(self, chunks: AsyncIterator[bytes], place: ExitStack, **options: Any) -> None:
        super().__init__(chunks, **options)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._place:
            await super().__call__(scope, receive, send)


async def export_response(
    web: WebContext, lines: Iterator[str], *, format: ExportFormat, name: str
) -> Response:
    """Return a response that streams lines into a file, whose name ends with its format.

    Raises:
        HTTPException: 503, too many exports run already.
    """
    ending = "csv" if format is ExportFormat.CSV else "jsonl"
    with ExitStack() as place:
        place.enter_context(running.place())
        first = await web.read(_chunk, lines)
        return ExportResponse(
            _stream(web, first, lines),
            place.pop_all(),
            media_type=MEDIA_TYPES[format],
            headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'},
        )
    raise AssertionError("unreachable")  # an exit stack suppresses nothing of its own


async def _stream(web: WebContext, first: bytes, lines: Iterator[str]) -> AsyncIterator[bytes]:
    chunk = first
    while chunk:
        yield chunk
        chunk = await web.read(_chunk, lines)


def _chunk(lines: Iterator[str]) -> bytes:
    """Return some lines; b"" after the last one."""
    found, size, end = list[str](), 0, perf_counter() + _CHUNK_S
    for line in lines:
        found.append(line)
        size += len(line)
        if size >= _CHUNK or perf_counter() > end:
            break
    return "".join(found).encode("utf-8", "replace")
