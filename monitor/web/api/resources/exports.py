"""Export all records of a kind as CSV, JSON Lines or FollowTheMoney, streamed as they are read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.jobs.export import ExportSource
from monitor.model import Action, DeliveryHistory, ExportKind, Period
from monitor.render.export import ExportFormat, export_lines
from monitor.render.export_ftm import FTM_KINDS
from monitor.web.api.access import AnyCaller, Web
from monitor.web.api.parameters import Since, Until, Word
from monitor.web.base import WebContext
from monitor.web.export_stream import export_response

from .common import READ, moment

router = APIRouter(tags=["exports"])


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
    return await export_response(web, lines, format=query.format, name=kind)


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
    records: Iterable[Any] = ExportSource(web.store, web.policy.list_cache, lists).records(kind, period)
    if not with_recipients:
        records = map(_without_recipient, records)
    return export_lines(kind, query.format, records)


def _without_recipient(record: Any) -> Any:
    if isinstance(record, DeliveryHistory):
        return replace(record, delivery=replace(record.delivery, recipient=""))
    if isinstance(record, Action) and record.channel:
        return replace(record, recipient="")
    return record
