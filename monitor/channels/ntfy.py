"""Publish to a topic of an ntfy server."""

import base64
import re
from typing import ClassVar, Literal, Self

from pydantic import SecretStr, model_validator

from monitor.model import Delivery, MessageForm

from .base import Channel, OnPhase
from .chat import Chat, text_of
from .post import Answer, Poster, parse_url
from .settings import ChannelSettings, Tools, refuse_unsafe


class NtfySettings(ChannelSettings):
    """`url` is the topic's address, and a secret where whoever knows it may read.

    A protected topic needs an access `token`, or `user` and `password`.
    """

    form: ClassVar[MessageForm] = MessageForm.NTFY

    type: Literal["ntfy"] = "ntfy"
    url: SecretStr
    token: SecretStr | None = None
    user: str = ""
    password: SecretStr | None = None

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        refuse_unsafe(self.url.get_secret_value())
        if not re.fullmatch(r"/[A-Za-z0-9_-]{1,64}", parse_url(self.url.get_secret_value()).path):
            raise ValueError("url must end in one topic of letters, digits, - and _: https://ntfy.sh/topic")
        if bool(self.user) != (self.password is not None):
            raise ValueError("user and password belong together")
        if self.user and self.token is not None:
            raise ValueError("token, or user and password: keep one")
        return self

    def build(self, tools: Tools) -> Channel:
        url = parse_url(self.url.get_secret_value())
        topic, headers = url.path[1:], self._credentials()
        said = [part for value in headers.values() for part in value.split()[1:]]
        hidden = [each.get_secret_value() for each in (self.token, self.password) if each]
        poster = Poster(http=tools.http, url=url.copy_with(raw_path=b"/"), secrets=(topic, *said, *hidden))
        return Ntfy(Chat("ntfy", poster, tools.clock, _proof, headers), topic)

    def _credentials(self) -> dict[str, str]:
        if self.token is not None:
            return {"Authorization": f"Bearer {self.token.get_secret_value()}"}
        if self.password is not None:
            pair = f"{self.user}:{self.password.get_secret_value()}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        return {}


class Ntfy:
    """Publishes messages; ntfy confirms one with the event and its id."""

    def __init__(self, chat: Chat, topic: str) -> None:
        self._chat = chat
        self._topic = topic

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        return await self._chat.send({**delivery.message.data, "topic": self._topic}, on_phase)


def _proof(answer: Answer) -> str:
    id = text_of(answer.data.get("id"))
    return f"message {id}" if id and answer.data.get("event") == "message" else ""
