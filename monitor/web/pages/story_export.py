"""Stories as a file: the newest alert of each story that fits the filter, as CSV or JSON Lines."""

from collections.abc import Iterator

from fastapi import HTTPException, Request, Response

from monitor.model import Alert, ExportKind
from monitor.render.export import ExportFormat, export_lines
from monitor.web.base import WebContext
from monitor.web.export_stream import export_response
from monitor.web.stories.filters import ListRequest, read_request
from monitor.web.stories.listing import searched

from .common import DeskRouter, Web

router = DeskRouter()

#: Stories in one file, and stories tested one by one for a query about more than words.
MAX_STORIES, MAX_TESTED = 20_000, 1_000

_BATCH = 200


@router.get("/stories.csv")
async def stories_csv(request: Request, web: Web) -> Response:
    """Return the stories that fit the filter as CSV; no spreadsheet evaluates a cell as a formula."""
    return await _file(request, web, ExportFormat.CSV)


@router.get("/stories.jsonl")
async def stories_jsonl(request: Request, web: Web) -> Response:
    """Return the stories that fit the filter as JSON Lines."""
    return await _file(request, web, ExportFormat.JSONL)


async def _file(request: Request, web: WebContext, format: ExportFormat) -> Response:
    wanted = read_request(request.query_params.multi_items(), web.clock())
    *_, mistakes = searched(web.policy, wanted)
    if found := (*wanted.mistakes, *mistakes):
        raise HTTPException(422, "; ".join(found))
    lines = export_lines(ExportKind.ALERTS, format, _alerts(web, wanted))
    return await export_response(web, lines, format=format, name=f"stories-{web.clock():%Y-%m-%d}")


def _alerts(web: WebContext, wanted: ListRequest) -> Iterator[Alert]:
    """Yield the newest alert of each story that fits, newest first."""
    filter, search, _ = searched(web.policy, wanted)
    before = 0
    most = MAX_STORIES if search is None or search.exact else MAX_TESTED
    for _ in range(most // _BATCH):
        rows = web.store.story_rows(filter, before, _BATCH)
        yield from (row.alert for row in rows if search is None or search.holds(row.alert.item))
        if len(rows) < _BATCH:
            return
        before = rows[-1].seq
