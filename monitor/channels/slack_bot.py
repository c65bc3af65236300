"""Post to Slack as an app's bot: one thread for each story, and a search before a repeated post.

Source: Slack's reference of chat.postMessage, conversations.history and conversations.replies.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode

from pydantic import Field, SecretStr, field_validator

from monitor.channels.answers.base import BUSY, Meaning
from monitor.channels.answers.http import http_meaning
from monitor.channels.answers.slack import MISRENDERED, UNTHREADED, slack_api_meaning
from monitor.errors import DeliveryError
from monitor.model import Delivery, DeliveryKind, Message, MessageForm

from .base import Channel, OnPhase, ignore_phase
from .post import Answer, Poster, parse_url, refusal
from .settings import ChannelSettings, Tools, refuse_unsafe
from .slack import body_of, to_json

_MAX_ANSWER_BYTES = 1_000_000
_EVENT_TYPE = "sanctions_monitor_delivery"
_SEARCHED = 100


class SlackBotSettings(ChannelSettings):
    """`token` is the bot's, ``xoxb-…``, with the scope chat:write; `to` is the id of a channel it is in.

    Later messages of a story are replies to its first; with `broadcast` they show in the channel too. With
    the scope channels:history (groups:history for a private channel) the bot searches the channel before it
    repeats a post.
    """

    form: ClassVar[MessageForm] = MessageForm.SLACK

    type: Literal["slack-bot"] = "slack-bot"
    token: SecretStr
    to: str = Field(pattern=r"^[CGDU][A-Z0-9]{2,20}$")
    broadcast: bool = True
    api: str = "https://slack.com/api"

    @field_validator("token")
    @classmethod
    def _is_one_line(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[!-~]+", token.get_secret_value()):
            raise ValueError("a token is one line of printable ASCII")
        return token

    @field_validator("api")
    @classmethod
    def _is_safe(cls, api: str) -> str:
        refuse_unsafe(api, key="api")
        return api.rstrip("/")

    def build(self, tools: Tools) -> Channel:
        return SlackBot(self, tools)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The channel and the timestamp of a message, as the delivery's answer records them."""

    channel: str
    ts: str

    @property
    def answer(self) -> str:
        return f"ok, message {self.ts} in {self.channel}"


def receipt_in(answers: Sequence[str], channel: str) -> Receipt | None:
    """Return the receipt of the first message that went to a channel."""
    found = (re.match(r"ok, message ([0-9.]+) in ([A-Z0-9]+)", answer) for answer in answers)
    return next((Receipt(hit[2], hit[1]) for hit in found if hit and hit[2] == channel), None)


@dataclass(frozen=True, slots=True)
class _ApiAnswer:
    """An answer of the Web API; it is a success only if its JSON says ``"ok": true``."""

    response: Answer
    data: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        return self.response.good and self.data.get("ok") is True

    @property
    def error(self) -> str:
        """Slack's word for the error; "" without one."""
        return str(self.data.get("error", ""))

    @property
    def meaning(self) -> Meaning:
        """The meaning of a refusal; a success without ``ok`` is not from Slack."""
        if not self.response.good:
            return BUSY if self.response.status == 429 else http_meaning(self.response.status)
        return slack_api_meaning(self.error) if self.error else _NOT_SLACK


_NOT_SLACK = Meaning(uncertain=True, remedy="that is no answer of Slack's; check api")


class SlackBot:
    """Posts messages; Slack has no idempotency key, so a repeat first searches the channel."""

    def __init__(self, settings: SlackBotSettings, tools: Tools) -> None:
        self._settings = settings
        self._tools = tools

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        root = await self._thread_root(delivery)
        if delivery.attempts and (found := await self._posted_before(delivery, root)):
            return f"{found.answer}, found there"
        message, note = delivery.message, ""
        answer = await self._post(delivery, message, root, on_phase)
        if root and not answer.ok and answer.meaning is UNTHREADED:
            root, note = None, f", outside its thread because of {answer.error!r}"
            answer = await self._post(delivery, message, root, on_phase)
        if message.blocks and not answer.ok and answer.meaning is MISRENDERED:
            # Plain text is better than no message.
            note = f"{note}, as plain text because of {answer.error!r}"
            answer = await self._post(delivery, replace(message, blocks=()), root, on_phase)
        if not answer.ok:
            raise refusal(answer.response, self._tools.clock(), answer.meaning)
        return f"{_receipt(answer.data, self._settings.to).answer}{note}"

    async def _thread_root(self, delivery: Delivery) -> Receipt | None:
        """Return the receipt of the first message of an alert's story."""
        if delivery.kind != DeliveryKind.ALERT or not delivery.story:
            return None
        answers = await self._tools.receipts(delivery.channel, delivery.story)
        return receipt_in(answers, self._settings.to)

    async def _posted_before(self, delivery: Delivery, root: Receipt | None) -> Receipt | None:
        """Return the message that an earlier attempt posted; None also if the bot may not search."""
        query = {"channel": self._settings.to, "include_all_metadata": "true", "limit": str(_SEARCHED)}
        query |= (
            {"oldest": f"{delivery.created_at.timestamp() - 60:.6f}"} if root is None else {"ts": root.ts}
        )
        method = "conversations.history" if root is None else "conversations.replies"
        try:
            answer = await self._call(method, urlencode(query).encode(), _FORM, ignore_phase)
        except DeliveryError:
            return None
        messages = answer.data.get("messages") if answer.ok else None
        for each in messages if isinstance(messages, list) else ():
            if isinstance(each, dict) and _carries(each, delivery.id):
                return _receipt(each, self._settings.to)
        return None

    async def _post(
        self, delivery: Delivery, message: Message, root: Receipt | None, on_phase: OnPhase
    ) -> _ApiAnswer:
        body = body_of(message) | {"channel": self._settings.to}
        body["metadata"] = {"event_type": _EVENT_TYPE, "event_payload": {"id": delivery.id}}
        if root:
            body |= {"thread_ts": root.ts, "reply_broadcast": self._settings.broadcast}
        return await self._call("chat.postMessage", to_json(body), _JSON, on_phase)

    async def _call(self, method: str, body: bytes, content_type: str, on_phase: OnPhase) -> _ApiAnswer:
        url = parse_url(f"{self._settings.api}/{method}")
        token = self._settings.token.get_secret_value()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
        poster = Poster(
            http=self._tools.http,
            url=url,
            time_limit_s=self._tools.time_limit_s,
            max_answer_bytes=_MAX_ANSWER_BYTES,
        )
        response = await poster.post(body, headers, on_phase)
        return _ApiAnswer(replace(response, excerpt=response.excerpt.replace(token, "…")), response.data)


_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json; charset=utf-8"


def _receipt(data: Mapping[str, Any], channel: str) -> Receipt:
    """Return the receipt of a message; values that Slack never sends become UNKNOWN."""
    ts, there = str(data.get("ts", "")), str(data.get("channel", channel))
    known = re.fullmatch(r"[0-9]+\.[0-9]+", ts) and re.fullmatch(r"[A-Z0-9]{3,21}", there)
    return Receipt(there, ts) if known else Receipt("UNKNOWN", "0")


def _carries(message: Mapping[str, Any], id: str) -> bool:
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return isinstance(payload, dict) and payload.get("id") == id
