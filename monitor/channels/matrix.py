"""Write into a Matrix room."""

import re
from dataclasses import replace
from typing import ClassVar, Literal, Self
from urllib.parse import quote

from pydantic import SecretStr, model_validator

from monitor.model import Delivery, MessageForm

from .base import Channel, OnPhase
from .chat import Chat, text_of
from .post import Answer, Poster, parse_url
from .settings import ChannelSettings, Tools, refuse_unsafe


class MatrixSettings(ChannelSettings):
    """The homeserver's `url`, the access `token` of an account that has joined, and the id of the `room`.

    Messages are not encrypted: a room that insists on it shows them with a warning.
    """

    form: ClassVar[MessageForm] = MessageForm.MATRIX

    type: Literal["matrix"] = "matrix"
    url: str
    token: SecretStr
    room: str

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        refuse_unsafe(self.url)
        if self.room.startswith("#"):
            raise ValueError("room is an alias, which may come to mean another room; set the room's id (!…)")
        if not re.fullmatch(r"![^\s/?#]{1,254}", self.room):
            raise ValueError("room is no room's id: it looks like !abc:example.org")
        return self

    def build(self, tools: Tools) -> Channel:
        token = self.token.get_secret_value()
        poster = Poster(http=tools.http, url=parse_url(self.url), method="PUT", secrets=(token,))
        headers = {"Authorization": f"Bearer {token}"}
        return Matrix(Chat("matrix", poster, tools.clock, _proof, headers), self.room)


class Matrix:
    """Writes messages; the server drops a transaction id that it knows and repeats its first answer."""

    def __init__(self, chat: Chat, room: str) -> None:
        self._chat = chat
        self._room = room

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        poster = self._chat.poster
        event = f"rooms/{quote(self._room, safe='')}/send/m.room.message/{quote(delivery.id, safe='')}"
        url = parse_url(f"{str(poster.url).rstrip('/')}/_matrix/client/v3/{event}")
        chat = replace(self._chat, poster=replace(poster, url=url))
        return await chat.send(delivery.message.data, on_phase)


def _proof(answer: Answer) -> str:
    id = text_of(answer.data.get("event_id"))
    return f"event {id}" if id else ""
