"""Post a card to a Teams workflow."""

import re
from typing import ClassVar, Literal

from pydantic import SecretStr, field_validator

from monitor.channels.answers.chat import chat_meaning
from monitor.model import Delivery, MessageForm

from .base import Channel, OnPhase
from .chat import Chat
from .post import Answer, Poster, parse_url
from .settings import ChannelSettings, SecretUrl, Tools

_RETIRED = ("webhook.office.com", "outlook.office.com", "outlook.office365.com")
_FAILED = re.compile(r"HTTP error (\d{3})")


class TeamsSettings(ChannelSettings):
    """`url` is the address of a workflow that begins "When a Teams webhook request is received"; a secret."""

    form: ClassVar[MessageForm] = MessageForm.TEAMS

    type: Literal["teams"] = "teams"
    url: SecretUrl

    @field_validator("url")
    @classmethod
    def _is_a_workflow(cls, url: SecretStr) -> SecretStr:
        host = parse_url(url.get_secret_value()).host
        if any(host == each or host.endswith(f".{each}") for each in _RETIRED):
            raise ValueError(
                "url is that of an Office 365 connector, and Microsoft has switched those off; in Teams add "
                "the workflow “Post to a channel when a webhook request is received” and set its url"
            )
        return url

    def build(self, tools: Tools) -> Channel:
        poster = Poster(http=tools.http, url=parse_url(self.url.get_secret_value()))
        return Teams(Chat("teams", poster, tools.clock, _proof))


class Teams:
    """Posts cards; a workflow accepts a card before it posts it, and does not report the result."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        answer = await self._chat.post(delivery.message.data, on_phase)
        if answer.good and (failed := _FAILED.search(answer.body)):
            # The flow reports the refusal of a service behind it as a success.
            reason = f"{answer.host} answered HTTP {answer.status} {answer.excerpt!r}"
            raise chat_meaning("teams", int(failed[1]), "").error(reason, code=f"HTTP {failed[1]}")
        return self._chat.check(answer)


def _proof(answer: Answer) -> str:
    """Accept any answer but a web page or an error: a flow may send a response of its own."""
    if answer.body.lstrip().startswith("<") or "error" in answer.data:
        return ""
    return "accepted by the flow; whether it posted the card is not known"
