"""Post to a Slack incoming webhook."""

import json
from dataclasses import replace
from typing import Any, ClassVar, Literal

import httpx

from monitor.channels.answers.slack import MISRENDERED, slack_meaning
from monitor.clock import Clock
from monitor.errors import DeliveryError
from monitor.model import Delivery, Message

from .base import Channel, OnPhase
from .post import Poster, refused
from .settings import ChannelSettings, SecretUrl, Tools

MAX_BLOCKS = 50
MAX_TEXT = 3900


class SlackSettings(ChannelSettings):
    """`url` is the incoming webhook's address and a secret: whoever has it can post."""

    form: ClassVar[str] = "slack"
    confidential: ClassVar[tuple[str, ...]] = ("url",)

    type: Literal["slack"] = "slack"
    url: SecretUrl

    def build(self, tools: Tools) -> Channel:
        poster = Poster(tools.http, httpx.URL(self.url.get_secret_value()), tools.deadline_s)
        return Slack(poster, tools.clock)


class Slack:
    """Slack takes a message when it answers 200 and "ok", and nothing less."""

    def __init__(self, poster: Poster, clock: Clock) -> None:
        self._poster = poster
        self._clock = clock

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        message = delivery.message
        answer = await self._poster.post(payload(message), {}, on_phase)
        without = ""
        if message.blocks and slack_meaning(answer.status, answer.said) is MISRENDERED and not answer.good:
            # Words without layout are better than no words.
            without = f", as plain text because of {answer.said!r}"
            answer = await self._poster.post(payload(replace(message, blocks=())), {}, on_phase)
        if not answer.good:
            raise refused(answer, self._clock(), slack_meaning(answer.status, answer.said))
        if answer.said != "ok":
            # Not Slack, or not quite: to post it over and over would be worse than to try once more.
            raise DeliveryError(f"{answer.host} answered {answer.said!r}, not 'ok'", uncertain=True)
        return f"HTTP {answer.status} ok{without}"


def payload(message: Message) -> bytes:
    """Return the JSON to post: the blocks as rendered, and a plain text for notifications.

    Raises:
        DeliveryError: more blocks than Slack takes.
    """
    return json.dumps(body_of(message), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


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
    """Keep words words: `<!channel>` in a headline must not ring every telephone."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
