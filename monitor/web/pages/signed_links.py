"""Pages behind links in messages: GET only shows, POST acts, so a mail scanner changes nothing."""

from fastapi import HTTPException, Request, Response

from monitor.alerts.signed_links import SignedLinks
from monitor.model import Unsubscription
from monitor.store import Store
from monitor.web.actions import Question, carry_out, question_of
from monitor.web.base import WebContext
from monitor.web.http.forms import first, read_form
from monitor.web.render import link_page

from .common import PublicRouter, Web

router = PublicRouter()


@router.get("/a/{token}")
async def ask(token: str, web: Web) -> Response:
    """Show the alert of a link and the actions that it allows."""
    return _question_page(web, await _question(web, token), done="")


@router.post("/a/{token}")
async def take_action(token: str, request: Request, web: Web) -> Response:
    """Run the action of the button pressed."""
    question = await _question(web, token)
    wanted = first(await read_form(request), "act")
    await web.write(carry_out, web.jobs.store, question, wanted, web.clock())
    return _question_page(web, await _question(web, token), done=wanted)


@router.get("/u/{token}")
async def ask_unsubscribe(token: str, web: Web) -> Response:
    """Show who would be unsubscribed."""
    channel, recipient = _links(web).unsubscription(token)
    return _unsubscribe_page(
        web, channel, recipient, gone=await web.read(_is_gone, web.store, channel, recipient)
    )


@router.post("/u/{token}")
async def unsubscribe(token: str, request: Request, web: Web) -> Response:
    """Unsubscribe with one click, by a mail program or by our own page (RFC 8058 §3.2)."""
    channel, recipient = _links(web).unsubscription(token)
    if first(await read_form(request), "List-Unsubscribe") != "One-Click":
        raise HTTPException(400, "Send List-Unsubscribe=One-Click, or use the button.")
    await web.write(
        web.jobs.store.unsubscribe, Unsubscription(channel, recipient, web.clock(), "by one click")
    )
    return _unsubscribe_page(web, channel, recipient, gone=True)


def _links(web: WebContext) -> SignedLinks:
    links = web.policy.links
    if links is None:
        raise HTTPException(404, "No links are sent from here: web.base_url is not set.")
    return links


async def _question(web: WebContext, token: str) -> Question:
    wanted = _links(web).action_request(token, web.clock())
    return await web.read(question_of, web.store, wanted)


def _question_page(web: WebContext, question: Question, done: str) -> Response:
    return link_page(web.policy, {"page": "action", "question": question, "done": done})


def _unsubscribe_page(web: WebContext, channel: str, recipient: str, *, gone: bool) -> Response:
    context = {"page": "unsubscribe", "channel": channel, "recipient": recipient, "gone": gone}
    return link_page(web.policy, context)


def _is_gone(store: Store, channel: str, recipient: str) -> bool:
    return any((each.channel, each.recipient) == (channel, recipient) for each in store.unsubscriptions())
