"""The Atom feed of alerts; it is made anew only when an alert was raised or a few seconds have passed."""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import HTTPException, Request, Response

from monitor.model import Placement
from monitor.web import atom
from monitor.web.base import WebContext

from .common import PublicRouter, Web

#: The period and the number of alerts in the feed.
FEED_SPAN = timedelta(days=14)
FEED_MOST = 100

#: How long a document is served without asking for alerts older than the feed's period.
KEPT = timedelta(seconds=60)

router = PublicRouter()


@dataclass(frozen=True, slots=True)
class Document:
    """The feed as it was made: for which end of the match sequence, when, and for which address."""

    seq: int
    made_at: datetime
    here: str
    body: bytes = b""
    etag: str = ""

    def serves(self, seq: int, now: datetime, here: str) -> bool:
        """Say whether it is still the feed."""
        return self.body != b"" and (self.seq, self.here) == (seq, here) and now - self.made_at < KEPT


@dataclass
class AtomFeed:
    """The newest document; requests at the same time share one reading of the store."""

    document: Document | None = None
    _reading: asyncio.Task[Document] | None = None

    async def current(self, web: WebContext, here: str) -> Document:
        """Return the document of now, for the address `here`."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read(web, here))
        return await asyncio.shield(self._reading)

    async def _read(self, web: WebContext, here: str) -> Document:
        seq, now = await web.read(web.store.last_seq), web.clock()
        if self.document is None or not self.document.serves(seq, now, here):
            self.document = await web.read(_made, web, seq, now, here)
        return self.document


@router.get("/alerts.atom")
async def alerts_atom(request: Request, web: Web, token: str = "") -> Response:
    """Serve the feed, or 304 to whoever has it already."""
    expected = web.policy.web.feed_token
    if expected and not hmac.compare_digest(token.encode(), expected.encode()):
        raise HTTPException(403, "This feed is for those who know its token: /alerts.atom?token=…")
    here = f"{web.policy.links.base_url.rstrip('/')}/alerts.atom" if web.policy.links else ""
    feed: AtomFeed = request.app.state.atom
    document = await feed.current(web, here)
    headers = {"ETag": f'"{document.etag}"', "Cache-Control": "private, no-cache"}
    if _is_known(request.headers.get("if-none-match", ""), document.etag):
        return Response(status_code=304, headers=headers)
    return Response(document.body, media_type=f"{atom.TYPE}; charset=utf-8", headers=headers)


def _made(web: WebContext, seq: int, now: datetime, here: str) -> Document:
    raised = web.store.alerts(now - FEED_SPAN, now + timedelta(days=1))
    listed = [alert for alert in raised if alert.decision.placement >= Placement.DIGEST][-FEED_MOST:]
    body = atom.feed(listed, here)
    return Document(seq, now, here, body, hashlib.sha256(body).hexdigest()[:32])


def _is_known(if_none_match: str, etag: str) -> bool:
    """Say whether the client has this version, by weak comparison (RFC 9110 §13.1.2)."""
    given = (each.strip().removeprefix("W/").strip('"') for each in if_none_match.split(","))
    return any(each in {etag, "*"} for each in given)
