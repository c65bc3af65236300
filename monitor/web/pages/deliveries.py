"""Deliveries: what was sent and what was not, with every attempt; retry, discard, and test a channel."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from monitor.jobs.channel_test import ChannelAnswer, ChannelTest
from monitor.model import Delivery, DeliveryState
from monitor.render.sanitize import sanitize
from monitor.store import Store
from monitor.web.audit import add_audit
from monitor.web.base import WebContext
from monitor.web.deliveries import retry_delivery
from monitor.web.render import show
from monitor.web.stories.actions import NOBODY

from .common import DeskRouter, Form, Web

router = DeskRouter()

#: Deliveries on the page.
MOST = 100

#: How long a test message may take.
TEST_SECONDS = 12.0

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
    found = await web.read(_found, web.store, id)
    if not await web.write(retry_delivery, web.jobs.store, found, form.by.name or NOBODY, web.clock()):
        raise HTTPException(409, "It is sent or under way, and stays as it is.")
    return RedirectResponse(f"/deliveries/{id}", 303)


@router.post("/deliveries/{id}/discard")
async def discard(id: str, web: Web, form: Form) -> Response:
    """Discard a delivery, for a reason."""
    await web.read(_found, web.store, id)
    reason = sanitize(form.one("reason"))[:300]
    if not reason:
        raise HTTPException(422, "Say why it is discarded.")
    if not await web.write(web.jobs.store.discard, id, web.clock(), reason):
        raise HTTPException(409, "It is sent or discarded, and stays as it is.")
    await add_audit(web, form.by, "delivery discarded", id, reason)
    return RedirectResponse(f"/deliveries/{id}", 303)


@router.post("/channels/{name}/test")
async def test_channel(name: str, request: Request, web: Web, form: Form) -> Response:
    """Send a test message to one recipient of a channel, and show what was answered."""
    with web.jobs.current.use() as policy:
        target, channel = policy.alerts.channel_targets.get(name), policy.channels.get(name)
        if target is None or channel is None:
            raise HTTPException(404, "No such channel is configured.")
        recipient = form.one("recipient")
        if recipient not in target.recipients:
            raise HTTPException(422, "That is no recipient of this channel.")
        test = ChannelTest(
            name=name,
            channel=channel,
            form=target.form,
            render=policy.renderer.alert,
            time_limit_s=TEST_SECONDS,
        )
        async with web.turns.channel_tests.turn():
            answers = await test.send((recipient,), web.clock())
    said = "; ".join(answer.answer for answer in answers)
    await add_audit(web, form.by, "channel tested", name, sanitize(said)[:300])
    return await show(request, web, "channel_test", _answers, name, answers)


def _answers(name: str, answers: tuple[ChannelAnswer, ...]) -> Mapping[str, Any]:
    return {"name": name, "answers": answers}


def _found(store: Store, id: str) -> Delivery:
    found = store.delivery(id)
    if found is None or found[0].id != id:
        raise HTTPException(404, "There is no such delivery.")
    return found[0]


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
        "targets": web.policy.alerts.channel_targets,
        "now": web.clock(),
    }


def _delivery(store: Store, id: str) -> Mapping[str, Any]:
    found = store.delivery(id)
    if found is None:
        raise HTTPException(404, "There is no such delivery.")
    kept, attempts = found
    return {"delivery": kept, "attempts": attempts}
