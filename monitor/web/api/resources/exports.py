"""Export all records of a kind as CSV, JSON Lines or FollowTheMoney, streamed as they are read."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from monitor.jobs.export import Export
from monitor.model import Action, DeliveryHistory, ExportKind, Period
from monitor.render.export import ExportFormat, export_lines
from monitor.web.api.access import AnyCaller, Web
from monitor.web.api.parameters import Since, Until, Word
from monitor.web.base import WebContext

from .common import READ, moment

router = APIRouter(tags=["exports"])

MEDIA_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ExportFormat.JSONL: "application/x-ndjson",
    ExportFormat.FTM: "application/x-ndjson",
}

#: What has a form in FollowTheMoney.
FTM_KINDS = frozenset({ExportKind.ITEMS, ExportKind.ENTRIES})

#: Exports at the same time; each keeps a thread busy.
MOST_AT_ONCE = 2

#: Characters read before they are sent, and how long that may take.
_CHUNK = 64 * 1024
_CHUNK_S = 2.0

_TEXT = {"schema": {"type": "string"}}
_CONTENT = {"text/csv": _TEXT, "application/x-ndjson": _TEXT}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    **READ,
    200: {"description": "The records, the oldest first, in the format asked for.", "content": _CONTENT},
}


class ExportQuery(BaseModel):
    """The format and the period of an export."""

    model_config = ConfigDict(extra="forbid")

    format: Annotated[
        ExportFormat, Field(description="csv, jsonl, or for items and entries ftm: FollowTheMoney.")
    ] = ExportFormat.JSONL
    since: Since = None
    until: Until = None
    list: Annotated[Word | None, Field(description="For entries: of this list only.")] = None


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


@router.get(
    "/exports/{kind}", response_class=Response, responses=_RESPONSES, summary="Export all records of a kind"
)
async def export(
    kind: Annotated[ExportKind, Path(description="What is exported; entries are those of sanctions lists.")],
    query: Annotated[ExportQuery, Query()],
    web: Web,
    by: AnyCaller,
) -> Response:
    """Stream records as they are read, the oldest first; a connection that is cut ends it.

    Cells of CSV are written so that no spreadsheet evaluates them. Addresses of recipients are left out for
    who may only read.
    """
    lines = _lines(web, kind, query, with_recipients=by.may_edit)
    with ExitStack() as place:
        place.enter_context(running.place())
        first = await web.read(_chunk, lines)
        return ExportResponse(
            _stream(web, first, lines),
            place.pop_all(),
            media_type=MEDIA_TYPES[query.format],
            headers={"Content-Disposition": f'attachment; filename="{_name(kind, query.format)}"'},
        )
    raise AssertionError("unreachable")  # an exit stack suppresses nothing of its own


def _name(kind: ExportKind, format: ExportFormat) -> str:
    return f"{kind}.{'csv' if format is ExportFormat.CSV else 'jsonl'}"


def _lines(web: WebContext, kind: ExportKind, query: ExportQuery, *, with_recipients: bool) -> Iterator[str]:
    """Return the lines of an export.

    Raises:
        HTTPException: 404, no such list; 422, the kind has not this format, or a moment cannot be read.
    """
    if query.format is ExportFormat.FTM and kind not in FTM_KINDS:
        raise HTTPException(422, f"query.format: only {' and '.join(sorted(FTM_KINDS))} have FollowTheMoney.")
    if query.list and query.list not in web.policy.lists:
        raise HTTPException(404, "No such list is configured.")
    now = web.clock()
    period = Period(moment("since", query.since, now), moment("until", query.until, now))
    lists = (query.list,) if query.list else tuple(sorted(web.policy.lists))
    records: Iterable[Any] = Export(web.store, web.policy.list_cache, lists).records(kind, period)
    if not with_recipients:
        records = map(_without_recipient, records)
    return export_lines(kind, query.format, records)


def _without_recipient(record: Any) -> Any:
    if isinstance(record, DeliveryHistory):
        return replace(record, delivery=replace(record.delivery, recipient=""))
    if isinstance(record, Action) and record.channel:
        return replace(record, recipient="")
    return record


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
