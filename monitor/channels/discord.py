"""Post to a Discord webhook."""

from typing import ClassVar, Literal

from monitor.channels.answers.chat import MISRENDERED, chat_meaning
from monitor.model import Delivery, Message, MessageForm

from .base import Channel, OnPhase
from .chat import Chat, text_of
from .post import Answer, Poster, parse_url
from .settings import ChannelSettings, SecretUrl, Tools

MOST_CONTENT = 1_900


class DiscordSettings(ChannelSettings):
    """`url` is the webhook's address and a secret; with ``?thread_id=…`` it posts into that thread."""

    form: ClassVar[MessageForm] = MessageForm.DISCORD

    type: Literal["discord"] = "discord"
    url: SecretUrl

    def build(self, tools: Tools) -> Channel:
        # Without `wait` Discord answers before it saves the message, and does not report a failure.
        url = parse_url(self.url.get_secret_value()).copy_set_param("wait", "true")
        return Discord(Chat("discord", Poster(http=tools.http, url=url), tools.clock, _proof))


class Discord:
    """Posts messages; Discord confirms one by returning it."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        answer = await self._chat.post(delivery.message.data, on_phase)
        if not answer.good and chat_meaning("discord", answer.status, answer.body) is MISRENDERED:
            # Plain text is better than no message.
            answer_text = await self._chat.send(without_layout(delivery.message), on_phase)
            return f"{answer_text}, as plain text because of {answer.excerpt!r}"
        return self._chat.check(answer)


def without_layout(message: Message) -> dict[str, object]:
    """Return the subject in a code block, where nothing is markup and nobody is mentioned."""
    subject = message.subject.replace("`", "ˋ")[: MOST_CONTENT // 2]
    return {"content": f"```\n{subject}\n```", "allowed_mentions": {"parse": []}}


def _proof(answer: Answer) -> str:
    id = text_of(answer.data.get("id"))
    return f"message {id}" if id else ""
