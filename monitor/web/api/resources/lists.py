"""Sanctions lists and the state of each copy."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from monitor.web.api.access import Web
from monitor.web.api.answers import answer
from monitor.web.api.cursors import ListKey
from monitor.web.api.models.sources import ListPage, SanctionsList
from monitor.web.api.parameters import After, Limit, Name
from monitor.web.base import WebContext
from monitor.web.list_entries import list_record
from monitor.web.stories.filters import DEFAULT_LIMIT

from .common import LISTED, READ, key_of_list

router = APIRouter(tags=["lists"])


class ListQuery(BaseModel):
    """Which page of the lists is meant."""

    model_config = ConfigDict(extra="forbid")

    limit: Limit = DEFAULT_LIMIT
    after: After = ""


@router.get("/lists", response_model=ListPage, responses=LISTED, summary="List sanctions lists")
async def lists(query: Annotated[ListQuery, Query()], request: Request, web: Web) -> Response:
    """Return sanctions lists by name, with the state of the last good copy."""
    key = key_of_list(request)
    return await answer(web, _page, web, query, key, key.place(query.after))


@router.get("/lists/{name}", response_model=SanctionsList, responses=READ, summary="Read a sanctions list")
async def sanctions_list(name: Name, web: Web) -> Response:
    """Return a sanctions list."""
    if name not in web.policy.lists:
        raise HTTPException(404, "No such list is configured.")
    return await answer(web, _list, web, name)


def _page(web: WebContext, query: ListQuery, key: ListKey, after: str) -> ListPage:
    names = [name for name in sorted(web.policy.lists) if name > after]
    shown = names[: query.limit]
    next = key.cursor(shown[-1]) if len(names) > query.limit else None
    return ListPage(items=[_list(web, name) for name in shown], next=next)


def _list(web: WebContext, name: str) -> SanctionsList:
    configured = web.policy.lists[name]
    record = list_record(web.policy.list_cache, name)
    return SanctionsList(
        name=configured.name,
        title=configured.title,
        authority=configured.authority,
        format=configured.format,
        version=record.version,
        entries=record.count.entities if record.count else None,
        fetched_at=record.fetched_at,
        checked_at=record.checked_at,
        problem=record.problem,
    )
