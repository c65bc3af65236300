"""The addresses that WebSub hubs call: to confirm a subscription, and to say that a feed has changed.

A notice only makes the feed due: its body is checked against the signature and otherwise not used.
"""

import asyncio
from datetime import datetime

import structlog
from fastapi import HTTPException, Request, Response
from fastapi.responses import PlainTextResponse

from monitor.feeds.websub.base import Subscribe
from monitor.feeds.websub.schedule import lease_of, polled_at, renewed_at
from monitor.feeds.websub.signatures import Signature
from monitor.model import HubSubscription
from monitor.render.sanitize import clip, sanitize
from monitor.web.base import WebContext

from .common import PublicRouter, Web

log = structlog.get_logger()
router = PublicRouter()

MAX_NOTICE_BYTES = 20_000_000
_MAX_CHALLENGE = 1_000
_BODY_S = 10.0


@router.get("/websub/{token}")
async def confirm(token: str, request: Request, web: Web) -> Response:
    """Confirm to a hub that we want a subscription, or take note that the hub denies it."""
    subscription, subscribe = await _subscription(web, token), _enabled(web)
    asked = request.query_params
    if asked.get("hub.topic") != subscription.topic:
        raise HTTPException(404, "This subscription is for another topic.")
    if asked.get("hub.mode") == "denied":
        reason = f"the hub denies it: {clip(sanitize(asked.get('hub.reason', '')), 200) or 'no reason given'}"
        await web.write(web.jobs.store.record_hub_refusal, token, reason)
        log.warning("hub_refused", feed=subscription.feed, reason=reason)
        return PlainTextResponse("noted\n")
    challenge = asked.get("hub.challenge", "")
    if asked.get("hub.mode") != "subscribe" or not 0 < len(challenge) <= _MAX_CHALLENGE:
        raise HTTPException(404, "Nothing like that was asked for.")
    now, lease = web.clock(), lease_of(asked.get("hub.lease_seconds", ""), subscribe.lease)
    await web.write(web.jobs.store.confirm_hub, token, now + lease, renewed_at(now, lease))
    log.info("hub_confirmed", feed=subscription.feed, lease_s=int(lease.total_seconds()))
    return PlainTextResponse(challenge)


@router.post("/websub/{token}")
async def notice(token: str, request: Request, web: Web) -> Response:
    """Make a feed due because its hub says that it has changed; a false signature changes nothing."""
    subscription = await _subscription(web, token)
    _enabled(web)
    signature = Signature.of(request.headers.get("X-Hub-Signature", ""), subscription.secret)
    if signature is None or not await _is_signed(request, signature):
        log.warning("hub_notice_refused", feed=subscription.feed, reason="its signature is missing or false")
        return Response(status_code=202)
    await web.write(_make_due, web, subscription, web.clock())
    log.info("hub_notice_received", feed=subscription.feed)
    return Response(status_code=202)


def _make_due(web: WebContext, subscription: HubSubscription, now: datetime) -> None:
    store = web.jobs.store
    poll_at = polled_at(now, store.last_poll(subscription.feed))
    store.notify_hub(subscription.token, now, poll_at)


async def _is_signed(request: Request, signature: Signature) -> bool:
    """Say whether a body has its signature; it is read part by part and not kept."""
    size = 0
    try:
        async with asyncio.timeout(_BODY_S):
            async for part in request.stream():
                size += len(part)
                if size > MAX_NOTICE_BYTES:
                    return False
                signature.add(part)
    except TimeoutError:
        return False
    return signature.matches()


def _enabled(web: WebContext) -> Subscribe:
    if web.policy.subscribe is None:
        raise HTTPException(410, "No subscriptions are made here: websub.enabled is not set.")
    return web.policy.subscribe


async def _subscription(web: WebContext, token: str) -> HubSubscription:
    found = await web.read(web.store.hub_subscription_by, token)
    if found is None:
        raise HTTPException(410, "There is no such subscription.")
    return found
