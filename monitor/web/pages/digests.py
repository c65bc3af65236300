"""Digests: past ones exactly as they were sent, and a preview of the next."""

from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from monitor.jobs.digest import preview_of
from monitor.model import Delivery, Message, MessageForm, PastDigest, Subscription
from monitor.store import Store
from monitor.web.base import WebContext
from monitor.web.render import show

from .common import DeskRouter, Web

router = DeskRouter()

#: The policy of a mail within a page: its own styles hold, nothing runs, nothing is fetched.
_MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@router.get("/digests")
async def digests(request: Request, web: Web) -> Response:
    """Show the digests planned lately, and when the next are due."""
    return await show(request, web, "digests", _digests, web)


@router.get("/digests/next/{name}")
async def next_digest(name: str, request: Request, web: Web) -> Response:
    """Show what the next digest would be if it were sent now."""
    return await show(request, web, "digest", _next, web, name)


@router.get("/digests/next/{name}/mail")
async def next_mail(name: str, web: Web) -> Response:
    """Return the mail of the next digest by itself, for a frame."""
    return _mail(await web.read(_next_message, web, name))


@router.get("/digests/{id}")
async def digest(id: str, request: Request, web: Web) -> Response:
    """Show a past digest, with where it went."""
    return await show(request, web, "digest", _past, web.store, id)


@router.get("/digests/{id}/mail")
async def mail(id: str, web: Web) -> Response:
    """Return the mail of a past digest by itself, for a frame."""
    _, deliveries = await web.read(_found, web.store, id)
    return _mail(_best(deliveries))


def _mail(message: Message | None) -> Response:
    if message is None:
        raise HTTPException(404, "No mail of this digest is kept.")
    return HTMLResponse(message.html, headers={"Content-Security-Policy": _MAIL_POLICY})


def _digests(web: WebContext) -> Mapping[str, Any]:
    subscriptions = [each for each in web.policy.subscriptions if each.recipient is None]
    names = [each.name for each in subscriptions]
    waiting = web.store.waiting(names)
    counts = {
        each.name: sum(each.fits(alert) for alert in waiting.get(each.name, ())) for each in subscriptions
    }
    return {"digests": web.store.past_digests(), "subscriptions": subscriptions, "waiting": counts}


def _past(store: Store, id: str) -> Mapping[str, Any]:
    found, deliveries = _found(store, id)
    message = _best(deliveries)
    return {
        "digest": found,
        "name": found.subscription,
        "deliveries": deliveries,
        "message": message,
        "mail": f"/digests/{found.id}/mail" if message and message.html else "",
    }


def _found(store: Store, id: str) -> tuple[PastDigest, tuple[Delivery, ...]]:
    found = store.past_digest(id[:80])
    if found is None:
        raise HTTPException(404, "There is no such digest.")
    return found


def _best(deliveries: tuple[Delivery, ...]) -> Message | None:
    """Return the message with HTML, or else one with text."""
    messages = [each.message for each in deliveries]
    with_html = [each for each in messages if each.html]
    return next(iter([*with_html, *(each for each in messages if each.text)]), None)


def _next(web: WebContext, name: str) -> Mapping[str, Any]:
    message = _next_message(web, name)
    return {
        "digest": None,
        "name": name,
        "deliveries": (),
        "message": message,
        "mail": f"/digests/next/{name}/mail",
    }


def _next_message(web: WebContext, name: str) -> Message:
    sub = _subscription(web, name)
    now, store = web.clock(), web.store
    states = store.subscription_states([name])
    since = states[name].since if name in states else now
    alerts = store.waiting([name]).get(name, ())
    (message,) = web.policy.renderer.digest(preview_of(sub, since, now, store, alerts), MessageForm.MAIL)
    return message


def _subscription(web: WebContext, name: str) -> Subscription:
    for each in web.policy.subscriptions:
        if each.name == name:
            return each
    raise HTTPException(404, "There is no such digest.")
