"""Send alert events to PagerDuty: each story is one incident, which its updates join."""

from typing import ClassVar, Literal, Self

from pydantic import SecretStr, model_validator

from monitor.model import Delivery, MessageForm

from .base import Channel, OnPhase
from .chat import Chat, text_of
from .post import Answer, Poster, parse_url
from .settings import ChannelSettings, Tools, refuse_unsafe


class PagerDutySettings(ChannelSettings):
    """The `routing_key` of an Events API v2 integration; accounts in Europe have another `url`."""

    form: ClassVar[MessageForm] = MessageForm.PAGERDUTY
    no_digests: ClassVar[str] = "it would wake someone for nothing to be done"

    type: Literal["pagerduty"] = "pagerduty"
    routing_key: SecretStr
    url: str = "https://events.pagerduty.com/v2/enqueue"

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        refuse_unsafe(self.url)
        key = self.routing_key.get_secret_value()
        if not (len(key) == 32 and key.isascii() and key.isalnum()):
            raise ValueError("routing_key is no integration key: it has 32 letters and digits")
        return self

    def build(self, tools: Tools) -> Channel:
        key = self.routing_key.get_secret_value()
        poster = Poster(http=tools.http, url=parse_url(self.url), secrets=(key,))
        return PagerDuty(Chat("pagerduty", poster, tools.clock, _proof), key)


class PagerDuty:
    """Sends events; events with one key are one incident."""

    def __init__(self, chat: Chat, routing_key: str) -> None:
        self._chat = chat
        self._routing_key = routing_key

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        return await self._chat.send({**delivery.message.data, "routing_key": self._routing_key}, on_phase)


def _proof(answer: Answer) -> str:
    if answer.data.get("status") != "success":
        return ""
    return f"queued under {text_of(answer.data.get('dedup_key')) or 'its key'}"
