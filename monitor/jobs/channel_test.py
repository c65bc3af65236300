"""Send a test message through a channel, at once and without the outbox."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.channels import Channel
from monitor.channels.base import ignore_phase
from monitor.errors import DeliveryError
from monitor.model import Alert, Delivery, DeliveryKind, Message, MessageForm, key_of
from monitor.render.samples import TALKS

#: Marked in its title, and of no story.
TEST_ALERT = replace(TALKS, item=replace(TALKS.item, title=f"[TEST] {TALKS.item.title}"), story="test")

RenderAlert = Callable[[Alert, MessageForm], tuple[Message, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAnswer:
    """The answer of a channel to one test message."""

    recipient: str
    accepted: bool
    answer: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTest:
    """Sends test messages through one channel; `time_limit_s` bounds each of them."""

    name: str
    channel: Channel
    form: MessageForm
    render: RenderAlert
    time_limit_s: float = 120.0

    async def send(self, recipients: Sequence[str], now: datetime) -> tuple[ChannelAnswer, ...]:
        """Send the test to each recipient, one after another, and return what was answered."""
        answers: list[ChannelAnswer] = []
        for recipient in recipients:
            for message in self.render(TEST_ALERT, self.form):
                answers.append(await self._send(_delivery(self.name, recipient, message, now)))  # noqa: PERF401
        return tuple(answers)

    async def _send(self, delivery: Delivery) -> ChannelAnswer:
        try:
            async with asyncio.timeout(self.time_limit_s):
                answer, accepted = await self.channel.send(delivery, ignore_phase), True
        except DeliveryError as error:
            answer, accepted = str(error), False
        except TimeoutError:
            answer, accepted = f"no end within {self.time_limit_s:g} s", False
        return ChannelAnswer(recipient=delivery.recipient, accepted=accepted, answer=answer, id=delivery.id)


def _delivery(channel: str, recipient: str, message: Message, now: datetime) -> Delivery:
    is_alert = message.data.get("type") == "alert"
    marked = Message(
        subject=f"[TEST] {message.subject.replace('[TEST] ', '')}",
        text=message.text,
        html=message.html,
        blocks=message.blocks,
        data={**message.data, "test": True} if is_alert else message.data,
    )
    return Delivery(
        id=key_of("test", channel, recipient, f"{now:%Y%m%dT%H%M%S}"),
        kind=DeliveryKind.TEST,
        ref="test",
        channel=channel,
        recipient=recipient,
        message=marked,
        created_at=now,
        due_at=now,
    )
