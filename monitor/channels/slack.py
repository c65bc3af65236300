"""Post to a Slack incoming webhook."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal

from monitor.channels.answers.slack import MISRENDERED, slack_meaning
from monitor.clock import Clock
from monitor.errors import DeliveryError
from monitor.model import Delivery, Message, MessageForm

from .base import Channel, OnPhase
from .post import Poster, parse_url, refusal
from .settings import ChannelSettings, SecretUrl, Tools

MAX_BLOCKS = 50
MAX_TEXT = 3900


class SlackSettings(ChannelSettings):
    """`url` is the incoming webhook's address and a secret: whoever has it can post."""

    form: ClassVar[MessageForm] = MessageForm.SLACK

    type: Literal["slack"] = "slack"
    url: SecretUrl

    def build(self, tools: Tools) -> Channel:
        poster = Poster(
            http=tools.http, url=parse_url(self.url.get_secret_value()), time_limit_s=tools.time_limit_s
        )
        return Slack(poster, tools.clock)


class Slack:
    """Posts messages; Slack confirms one with status 200 and the body "ok"."""

    def __init__(self, poster: Poster, clock: Clock) -> None:
        self._poster = poster
        self._clock = clock

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        message = delivery.message
        answer = await self._poster.post(payload(message), {}, on_phase)
        without = ""
        if message.blocks and slack_meaning(answer.status, answer.excerpt) is MISRENDERED and not answer.good:
            # Plain text is better than no message.
            without = f", as plain text because of {answer.excerpt!r}"
            answer = await self._poster.post(payload(replace(message, blocks=())), {}, on_phase)
        if not answer.good:
            raise refusal(answer, self._clock(), slack_meaning(answer.status, answer.excerpt))
        if answer.excerpt != "ok":
            # Perhaps not Slack: repeated posts would be worse than one retry.
            raise DeliveryError(f"{answer.host} answered {answer.excerpt!r}, not 'ok'", uncertain=True)
        return f"HTTP {answer.status} ok{without}"


def payload(message: Message) -> bytes:
    """Return the JSON to post: the blocks as rendered, and a plain text for notifications.

    Raises:
        DeliveryError: more blocks than Slack takes.
    """
    return to_json(body_of(message))


def to_json(body: Mapping[str, Any]) -> bytes:
    """Return the bytes of a body, with its keys in the order given."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def body_of(message: Message) -> dict[str, Any]:
    """Return what to post, as a value.

    Raises:
        DeliveryError: more blocks than Slack takes.
    """
    if len(message.blocks) > MAX_BLOCKS:
        raise DeliveryError(
            f"{len(message.blocks)} blocks are more than the {MAX_BLOCKS} Slack takes; shorten the template",
            permanent=True,
        )
    body: dict[str, Any] = {
        "text": _escape(message.subject if message.blocks else message.text[:MAX_TEXT]),
        "unfurl_links": False,
        "unfurl_media": False,
    }
    if message.blocks:
        body["blocks"] = [dict(block) for block in message.blocks]
    return body


def _escape(text: str) -> str:
    """Escape Slack's markup: `<!channel>` in a headline must not notify everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
