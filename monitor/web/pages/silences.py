"""Silences in force and over, and a new one with what it would have hidden before it is saved."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from monitor.render.sanitize import sanitize
from monitor.render.terms import EVENTS
from monitor.web.base import WebContext
from monitor.web.render import show
from monitor.web.silences import (
    criteria_text,
    end_silence,
    new_silence,
    preview_of,
    read_criteria,
    save_silence,
)
from monitor.web.stories.actions import NOBODY

from .common import DeskRouter, Form, Web

router = DeskRouter()

#: How long a silence lasts, by the values of the form.
LASTS = {
    "12h": timedelta(hours=12),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}

_USUAL = LASTS["7d"]


@router.get("/silences")
async def silences(request: Request, web: Web) -> Response:
    """Show silences, and the preview of a new one if criteria are given."""
    criteria = read_criteria(lambda name: request.query_params.get(name, ""))
    lasts = request.query_params.get("lasts", "7d")
    return await show(request, web, "silences", _context, web, criteria, lasts)


@router.post("/silences")
async def add_silence(web: Web, form: Form) -> Response:
    """Save a silence; it needs a criterion, a reason and an end."""
    criteria, reason = read_criteria(form.one), sanitize(form.one("reason"))[:500]
    if not any(criteria.values()):
        raise HTTPException(422, "Say what to silence.")
    if not reason:
        raise HTTPException(422, "A silence needs a reason.")
    silence = new_silence(
        criteria,
        who=form.by.name or NOBODY,
        reason=reason,
        now=web.clock(),
        lasts=LASTS.get(form.one("lasts"), _USUAL),
    )
    await web.write(save_silence, web.jobs.store, silence)
    return RedirectResponse("/silences", 303)


@router.post("/silences/{id}/end")
async def end(id: str, web: Web, form: Form) -> Response:
    """End a silence now."""
    ended = await web.write(end_silence, web.jobs.store, id, form.by.name or NOBODY, web.clock())
    if ended is None:
        raise HTTPException(404, "No silence with this id is in force.")
    return RedirectResponse("/silences", 303)


def _context(web: WebContext, criteria: Mapping[str, str], lasts: str) -> Mapping[str, Any]:
    now, store = web.clock(), web.store
    known = [(each, criteria_text(each)) for each in reversed(store.silences())]
    preview = None
    if any(criteria.values()):
        silence = new_silence(criteria, who="", reason="", now=now, lasts=LASTS.get(lasts, _USUAL))
        preview = preview_of(store, silence, now)
    return {
        "active": [pair for pair in known if pair[0].active(now)],
        "over": [pair for pair in known if not pair[0].active(now)][:50],
        "given": criteria,
        "lasts": lasts,
        "preview": preview,
        "events": sorted((type, words) for type, words in EVENTS.items() if type),
        "feeds": sorted(web.policy.alerts.feeds),
        "now": now,
    }
