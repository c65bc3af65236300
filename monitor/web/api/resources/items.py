"""Items: all that is stored, flagged or not, by a query and by properties."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.jobs.search import Search as ItemSearch
from monitor.jobs.search import needs_engine, search_of
from monitor.match.query.parser import QueryError
from monitor.model import ItemFilter, Judged, Topic
from monitor.render.json import verdict_data
from monitor.store import Store
from monitor.web.api.access import Web
from monitor.web.api.answers import answer
from monitor.web.api.cursors import ListKey, unknown_cursor
from monitor.web.api.models.news import Item, ItemPage
from monitor.web.api.models.verdicts import Verdict
from monitor.web.api.parameters import After, Id, Limit, Search, Severity, Since, Until, Word
from monitor.web.base import WebContext
from monitor.web.stories.filters import DEFAULT_LIMIT

from .common import LISTED, READ, key_of_list, moment

router = APIRouter(tags=["items"])

#: How long items are examined for one page.
MAX_SECONDS = 3.0

_BATCH = 200


class ItemQuery(BaseModel):
    """Filters of items; all must fit."""

    model_config = ConfigDict(extra="forbid")

    q: Search = ""
    topic: Annotated[Topic | None, Field(description="Flagged for this topic.")] = None
    possible: Annotated[bool, Field(description="Near misses instead: just below the threshold.")] = False
    event: Annotated[Word | None, Field(description="With this type of event.")] = None
    feed: Annotated[Word | None, Field(description="Of this feed.")] = None
    lang: Annotated[Word | None, Field(description="In this language: en fits en-GB, too.")] = None
    severity: Severity = 0
    since: Since = None
    until: Until = None
    limit: Limit = DEFAULT_LIMIT
    after: After = ""


@dataclass(frozen=True, slots=True)
class FoundItems:
    """Items that fit, and the last one examined if there may be more."""

    items: list[Judged]
    last: Judged | None


@router.get("/items", response_model=ItemPage, responses=LISTED, summary="List items")
async def items(query: Annotated[ItemQuery, Query()], request: Request, web: Web) -> Response:
    """Return stored items, the newest first, flagged or not, each with its verdict."""
    key = key_of_list(request)
    return await answer(web, _page, web, query, key, key.place(query.after))


@router.get("/items/{id}", response_model=Item, responses=READ, summary="Read an item")
async def item(id: Id, web: Web) -> Response:
    """Return a stored item with its verdict."""
    return await answer(web, _item, web.store, id)


def item_search(web: WebContext, query: ItemQuery) -> ItemSearch:
    """Return the search that a query asks for.

    Raises:
        HTTPException: 422, a moment or the query cannot be read; 503, no rules are loaded.
    """
    now = web.clock()
    asked = ItemFilter(
        since=moment("since", query.since, now),
        until=moment("until", query.until, now),
        feed=query.feed or "",
        topic=query.topic or "",
        possible=query.possible,
        min_severity=query.severity,
        event=query.event or "",
        lang=query.lang or "",
    )
    try:
        engine = web.policy.engine if needs_engine(query.q) else None
        return search_of(query.q, asked, engine)
    except QueryError as error:
        raise HTTPException(422, f"query.q: {error}") from error


def find_items(store: Store, search: ItemSearch, after: Judged | None, limit: int) -> FoundItems:
    """Return the newest items that fit, or those `after` one; examines them for at most `MAX_SECONDS`."""
    found, end = list[Judged](), perf_counter() + MAX_SECONDS
    for each in _candidates(store, search, after, limit):
        if len(found) == limit or perf_counter() > end:
            return FoundItems(found, after)
        after = each
        if search.holds(each.item):
            found.append(each)
    return FoundItems(found, None)


def item_model(judged: Judged) -> Item:
    """Return an item as the API has it."""
    item = judged.item
    return Item(
        id=item.id,
        feed=item.feed,
        title=item.title,
        summary=item.summary,
        url=item.url,
        lang=item.lang,
        published_at=item.published_at,
        first_seen_at=item.first_seen_at,
        categories=item.categories,
        verdict=Verdict.model_validate(verdict_data(judged.verdict, judged.decision)),
    )


def place_of(store: Store, id: str) -> Judged | None:
    """Return the item behind which a page begins; None for the first page.

    Raises:
        HTTPException: 422, it is no longer stored.
    """
    if not id:
        return None
    found = store.item(id)
    if found is None or found.item.id != id:
        raise unknown_cursor()
    return found


def _candidates(store: Store, search: ItemSearch, last: Judged | None, limit: int) -> Iterator[Judged]:
    size = limit + 1 if search.query is None else _BATCH
    while batch := store.find_items(search.asked, search.words, last, size):
        yield from batch
        last = batch[-1]


def _page(web: WebContext, query: ItemQuery, key: ListKey, after: str) -> ItemPage:
    store = web.store
    found = find_items(store, item_search(web, query), place_of(store, after), query.limit)
    next = key.cursor(found.last.item.id) if found.last else None
    return ItemPage(items=[item_model(each) for each in found.items], next=next)


def _item(store: Store, id: str) -> Item:
    found = store.item(id)
    if found is None:
        raise HTTPException(404, "There is no such item; it may have left the archive.")
    return item_model(found)
