"""Post to Slack as an app's bot: a thread for each story, and a look before posting again.

Source: Slack's reference of chat.postMessage, conversations.history and conversations.replies.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode

import httpx
from pydantic import Field, SecretStr, field_validator

from monitor.channels.answers.base import BUSY, Meaning
from monitor.channels.answers.http import http_meaning
from monitor.channels.answers.slack import MISRENDERED, UNTHREADED, slack_api_meaning
from monitor.errors import DeliveryError
from monitor.model import AttemptPhase, Delivery, DeliveryKind, Message

from .base import Channel, OnPhase
from .post import Answer, Poster, refused
from .settings import ChannelSettings, Tools, refuse_unsafe
from .slack import body_of

_ANSWER_BYTES = 1_000_000
_SIGN = "sanctions_monitor_delivery"
_SEARCHED = 100


class SlackBotSettings(ChannelSettings):
    """`token` is the bot's, ``xoxb-…``, with the scope chat:write; `to` is the id of a channel it is in.

    Later messages of a story are answers to its first; with `broadcast` they show in the channel too. With
    the scope channels:history (groups:history for a private channel) the bot looks before it posts again.
    """

    form: ClassVar[str] = "slack"
    confidential: ClassVar[tuple[str, ...]] = ("token",)

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
    """Where in Slack a message is: what its delivery's answer says and a later one of its story reads."""

    place: str
    ts: str

    @property
    def answer(self) -> str:
        return f"ok, message {self.ts} in {self.place}"


def receipt_in(answers: Sequence[str], place: str) -> Receipt | None:
    """Return the receipt of the first message that went to a place."""
    found = (re.match(r"ok, message ([0-9.]+) in ([A-Z0-9]+)", answer) for answer in answers)
    return next((Receipt(hit[2], hit[1]) for hit in found if hit and hit[2] == place), None)


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer of the Web API, which is no success unless its JSON says ``"ok": true``."""

    answer: Answer
    data: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        return self.answer.good and self.data.get("ok") is True

    @property
    def word(self) -> str:
        """What Slack calls the error; "" when it does not say."""
        return str(self.data.get("error", ""))

    @property
    def meaning(self) -> Meaning:
        """What a refusal means; a success that is not of the API is no answer at all."""
        if not self.answer.good:
            return BUSY if self.answer.status == 429 else http_meaning(self.answer.status)
        return slack_api_meaning(self.word) if self.word else _STRANGE


_STRANGE = Meaning(uncertain=True, remedy="that is no answer of Slack's; check api")


class SlackBot:
    """Slack keeps what it is given once for each post: only a look into the channel tells of a repeat."""

    def __init__(self, settings: SlackBotSettings, tools: Tools) -> None:
        self._settings = settings
        self._tools = tools

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        root = await self._root(delivery)
        if delivery.attempts and (found := await self._found(delivery, root)):
            return f"{found.answer}, found there"
        message, note = delivery.message, ""
        said = await self._say(delivery, message, root, on_phase)
        if root and not said.ok and said.meaning is UNTHREADED:
            root, note = None, f", outside its thread because of {said.word!r}"
            said = await self._say(delivery, message, root, on_phase)
        if message.blocks and not said.ok and said.meaning is MISRENDERED:
            # Words without layout are better than no words.
            note = f"{note}, as plain text because of {said.word!r}"
            said = await self._say(delivery, replace(message, blocks=()), root, on_phase)
        if not said.ok:
            raise refused(said.answer, self._tools.clock(), said.meaning)
        return f"{_receipt(said.data, self._settings.to).answer}{note}"

    async def _root(self, delivery: Delivery) -> Receipt | None:
        """Return where the first message of an alert's story is."""
        if delivery.kind != DeliveryKind.ALERT or not delivery.story:
            return None
        answers = await self._tools.answered(delivery.channel, delivery.story)
        return receipt_in(answers, self._settings.to)

    async def _found(self, delivery: Delivery, root: Receipt | None) -> Receipt | None:
        """Look for a message that an earlier attempt may have left; None also if looking is not allowed."""
        wanted = {"channel": self._settings.to, "include_all_metadata": "true", "limit": str(_SEARCHED)}
        wanted |= (
            {"oldest": f"{delivery.created_at.timestamp() - 60:.6f}"} if root is None else {"ts": root.ts}
        )
        method = "conversations.history" if root is None else "conversations.replies"
        try:
            said = await self._call(method, urlencode(wanted).encode(), _FORM, _ignore_phase)
        except DeliveryError:
            return None
        messages = said.data.get("messages") if said.ok else None
        for each in messages if isinstance(messages, list) else ():
            if isinstance(each, dict) and _carries(each, delivery.id):
                return _receipt(each, self._settings.to)
        return None

    async def _say(
        self, delivery: Delivery, message: Message, root: Receipt | None, on_phase: OnPhase
    ) -> _Said:
        body = body_of(message) | {"channel": self._settings.to}
        body["metadata"] = {"event_type": _SIGN, "event_payload": {"id": delivery.id}}
        if root:
            body |= {"thread_ts": root.ts, "reply_broadcast": self._settings.broadcast}
        return await self._call("chat.postMessage", _json(body), _JSON, on_phase)

    async def _call(self, method: str, body: bytes, content_type: str, on_phase: OnPhase) -> _Said:
        url = httpx.URL(f"{self._settings.api}/{method}")
        token = self._settings.token.get_secret_value()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
        poster = Poster(self._tools.http, url, self._tools.deadline_s, most=_ANSWER_BYTES)
        answer = await poster.post(body, headers, on_phase)
        return _Said(replace(answer, said=answer.said.replace(token, "…")), answer.data)


_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json; charset=utf-8"


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _receipt(data: Mapping[str, Any], place: str) -> Receipt:
    """Return where a message is; what Slack would never say is not kept as if it had."""
    ts, there = str(data.get("ts", "")), str(data.get("channel", place))
    known = re.fullmatch(r"[0-9]+\.[0-9]+", ts) and re.fullmatch(r"[A-Z0-9]{3,21}", there)
    return Receipt(there, ts) if known else Receipt("UNKNOWN", "0")


def _carries(message: Mapping[str, Any], id: str) -> bool:
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return isinstance(payload, dict) and payload.get("id") == id


async def _ignore_phase(phase: AttemptPhase) -> None:
    """No message leaves while one is looked for."""
