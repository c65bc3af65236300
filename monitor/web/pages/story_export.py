"""Stories as a file: the newest alert of each story that fits the filter, as CSV or JSON Lines."""

from collections.abc import AsyncIterator, Iterator
from itertools import islice

from fastapi import HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from monitor.model import Alert, ExportKind
from monitor.render.export import ExportFormat, export_lines
from monitor.web.base import WebContext
from monitor.web.stories.filters import ListRequest, read_request
from monitor.web.stories.listing import searched

from .common import DeskRouter, Web

router = DeskRouter()

#: Stories in one file; a query about more than words tests as many, whether they fit or not.
MAX_STORIES = 20_000

_BATCH, _LINES = 200, 100
_TYPES = {ExportFormat.CSV: "text/csv; charset=utf-8", ExportFormat.JSONL: "application/jsonl"}


@router.get("/stories.csv")
async def stories_csv(request: Request, web: Web) -> Response:
    """Return the stories that fit the filter as CSV; no spreadsheet evaluates a cell as a formula."""
    return _file(request, web, ExportFormat.CSV)


@router.get("/stories.jsonl")
async def stories_jsonl(request: Request, web: Web) -> Response:
    """Return the stories that fit the filter as JSON Lines."""
    return _file(request, web, ExportFormat.JSONL)


def _file(request: Request, web: WebContext, format: ExportFormat) -> Response:
    wanted = read_request(request.query_params.multi_items(), web.clock())
    *_, mistakes = searched(web.policy, wanted)
    if found := (*wanted.mistakes, *mistakes):
        raise HTTPException(422, "; ".join(found))
    name = f"stories-{web.clock():%Y-%m-%d}.{format}"
    return StreamingResponse(
        _parts(web, export_lines(ExportKind.ALERTS, format, _alerts(web, wanted))),
        media_type=_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _parts(web: WebContext, lines: Iterator[str]) -> AsyncIterator[str]:
    """Yield the file in parts; each is read and written in a thread."""
    while part := await web.read(_part, lines):
        yield part


def _part(lines: Iterator[str]) -> str:
    return "".join(islice(lines, _LINES))


def _alerts(web: WebContext, wanted: ListRequest) -> Iterator[Alert]:
    """Yield the newest alert of each story that fits, newest first."""
    filter, search, _ = searched(web.policy, wanted)
    before = 0
    for _ in range(MAX_STORIES // _BATCH):
        rows = web.store.story_rows(filter, before, _BATCH)
        yield from (row.alert for row in rows if search is None or search.holds(row.alert.item))
        if len(rows) < _BATCH:
            return
        before = rows[-1].seq
