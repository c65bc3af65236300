"""Deliveries: the list, one with its attempts, and a retry."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from monitor import model
from monitor.model import Attempt, DeliveryState
from monitor.store import Store
from monitor.web.api.access import AnyCaller, Editing, Web
from monitor.web.api.answers import answer
from monitor.web.api.cursors import ListKey
from monitor.web.api.models import deliveries as models
from monitor.web.api.parameters import After, Id, Limit, Word
from monitor.web.deliveries import retry_delivery
from monitor.web.stories.actions import NOBODY
from monitor.web.stories.filters import DEFAULT_LIMIT

from .common import CHANGED, LISTED, READ, key_of_list

router = APIRouter(tags=["deliveries"])


class DeliveryQuery(BaseModel):
    """Filters of deliveries; of a repeated state, one must fit."""

    model_config = ConfigDict(extra="forbid")

    state: Annotated[
        list[DeliveryState], Field(max_length=8, description="In one of these states; dead needs a look.")
    ] = []
    channel: Annotated[Word | None, Field(description="Of this channel.")] = None
    story: Annotated[Word | None, Field(description="About this story.")] = None
    limit: Limit = DEFAULT_LIMIT
    after: After = ""


@router.get("/deliveries", response_model=models.DeliveryPage, responses=LISTED, summary="List deliveries")
async def deliveries(
    query: Annotated[DeliveryQuery, Query()], request: Request, web: Web, by: AnyCaller
) -> Response:
    """Return deliveries, the newest first; addresses of recipients are for who may change things."""
    key = key_of_list(request)
    return await answer(web, _page, web.store, query, key, key.number(query.after), by.may_edit)


@router.get(
    "/deliveries/{id}", response_model=models.DeliveryHistory, responses=READ, summary="Read a delivery"
)
async def delivery(id: Id, web: Web, by: AnyCaller) -> Response:
    """Return a delivery with its attempts."""
    return await answer(web, _history, web.store, id, by.may_edit)


@router.post(
    "/deliveries/{id}/retry",
    response_model=models.DeliveryHistory,
    responses=CHANGED,
    summary="Retry a delivery",
)
async def retry(id: Id, web: Web, by: Editing) -> Response:
    """Make a delivery that is not sent due now, under the same id."""
    found, _ = await web.read(_found, web.store, id)
    if not await web.write(retry_delivery, web.jobs.store, found, by.name or NOBODY, web.clock()):
        raise HTTPException(409, "It is sent or under way, and stays as it is.")
    return await answer(web, _history, web.store, found.id, by.may_edit)


def delivery_model(delivery: model.Delivery, *, with_recipient: bool) -> models.Delivery:
    """Return a delivery as the API has it; its words, which have links to act by, are left out."""
    return models.Delivery(
        id=delivery.id,
        kind=delivery.kind,
        ref=delivery.ref,
        story=delivery.story,
        channel=delivery.channel,
        recipient=delivery.recipient if with_recipient else None,
        subject=delivery.message.subject,
        state=delivery.state,
        reason=delivery.reason,
        severity=delivery.severity,
        attempts=delivery.attempts,
        created_at=delivery.created_at,
        due_at=delivery.due_at,
        covered_by=delivery.covered_by,
    )


def _page(
    store: Store, query: DeliveryQuery, key: ListKey, before: int, with_recipient: bool
) -> models.DeliveryPage:
    found = store.delivery_page(
        states=query.state,
        channel=query.channel or "",
        story=query.story or "",
        before=before,
        limit=query.limit + 1,
    )
    shown = found[: query.limit]
    return models.DeliveryPage(
        items=[delivery_model(each, with_recipient=with_recipient) for _, each in shown],
        next=key.cursor(shown[-1][0]) if len(found) > query.limit else None,
    )


def _history(store: Store, id: str, with_recipient: bool) -> models.DeliveryHistory:
    delivery, attempts = _found(store, id)
    return models.DeliveryHistory(
        delivery=delivery_model(delivery, with_recipient=with_recipient),
        history=[models.Attempt.model_validate(each, from_attributes=True) for each in attempts],
    )


def _found(store: Store, id: str) -> tuple[model.Delivery, tuple[Attempt, ...]]:
    found = store.delivery(id)
    if found is None:
        raise HTTPException(404, "There is no such delivery; it may have left the archive.")
    return found
