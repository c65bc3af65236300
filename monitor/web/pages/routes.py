"""Routes and recipients in order, and the path of a stored item through them."""

from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException, Request, Response

from monitor.alerts.trace import path_of, why
from monitor.model import Alert, Judged, key_of
from monitor.render.sanitize import sanitized
from monitor.web.base import WebContext
from monitor.web.render import show

from .common import DeskRouter, Web

router = DeskRouter()


@router.get("/routes")
async def routes(request: Request, web: Web, item: str = "") -> Response:
    """Show the routes, and the path of an item if one is given."""
    return await show(request, web, "routes", _routes, web, item.strip()[:80])


def _routes(web: WebContext, item: str) -> Mapping[str, Any]:
    context = web.policy.alerts
    alert = _alert(web, item) if item else None
    subscriptions = web.policy.subscriptions
    path = path_of(alert, context.routes, subscriptions, context.recipients) if alert else None
    return {
        "routes": context.routes,
        "recipients": context.recipients,
        "digests": [each for each in subscriptions if each.recipient is None],
        "item": item,
        "alert": sanitized(alert) if alert else None,
        "path": path,
        "steps": [(step, why(step)) for step in path.stops] if path else [],
    }


def _alert(web: WebContext, item: str) -> Alert:
    """Return the alert of an item or a story, or the one that the item would have raised."""
    row = web.store.story_row(item)
    if row:
        return row.alert
    judged = web.store.item(item)
    if judged is None:
        raise HTTPException(404, "There is no such item or story.")
    return web.store.alert_of(judged.item.id) or _would_be(web, judged)


def _would_be(web: WebContext, judged: Judged) -> Alert:
    feed = web.policy.alerts.feeds.get(judged.item.feed)
    return Alert(
        item=judged.item,
        verdict=judged.verdict,
        decision=judged.decision,
        story=key_of("story", judged.item.feed, judged.item.guid),
        raised_at=web.clock(),
        source=feed.title if feed else judged.item.feed,
        tier=feed.tier.value if feed else "",
    )
