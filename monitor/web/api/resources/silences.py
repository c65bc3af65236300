"""Silences: the list, a new one, and the end of one."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from monitor import model
from monitor.render.sanitize import sanitize
from monitor.store import Store
from monitor.web.api.access import Caller, Editing, Web
from monitor.web.api.answers import answer
from monitor.web.api.cursors import ListKey, unknown_cursor
from monitor.web.api.models.silences import NewSilence, Silence, SilenceDone, SilencePage
from monitor.web.api.parameters import After, Id, Limit
from monitor.web.base import WebContext
from monitor.web.silences import CRITERIA, new_silence, preview_of, read_criteria, save_silence
from monitor.web.silences import end_silence as end
from monitor.web.stories.actions import NOBODY
from monitor.web.stories.filters import DEFAULT_LIMIT

from .common import CHANGED, LISTED, READ, key_of_list

router = APIRouter(tags=["silences"])


class SilenceQuery(BaseModel):
    """Filters of silences."""

    model_config = ConfigDict(extra="forbid")

    active: Annotated[bool, Field(description="Only those that count now.")] = False
    limit: Limit = DEFAULT_LIMIT
    after: After = ""


@router.get("/silences", response_model=SilencePage, responses=LISTED, summary="List silences")
async def silences(query: Annotated[SilenceQuery, Query()], request: Request, web: Web) -> Response:
    """Return silences, the newest first."""
    key = key_of_list(request)
    return await answer(web, _page, web, query, key, key.place(query.after))


@router.get("/silences/{id}", response_model=Silence, responses=READ, summary="Read a silence")
async def silence(id: Id, web: Web) -> Response:
    """Return a silence."""
    return await answer(web, _silence, web, id)


@router.post(
    "/silences",
    response_model=SilenceDone,
    responses=CHANGED,
    status_code=201,
    summary="Begin a silence",
)
async def add_silence(given: NewSilence, web: Web, by: Editing) -> Response:
    """Suppress alerts that fit all criteria given; says what it would have suppressed in the last days."""
    silence = _new(given, by, web)
    await web.write(save_silence, web.jobs.store, silence)
    response = await answer(web, _done, web, silence)
    response.status_code = 201
    response.headers["Location"] = f"/api/v1/silences/{silence.id}"
    return response


@router.post("/silences/{id}/end", response_model=Silence, responses=CHANGED, summary="End a silence")
async def end_silence(id: Id, web: Web, by: Editing) -> Response:
    """End a silence now."""
    ended = await web.write(end, web.jobs.store, id, by.name or NOBODY, web.clock())
    if ended is None:
        raise HTTPException(404, "No silence with this id is in force.")
    return await answer(web, _model, ended, web)


def _new(given: NewSilence, by: Caller, web: WebContext) -> model.Silence:
    criteria, reason = read_criteria(lambda name: getattr(given, name)), sanitize(given.reason)
    if not any(criteria.values()):
        raise HTTPException(422, f"body: say what to silence: {', '.join(CRITERIA)}.")
    if not reason:
        raise HTTPException(422, "body.reason: a silence needs a reason.")
    return new_silence(criteria, who=by.name or NOBODY, reason=reason, now=web.clock(), lasts=given.lasts)


def _page(web: WebContext, query: SilenceQuery, key: ListKey, after: str) -> SilencePage:
    known = _newest_first(web.store)
    if after:
        places = [number for number, each in enumerate(known) if each.id == after]
        if not places:
            raise unknown_cursor()
        known = known[places[0] + 1 :]
    fitting = [each for each in known if not query.active or each.active(web.clock())]
    shown = fitting[: query.limit]
    next = key.cursor(shown[-1].id) if len(fitting) > query.limit else None
    return SilencePage(items=[_model(each, web) for each in shown], next=next)


def _newest_first(store: Store) -> list[model.Silence]:
    return sorted(store.silences(), key=lambda each: (each.created_at, each.id), reverse=True)


def _silence(web: WebContext, id: str) -> Silence:
    for each in web.store.silences():
        if each.id == id:
            return _model(each, web)
    raise HTTPException(404, "There is no such silence.")


def _done(web: WebContext, silence: model.Silence) -> SilenceDone:
    preview = preview_of(web.store, silence, web.clock())
    return SilenceDone(
        silence=_model(silence, web),
        would_have_suppressed=preview.count,
        alerts=preview.alerts,
        days=preview.days,
    )


def _model(silence: model.Silence, web: WebContext) -> Silence:
    fields: dict[str, Any] = {
        name: getattr(silence, name) for name in Silence.model_fields if name != "active"
    }
    return Silence(**fields, active=silence.active(web.clock()))
