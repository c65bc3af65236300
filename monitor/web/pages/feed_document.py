"""The last stored document of a feed as plain text, and what the feed answers with now."""

from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import PlainTextResponse

from monitor.feeds.parsing.decode import decode
from monitor.model import Feed
from monitor.render.sanitize import clip, sanitize
from monitor.web.audit import add_audit
from monitor.web.feeds.preview import AddressPreview, preview_address
from monitor.web.render import show

from .common import DeskRouter, Form, Web

router = DeskRouter()

#: Bytes of a document that are shown.
MAX_SHOWN = 1_000_000

#: A document is text for people: it loads nothing, runs nothing, and is framed by nothing.
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@router.get("/feeds/{name}/document")
async def document(name: str, web: Web) -> Response:
    """Return the newest stored document of a feed as plain text."""
    kept = await web.read(web.store.last_document, name)
    if kept is None:
        raise HTTPException(404, "No document of this feed is stored; those that raised an alert are.")
    kind = next((value for key, value in kept.headers if key.lower() == "content-type"), "")
    text = await web.read(_text, kept.body, kind)
    return PlainTextResponse(text, headers={"Content-Security-Policy": _POLICY})


@router.post("/feeds/{name}/probe")
async def probe_feed(name: str, request: Request, web: Web, form: Form) -> Response:
    """Fetch a feed once and show what it answers with; nothing is stored."""
    feed = web.policy.alerts.feeds.get(name) or web.policy.feeds_off.get(name)
    if feed is None:
        raise HTTPException(404, "No such feed is configured.")
    async with web.turns.fetches.turn():
        found = await preview_address(web, feed)
    await add_audit(web, form.by, "feed probed", name, found.health)
    return await show(request, web, "feed_probe", _context, feed, found)


def _text(body: bytes, content_type: str) -> str:
    text = decode(body[:MAX_SHOWN], content_type)[0]
    return text if len(body) <= MAX_SHOWN else f"{text}\n\n… cut after {MAX_SHOWN:,} of {len(body):,} bytes"


def _context(feed: Feed, found: AddressPreview) -> Mapping[str, Any]:
    return {"name": feed.name, "title": clip(sanitize(feed.title), 80), "found": found}
