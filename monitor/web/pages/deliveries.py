"""Deliveries: what was sent and what was not, with every attempt; retry and discard."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from monitor.model import AuditEntry, DeliveryState
from monitor.render.sanitize import sanitize
from monitor.store import Store
from monitor.web.base import WebContext
from monitor.web.render import show
from monitor.web.stories.actions import NOBODY

from .common import DeskRouter, Form, Web

router = DeskRouter()

#: Deliveries on the page.
MOST = 100

#: States that need somebody, in the order in which they are shown.
TABS = (
    DeliveryState.DEAD,
    DeliveryState.UNCERTAIN,
    DeliveryState.OWED,
    DeliveryState.SUPPRESSED,
    DeliveryState.EXPIRED,
    DeliveryState.DISCARDED,
    DeliveryState.SENT,
)


@router.get("/deliveries")
async def deliveries(request: Request, web: Web, state: str = "", channel: str = "") -> Response:
    """Show the newest deliveries, of one state or of all."""
    if state and state not in DeliveryState._value2member_map_:
        raise HTTPException(422, f"state: write one of {', '.join(TABS)}")
    return await show(request, web, "deliveries", _deliveries, web, state, channel)


@router.get("/deliveries/{id}")
async def delivery(id: str, request: Request, web: Web) -> Response:
    """Show one delivery with its attempts and its words."""
    return await show(request, web, "delivery", _delivery, web.store, id)


@router.post("/deliveries/{id}/retry")
async def retry(id: str, web: Web, form: Form) -> Response:
    """Make a delivery due now, under the same id."""
    channel = await web.read(_channel, web.store, id)
    if not await web.write(web.jobs.store.requeue, id, web.clock()):
        raise HTTPException(409, "It is sent or under way, and stays as it is.")
    await web.write(web.jobs.store.resume_channels, {channel})
    await _note(web, form.by.name, "delivery retried", id)
    return RedirectResponse(f"/deliveries/{id}", 303)


@router.post("/deliveries/{id}/discard")
async def discard(id: str, web: Web, form: Form) -> Response:
    """Discard a delivery, for a reason."""
    await web.read(_channel, web.store, id)
    reason = sanitize(form.one("reason"))[:300]
    if not reason:
        raise HTTPException(422, "Say why it is discarded.")
    if not await web.write(web.jobs.store.discard, id, web.clock(), reason):
        raise HTTPException(409, "It is sent or discarded, and stays as it is.")
    await _note(web, form.by.name, "delivery discarded", id, reason)
    return RedirectResponse(f"/deliveries/{id}", 303)


async def _note(web: WebContext, who: str, what: str, id: str, detail: str = "") -> None:
    entry = AuditEntry(at=web.clock(), who=who or NOBODY, what=what, subject=id, detail=detail)
    await web.write(web.jobs.store.add_audit, entry)


def _channel(store: Store, id: str) -> str:
    found = store.delivery(id)
    if found is None or found[0].id != id:
        raise HTTPException(404, "There is no such delivery.")
    return found[0].channel


def _deliveries(web: WebContext, state: str, channel: str) -> Mapping[str, Any]:
    store = web.store
    counts: Counter[str] = Counter()
    for backlog in store.backlog().values():
        counts.update(backlog)
    counts[DeliveryState.SENT] = sum(record.sent for record in store.channel_records())
    states = store.channel_states()
    return {
        "deliveries": store.deliveries({state} if state else (), MOST, channel),
        "tabs": TABS,
        "counts": counts,
        "state": state,
        "channel": channel,
        "records": store.channel_records(),
        "channels": {name: states.get(name) for name in {*states, *web.policy.channels}},
        "now": web.clock(),
    }


def _delivery(store: Store, id: str) -> Mapping[str, Any]:
    found = store.delivery(id)
    if found is None:
        raise HTTPException(404, "There is no such delivery.")
    kept, attempts = found
    return {"delivery": kept, "attempts": attempts}
