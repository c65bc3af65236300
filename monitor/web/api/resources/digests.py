"""Digests that were planned, with their alerts and deliveries."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.store import Store
from monitor.web.api.access import AnyCaller, Web
from monitor.web.api.answers import answer
from monitor.web.api.cursors import ListKey, unknown_cursor
from monitor.web.api.models.deliveries import Digest, DigestDetail, DigestPage
from monitor.web.api.parameters import After, Id, Limit, Word
from monitor.web.stories.filters import DEFAULT_LIMIT

from .common import LISTED, READ, key_of_list
from .deliveries import delivery_model

router = APIRouter(tags=["digests"])


class DigestQuery(BaseModel):
    """Filters of digests."""

    model_config = ConfigDict(extra="forbid")

    subscription: Annotated[Word | None, Field(description="Of this subscription.")] = None
    limit: Limit = DEFAULT_LIMIT
    after: After = ""


@router.get("/digests", response_model=DigestPage, responses=LISTED, summary="List digests")
async def digests(query: Annotated[DigestQuery, Query()], request: Request, web: Web) -> Response:
    """Return digests, those planned last first."""
    key = key_of_list(request)
    return await answer(web, _page, web.store, query, key, key.place(query.after))


@router.get("/digests/{id}", response_model=DigestDetail, responses=READ, summary="Read a digest")
async def digest(id: Id, web: Web, by: AnyCaller) -> Response:
    """Return a digest with the ids of its alerts and its deliveries."""
    return await answer(web, _detail, web.store, id, by.may_edit)


def _page(store: Store, query: DigestQuery, key: ListKey, after: str) -> DigestPage:
    if after and store.past_digest(after) is None:
        raise unknown_cursor()
    found = store.digest_page(subscription=query.subscription or "", after=after, limit=query.limit + 1)
    shown = found[: query.limit]
    next = key.cursor(shown[-1].id) if len(found) > query.limit else None
    return DigestPage(items=[Digest.model_validate(each, from_attributes=True) for each in shown], next=next)


def _detail(store: Store, id: str, with_recipient: bool) -> DigestDetail:
    found = store.past_digest(id)
    if found is None:
        raise HTTPException(404, "There is no such digest.")
    digest, deliveries = found
    alerts = store.digest_alerts([digest.id]).get(digest.id, ())
    return DigestDetail(
        digest=Digest.model_validate(digest, from_attributes=True),
        alert_ids=[each.id for each in alerts],
        deliveries=[delivery_model(each, with_recipient=with_recipient) for each in deliveries],
    )
