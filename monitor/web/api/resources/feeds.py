"""Feeds and how each answers."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.errors import FeedHealth
from monitor.feeds.links import display_url
from monitor.model import FeedState, LoggedPoll
from monitor.web.api.access import Web
from monitor.web.api.answers import answer
from monitor.web.api.cursors import ListKey
from monitor.web.api.models.sources import Feed, FeedPage, Poll, PollPage
from monitor.web.api.parameters import After, Limit, Name
from monitor.web.base import WebContext
from monitor.web.feeds.poll_lines import with_repeats
from monitor.web.stories.filters import DEFAULT_LIMIT

from .common import LISTED, READ, key_of_list

router = APIRouter(tags=["feeds"])


class PollQuery(BaseModel):
    """The page of the log of polls."""

    model_config = ConfigDict(extra="forbid")

    limit: Limit = DEFAULT_LIMIT
    after: After = ""


class FeedQuery(BaseModel):
    """Filters of feeds; of a repeated one, one must fit."""

    model_config = ConfigDict(extra="forbid")

    health: Annotated[
        list[FeedHealth], Field(max_length=20, description="Whose last poll came to one of these.")
    ] = []
    failing: Annotated[bool, Field(description="Only those whose last poll failed.")] = False
    limit: Limit = DEFAULT_LIMIT
    after: After = ""


@router.get("/feeds", response_model=FeedPage, responses=LISTED, summary="List feeds")
async def feeds(query: Annotated[FeedQuery, Query()], request: Request, web: Web) -> Response:
    """Return feeds by name, with the outcome of the last poll."""
    key = key_of_list(request)
    return await answer(web, _page, web, query, key, key.place(query.after))


@router.get("/feeds/{name}", response_model=Feed, responses=READ, summary="Read a feed")
async def feed(name: Name, web: Web) -> Response:
    """Return a feed."""
    return await answer(web, _feed, web, name)


@router.get(
    "/feeds/{name}/polls",
    response_model=PollPage,
    responses=LISTED | READ,
    summary="List the latest polls of a feed",
)
async def polls(name: Name, query: Annotated[PollQuery, Query()], request: Request, web: Web) -> Response:
    """Return the latest polls of a feed that brought news or another answer, newest first."""
    key = key_of_list(request)
    return await answer(web, _polls, web, name, query, key, key.number(query.after))


def _polls(web: WebContext, name: str, query: PollQuery, key: ListKey, before: int) -> PollPage:
    logged = with_repeats(_state(web, name), web.store.feed_polls(name))
    older = [(poll, repeats) for poll, repeats in logged if not before or poll.version < before]
    shown = older[: query.limit]
    next = key.cursor(shown[-1][0].version) if len(older) > query.limit else None
    return PollPage(items=[_poll(poll, repeats) for poll, repeats in shown], next=next)


def _poll(poll: LoggedPoll, repeats: int) -> Poll:
    return Poll(
        at=poll.at,
        health=poll.health,
        reason=poll.reason,
        news=poll.news,
        items=poll.items,
        size=poll.size,
        took_s=poll.took_s,
        repeats=repeats,
    )


def _page(web: WebContext, query: FeedQuery, key: ListKey, after: str) -> FeedPage:
    fitting = [state for state in _fitting(web, query) if state.feed > after]
    shown = fitting[: query.limit]
    next = key.cursor(shown[-1].feed) if len(fitting) > query.limit else None
    return FeedPage(items=[_model(web, state) for state in shown], next=next)


def _fitting(web: WebContext, query: FeedQuery) -> Iterator[FeedState]:
    for state in sorted(web.store.feed_states(), key=lambda state: state.feed):
        has_health = not query.health or state.health in query.health
        if has_health and (state.failures or not query.failing):
            yield state


def _feed(web: WebContext, name: str) -> Feed:
    return _model(web, _state(web, name))


def _state(web: WebContext, name: str) -> FeedState:
    for state in web.store.feed_states():
        if state.feed == name:
            return state
    raise HTTPException(404, "No such feed is polled.")


def _model(web: WebContext, state: FeedState) -> Feed:
    configured = web.policy.alerts.feeds.get(state.feed)
    return Feed(
        name=state.feed,
        title=configured.title if configured else "",
        url=display_url(configured.url) if configured else "",
        tier=configured.tier if configured else "",
        lang=configured.lang if configured else "",
        health=state.health,
        reason=state.reason,
        failures=state.failures,
        items_seen=state.items_seen,
        polled_at=state.polled_at,
        good_at=state.good_at,
        next_poll_at=state.next_poll_at,
    )
