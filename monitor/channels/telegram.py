"""Post as a Telegram bot."""

from typing import ClassVar, Literal, Self

from pydantic import Field, SecretStr, model_validator

from monitor.channels.answers.chat import MISRENDERED, chat_meaning
from monitor.model import Delivery, MessageForm

from .base import Channel, OnPhase
from .chat import Chat, text_of
from .post import Answer, Poster, parse_url
from .settings import ChannelSettings, Tools, refuse_unsafe


class TelegramSettings(ChannelSettings):
    """A bot's `token`, and the `chat_id` it writes to: a number, or the @name of a public channel.

    `message_thread_id` is a topic of a group with topics; without one the bot writes to General.
    `url` is for a Bot API server of your own.
    """

    form: ClassVar[MessageForm] = MessageForm.TELEGRAM

    type: Literal["telegram"] = "telegram"
    token: SecretStr
    chat_id: int | str = Field(union_mode="left_to_right")
    message_thread_id: int | None = Field(None, ge=1)
    url: str = "https://api.telegram.org"

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        refuse_unsafe(self.url)
        number, colon, key = self.token.get_secret_value().partition(":")
        if not (number.isdecimal() and colon and key.replace("-", "").replace("_", "").isalnum()):
            raise ValueError("token is not a bot's: it looks like 123456:ABC-def, as @BotFather gives it")
        if isinstance(self.chat_id, str) and not self.chat_id.startswith("@"):
            raise ValueError("chat_id is a number such as -1001234567890, or the @name of a public channel")
        if self.message_thread_id == 1:  # Telegram refuses the number of General
            raise ValueError("message_thread_id 1 is the topic General: leave it out to write there")
        return self

    def build(self, tools: Tools) -> Channel:
        token = self.token.get_secret_value()
        url = parse_url(f"{self.url.rstrip('/')}/bot{token}/sendMessage")
        poster = Poster(http=tools.http, url=url, secrets=(token, token.partition(":")[2]))
        chat = Chat("telegram", poster, tools.clock, _proof)
        return Telegram(chat, self.chat_id, self.message_thread_id)


class Telegram:
    """Posts messages, to one topic if `topic` is its number; Telegram confirms one with ok and its number.

    A group that became a supergroup has a new id. It is used until the program ends, and the delivery's
    answer asks the operator to set it.
    """

    def __init__(self, chat: Chat, chat_id: int | str, topic: int | None = None) -> None:
        self._chat = chat
        self._chat_id = chat_id
        self._topic = topic

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        data, note = {**delivery.message.data, "chat_id": self._chat_id}, ""
        if self._topic is not None:
            data["message_thread_id"] = self._topic
        answer = await self._chat.post(data, on_phase)
        if new := _moved_to(answer):
            self._chat_id = data["chat_id"] = new
            note = f"; the group has moved: set chat_id = {new}"
            answer = await self._chat.post(data, on_phase)
        if not answer.good and chat_meaning("telegram", answer.status, answer.body) is MISRENDERED:
            note += f", as plain text because of {answer.excerpt!r}"
            answer = await self._chat.post(data | {"entities": []}, on_phase)
        return self._chat.check(answer) + note


def _moved_to(answer: Answer) -> int:
    parameters = answer.data.get("parameters")
    new = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
    return new if isinstance(new, int) and not answer.good else 0


def _proof(answer: Answer) -> str:
    result = answer.data.get("result")
    id = text_of(result.get("message_id")) if isinstance(result, dict) else ""
    return f"message {id}" if id and answer.data.get("ok") is True else ""
