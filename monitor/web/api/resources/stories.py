"""Stories: the list with the filters of the desk, one story, and what is done about it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model import StoryFilter, StoryView, Topic
from monitor.render.sanitize import sanitize
from monitor.store import Store
from monitor.web.api.access import Editing, Web
from monitor.web.api.answers import answer
from monitor.web.api.cursors import ListKey
from monitor.web.api.models.stories import (
    Count,
    Done,
    Note,
    Story,
    StoryAction,
    StoryPage,
    StorySummary,
    UndoRequest,
)
from monitor.web.api.parameters import After, Id, Limit, Search, Severity, Since, Until, Word
from monitor.web.base import WebContext
from monitor.web.stories.actions import NOBODY, ActionError, DeskAction, Wanted, carry_out
from monitor.web.stories.data import row_data
from monitor.web.stories.filters import DEFAULT_LIMIT, ListRequest, read_request
from monitor.web.stories.listing import MOST_COUNTED, find_stories, searched
from monitor.web.stories.rows import RowView, row_view
from monitor.web.stories.story_page import story_data

from .alerts import alert_model
from .common import CHANGED, LISTED, READ, key_of_list

router = APIRouter(tags=["stories"])

_Words = Annotated[list[Word], Field(max_length=20)]


class StoryQuery(BaseModel):
    """Filters of stories; of one that is repeated, one value must fit."""

    model_config = ConfigDict(extra="forbid")

    q: Search = ""
    topic: Annotated[list[Topic], Field(max_length=2, description="Flagged for one of these topics.")] = []
    event: Annotated[_Words, Field(description="With one of these types of event.")] = []
    status: Annotated[_Words, Field(description="Which has come so far: done, denied, …")] = []
    direction: Annotated[_Words, Field(description="impose, relax, enforce, supply, …")] = []
    party: Annotated[_Words, Field(description="That name one of these ids or names.")] = []
    authority: Annotated[_Words, Field(description="In which one of these ids acts.")] = []
    feed: Annotated[_Words, Field(description="Reported by one of these feeds.")] = []
    lang: Annotated[_Words, Field(description="Reported in one of these languages: en, tr.")] = []
    severity: Severity = 0
    view: Annotated[StoryView, Field(description="Without an answer, near misses, or all.")] = StoryView.ALL
    assigned: Annotated[Word | None, Field(description="Whom it is assigned to; - for nobody.")] = None
    since: Since = None
    until: Until = None
    limit: Limit = DEFAULT_LIMIT
    after: After = ""


@router.get("/stories", response_model=StoryPage, responses=LISTED, summary="List stories")
async def stories(query: Annotated[StoryQuery, Query()], request: Request, web: Web) -> Response:
    """Return stories, those with the newest alert first."""
    key = key_of_list(request)
    return await answer(web, story_page, web, wanted_stories(query, web), key, key.number(query.after))


@router.get("/stories/{id}", response_model=Story, responses=READ, summary="Read a story")
async def story(id: Id, web: Web) -> Response:
    """Return a story with its alerts and notes."""
    return await answer(web, _story, web.store, id)


@router.post("/stories/{id}/actions", response_model=Done, responses=CHANGED, summary="Act on a story")
async def change_story(id: Id, given: StoryAction, web: Web, by: Editing) -> Response:
    """Acknowledge, assign or mute a story, give feedback on it, or note something; it can be undone."""
    row = await web.read(web.store.story_row, id)
    if row is None:
        raise HTTPException(404, "There is no such story.")
    try:
        undo = await web.write(carry_out, web.jobs.store, (row.story,), _wanted(given, by.name, web))
    except ActionError as error:
        raise HTTPException(422, f"body: {error}") from error
    return await answer(web, Done, words=undo.words, undo=undo.token, until=undo.until)


@router.post("/undo", response_model=Done, responses=CHANGED, summary="Undo an action")
async def undo(given: UndoRequest, web: Web, by: Editing) -> Response:
    """Take back what was done within the last ten minutes."""
    found = await web.write(web.jobs.store.take_back, given.token, web.clock())
    if found is None:
        raise HTTPException(404, "That can no longer be undone; it was more than ten minutes ago, or undone.")
    return await answer(web, Done, words=f"Undone: {found.words}", undo=found.token, until=found.until)


def wanted_stories(query: StoryQuery, web: WebContext) -> ListRequest:
    """Return what the page of stories would be asked for.

    Raises:
        HTTPException: 422, a moment cannot be read.
    """
    request = read_request(_pairs(query), web.clock())
    if request.mistakes:
        raise HTTPException(422, "; ".join(f"query.{each}" for each in request.mistakes))
    return request


def _pairs(query: StoryQuery) -> Iterable[tuple[str, str]]:
    for name, given in query.model_dump(exclude={"after"}).items():
        for value in given if isinstance(given, list) else [given]:
            if value not in {None, ""}:
                yield name, str(value)


def story_page(web: WebContext, request: ListRequest, key: ListKey, before: int) -> StoryPage:
    """Return a page of stories.

    Raises:
        HTTPException: 422, the query has a mistake.
    """
    filter, search, mistakes = searched(web.policy, request)
    if mistakes:
        raise HTTPException(422, "; ".join(f"query.{each}" for each in mistakes))
    found = find_stories(web.store, filter, search, before, request.limit)
    now, silences = web.clock(), web.store.silences(web.clock())
    items = [_summary(row_view(row, now, silences)) for row in found.rows]
    count = _count(web.store, filter) if search is None or search.exact else None
    return StoryPage(items=items, next=key.cursor(found.next) if found.next else None, count=count)


def _summary(row: RowView) -> StorySummary:
    data = row_data(row)
    return StorySummary.model_validate({**data, "line": data["act"]})


def _count(store: Store, filter: StoryFilter) -> Count:
    counted = store.count_stories(filter, MOST_COUNTED)
    return Count(n=min(counted, MOST_COUNTED), more=counted > MOST_COUNTED)


def _story(store: Store, id: str) -> Story:
    row = store.story_row(id)
    if row is None:
        raise HTTPException(404, "There is no such story; it may have left the archive.")
    data = story_data(store, row)
    alerts = [alert_model(each) for each in store.story_alerts(row.story)]
    notes = [Note(id=each.id, who=each.who, at=each.at, text=each.text) for each in store.notes(row.story)]
    return Story.model_validate({**data, "alerts": alerts, "notes": notes})


def _wanted(given: StoryAction, who: str, web: WebContext) -> Wanted:
    now = web.clock()
    return Wanted(
        action=DeskAction(given.action),
        who=who or NOBODY,
        at=now,
        text=sanitize(given.text),
        kind=given.kind,
        until=now + timedelta(days=given.days),
    )
