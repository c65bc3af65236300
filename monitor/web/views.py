"""HTTP views: GET only shows, POST changes; a scanner that opens every link in a mail changes nothing."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web

from monitor import __version__
from monitor.alerts.signed_links import LinkError, SignedLinks
from monitor.errors import StoreError
from monitor.jobs.context import JobContext
from monitor.model import Placement, Unsubscription

from . import atom
from .actions import Question, carry_out, question_of
from .http_log import CLIENT_ERRORS

#: Largest request body in bytes; our forms have about twenty, those of mail programs few more.
MOST_BODY = 4096

#: Timeout of the health check of the store.
TIMEOUT_S = 5.0

#: Time limit of a whole request.
TIME_LIMIT_S = 15.0

#: The period and the number of alerts in the Atom feed.
FEED_SPAN = timedelta(days=14)
FEED_MOST = 100

_OLD_PAGE_NAMES = {"unsubscribe": "farewell", "action": "act"}


@dataclass
class WebViews:
    """Answers requests by the policy in force."""

    context: JobContext

    def routes(self) -> tuple[web.RouteDef, ...]:
        """Return the routes."""
        return (
            web.get("/", self.home),
            web.get("/healthz", self.health),
            web.get("/alerts.atom", self.feed),
            web.get("/a/{token}", self.ask),
            web.post("/a/{token}", self.take_action),
            web.get("/u/{token}", self.ask_unsubscribe),
            web.post("/u/{token}", self.unsubscribe),
        )

    async def home(self, request: web.Request) -> web.Response:
        return self.page({"page": "home", "version": __version__})

    async def health(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self.context.db.run(self.context.store.silences, self.context.clock())
        except (StoreError, TimeoutError):
            return web.Response(status=503, text="the store does not answer\n")
        return web.Response(text="ok\n")

    async def feed(self, request: web.Request) -> web.Response:
        context, policy = self.context, self.context.policy
        given, token = request.query.get("token", ""), policy.web.feed_token
        if token and not hmac.compare_digest(given.encode(), token.encode()):
            raise web.HTTPForbidden(text="This feed is for those who know its token: /alerts.atom?token=…")
        now = context.clock()
        raised = await context.db.run(context.store.alerts, now - FEED_SPAN, now + timedelta(days=1))
        listed = [alert for alert in raised if alert.decision.placement >= Placement.DIGEST][-FEED_MOST:]
        here = f"{policy.links.base_url.rstrip('/')}/alerts.atom" if policy.links else ""
        body = await asyncio.to_thread(atom.feed, listed, here)
        etag = hashlib.sha256(body).hexdigest()[:32]
        headers = {"ETag": f'"{etag}"', "Cache-Control": "private, no-cache"}
        if _known(request, etag):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type=atom.TYPE, charset="utf-8", headers=headers)

    async def ask(self, request: web.Request) -> web.Response:
        return self._question(await self._asked(request), done="")

    async def take_action(self, request: web.Request) -> web.Response:
        asked = await self._asked(request)
        wanted = str((await _form(request)).get("act", ""))
        await self.context.db.run(carry_out, self.context.store, asked, wanted, self.context.clock())
        return self._question(await self._asked(request), done=wanted)

    async def ask_unsubscribe(self, request: web.Request) -> web.Response:
        channel, recipient = self._links.unsubscription(request.match_info["token"])
        gone = await self.context.db.run(self._gone, channel, recipient)
        return self.page({"page": "unsubscribe", "channel": channel, "recipient": recipient, "gone": gone})

    async def unsubscribe(self, request: web.Request) -> web.Response:
        """Unsubscribe with one click, by a mail program or by our own page (RFC 8058 §3.2)."""
        channel, recipient = self._links.unsubscription(request.match_info["token"])
        if (await _form(request)).get("List-Unsubscribe") != "One-Click":
            raise web.HTTPBadRequest(text="Send List-Unsubscribe=One-Click, or use the button.")
        unsubscription = Unsubscription(channel, recipient, self.context.clock(), "by one click")
        await self.context.db.run(self.context.store.unsubscribe, unsubscription)
        return self.page({"page": "unsubscribe", "channel": channel, "recipient": recipient, "gone": True})

    def page(self, context: Mapping[str, Any], status: int = 200) -> web.Response:
        """Return a page that loads no resource, runs no script and is not cached.

        `what` is `page` by the name that older templates know.
        """
        nonce = secrets.token_urlsafe(16)
        policy = (
            f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self';"
            " base-uri 'none'; frame-ancestors 'none'"
        )
        what = _OLD_PAGE_NAMES.get(context["page"], context["page"])
        html = self.context.policy.renderer.web_page({**context, "what": what, "nonce": nonce})
        headers = {"Content-Security-Policy": policy}
        return web.Response(status=status, text=html, content_type="text/html", headers=headers)

    def mistake(self, status: int, reason: str) -> web.Response:
        """Return an error page with the reason."""
        return self.page({"page": "mistake", "reason": reason, "status": status}, status)

    @property
    def _links(self) -> SignedLinks:
        links = self.context.policy.links
        if links is None:
            raise web.HTTPNotFound(text="No links are sent from here: web.base_url is not set.")
        return links

    async def _asked(self, request: web.Request) -> Question:
        wanted = self._links.action_request(request.match_info["token"], self.context.clock())
        return await self.context.db.run(question_of, self.context.store, wanted)

    def _question(self, asked: Question, done: str) -> web.Response:
        return self.page({"page": "action", "question": asked, "done": done})

    def _gone(self, channel: str, recipient: str) -> bool:
        return any(
            (each.channel, each.recipient) == (channel, recipient)
            for each in self.context.store.unsubscriptions()
        )


def _known(request: web.Request, etag: str) -> bool:
    """Say whether the client has this version, by weak comparison (RFC 9110 §13.1.2)."""
    given = request.if_none_match or ()
    return any(each.value in {etag, "*"} for each in given)


async def _form(request: web.Request) -> Mapping[str, Any]:
    try:
        return await request.post()
    except (ValueError, LookupError, RuntimeError, *CLIENT_ERRORS) as error:  # by charset, encoding and part
        raise web.HTTPBadRequest(text="This form cannot be read.") from error


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every refusal into an error page with the reason."""
    pages = request.app[VIEWS]
    try:
        async with asyncio.timeout(TIME_LIMIT_S):
            return await handler(request)
    except LinkError as error:
        return pages.mistake(410 if error.gone else 404, str(error))
    except StoreError:
        return pages.mistake(503, "The store does not answer; please try again in a minute.")
    except web.HTTPException as error:
        return pages.mistake(error.status, error.text or error.reason)
    except TimeoutError:
        return pages.mistake(408, "This request took too long.")


VIEWS = web.AppKey("pages", WebViews)
