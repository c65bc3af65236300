"""The page of a story: the act, why it was raised, who reported it, what was done about it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import JSONResponse

from monitor.jobs.evidence import Replayer, collect_evidence
from monitor.model import StoryRow
from monitor.render.evidence_pack import pack_evidence
from monitor.web.base import WebContext
from monitor.web.render import show
from monitor.web.stories.neighbours import ListPlace, Neighbours, neighbours_of
from monitor.web.stories.story_page import story_data, story_page

from .common import DeskRouter, Form, SignedIn, Web
from .stories import run_action

router = DeskRouter()

#: A pack judges the item again, which takes seconds, so one at a time is enough.
_packing = asyncio.Semaphore(1)


@router.get("/stories/{id}.json")
async def story_json(id: str, web: Web) -> Response:
    """Return a story as JSON."""
    row = await _row(web, id)
    return JSONResponse(await web.read(story_data, web.store, row))


@router.get("/stories/{id}")
async def story(id: str, request: Request, web: Web) -> Response:
    """Show a story, with the way to those beside it in the list that somebody came from."""
    row = await _row(web, id)
    return await show(request, web, "story", _context, web, row, request.query_params)


@router.get("/stories/{id}/evidence.zip")
async def evidence_pack(id: str, web: Web, by: SignedIn) -> Response:
    """Return all that an auditor needs about the newest alert; addresses of recipients are for editors."""
    row = await _row(web, id)
    async with _packing:
        content = await web.read(_pack, web, row, not by.may_edit)
    headers = {"Content-Disposition": f'attachment; filename="evidence-{row.alert.id}.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


@router.post("/stories/{id}/actions")
async def take_action(id: str, web: Web, form: Form) -> Response:
    """Do something about a story."""
    return await run_action(web, form, (id,))


def _pack(web: WebContext, row: StoryRow, mask: bool) -> bytes:
    judged, rules_from = web.store.item(row.alert.item.id), web.policy.rules_from
    if judged is None or rules_from is None:
        raise HTTPException(404, "The item of this story is no longer kept.")
    pack = collect_evidence(web.store, judged, Replayer(web.store, rules_from))
    return pack_evidence(pack, mask_addresses=mask)


async def _row(web: WebContext, id: str) -> StoryRow:
    row = await web.read(web.store.story_row, id[:80])
    if row is None:
        raise HTTPException(404, "There is no such story; it may have left the archive.")
    return row


def _context(web: WebContext, row: StoryRow, given: Mapping[str, str]) -> Mapping[str, Any]:
    now, beside = web.clock(), Neighbours()
    if "list" in given:
        place = ListPlace(query=given["list"], views=web.alert_views)
        beside = neighbours_of(web.store, web.policy, row, place, now)
    return {
        "page": story_page(web.store, web.policy.alerts.feeds, row, now),
        "beside": beside,
        "undo": web.store.undo(given.get("undo", "")[:80], now),
        "points": "points" in given,
    }
