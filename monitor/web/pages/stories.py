"""The list of stories, in HTML and as data, with actions on several at once and saved views."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from monitor.model import AuditEntry, SavedView, StoryFilter, StoryView
from monitor.render.sanitize import sanitize
from monitor.render.terms import EVENTS
from monitor.store import Store
from monitor.web.base import WebContext
from monitor.web.first_run import first_run
from monitor.web.render import show, show_cached
from monitor.web.security.guards import DeskForm
from monitor.web.stories.actions import (
    NOBODY,
    ActionError,
    DeskAction,
    Wanted,
    carry_out,
)
from monitor.web.stories.data import row_data
from monitor.web.stories.filters import ListRequest, read_request
from monitor.web.stories.listing import listing

from .common import DeskRouter, Form, Web
from .sign_in import local_path

router = DeskRouter()

#: How long a story may be muted from the list, in days.
MUTE_DAYS = {"1": 1, "7": 7, "30": 30}


async def show_stories(request: Request, web: WebContext) -> Response:
    """Show the list, or how to begin while no story has been raised."""
    wanted = read_request(request.query_params.multi_items(), web.clock())
    if await web.read(web.store.count_stories, StoryFilter(view=StoryView.ALL), 1) == 0:
        return await show(request, web, "first_run", first_run, web)
    return await show_cached(request, web, "stories", stories_context, web, wanted)


@router.get("/stories")
async def stories(request: Request, web: Web) -> Response:
    """Show the list of stories."""
    return await show_stories(request, web)


@router.get("/stories.json")
async def stories_json(request: Request, web: Web) -> Response:
    """Return the same list as JSON."""
    wanted = read_request(request.query_params.multi_items(), web.clock())
    if wanted.mistakes:
        raise HTTPException(422, "; ".join(wanted.mistakes))
    found = await web.read(listing, web.store, web.policy, wanted, web.clock(), web.alert_views)
    if found.mistakes:
        raise HTTPException(422, "; ".join(found.mistakes))
    items = [row_data(row) for row in found.rows]
    count = {"n": min(found.count, 1000), "more": found.count > 1000}
    return JSONResponse({"items": items, "next": found.next or None, "count": count})


def stories_context(web: WebContext, wanted: ListRequest) -> Mapping[str, Any]:
    """Return what the list shows."""
    now = web.clock()
    undo = web.store.undo(wanted.undo, now)
    return {
        "list": listing(web.store, web.policy, wanted, now, web.alert_views),
        "wanted": wanted,
        "views": web.store.views(),
        "events": sorted((type, words) for type, words in EVENTS.items() if type),
        "undo": undo,
    }


@router.post("/stories/actions")
async def run_together(web: Web, form: Form) -> Response:
    """Do one thing about all chosen stories."""
    return await run_action(web, form, form.all("story"))


async def run_action(web: WebContext, form: DeskForm, stories: tuple[str, ...]) -> Response:
    """Do what a form asks for, and go back to where it was sent from, with a link to undo it.

    Raises:
        HTTPException: 422, something is missing.
    """
    try:
        wanted = _wanted(web, form)
        undo = await web.write(carry_out, web.jobs.store, stories, wanted)
    except ActionError as error:
        raise HTTPException(422, str(error)) from error
    return RedirectResponse(_with_undo(local_path(form.one("next") or "/stories"), undo.token), 303)


@router.post("/undo")
async def undo(web: Web, form: Form) -> Response:
    """Take the last action back."""
    token = form.one("token")[:80]
    if await web.write(web.jobs.store.take_back, token, web.clock()) is None:
        raise HTTPException(410, "That can no longer be undone; it was more than ten minutes ago.")
    return RedirectResponse(local_path(form.one("next") or "/stories"), 303)


@router.post("/views")
async def save_view(web: Web, form: Form) -> Response:
    """Save the list's filter under a name, or delete a saved one."""
    name = sanitize(form.one("name"))[:60]
    if not name:
        raise HTTPException(422, "Give the view a name.")
    if form.one("remove"):
        await web.write(web.jobs.store.remove_view, name)
        return RedirectResponse("/stories", 303)
    query = urlencode(list(_list_query(form.one("query"), web)))
    view = SavedView(name=name, query=query, by=form.by.name or NOBODY, at=web.clock())
    await web.write(_store_view, web.jobs.store, view)
    return RedirectResponse(f"/stories?{query}", 303)


def _store_view(store: Store, view: SavedView) -> None:
    store.put_view(view)
    store.add_audit(
        AuditEntry(at=view.at, who=view.by, what="view saved", subject=view.name, detail=view.query)
    )


def _list_query(query: str, web: WebContext) -> Iterator[tuple[str, str]]:
    """Yield the parameters of a query that are a filter's."""
    yield from read_request(parse_qsl(query[:4_000]), web.clock()).given


def _wanted(web: WebContext, form: DeskForm) -> Wanted:
    now = web.clock()
    action, _, kind = form.one("act").partition(":")
    if action not in DeskAction._value2member_map_:
        raise ActionError("Say what to do.")
    days = MUTE_DAYS.get(form.one("days"), 7)
    return Wanted(
        action=DeskAction(action),
        who=form.by.name or NOBODY,
        at=now,
        text=sanitize(form.one("text")),
        kind=kind or form.one("kind"),
        until=now + timedelta(days=days),
    )


def _with_undo(path: str, token: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{urlencode({'undo': token})}"
