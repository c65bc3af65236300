"""`channel test|list`: send a real test message through a channel; list the state of all channels."""

import asyncio
from dataclasses import replace
from typing import Annotated

import typer

from monitor import config as configuration
from monitor.app import derive, policies
from monitor.channels import Tools
from monitor.clock import utc_now
from monitor.errors import ConfigError, DeliveryError
from monitor.feeds.http.transport import client
from monitor.model import AttemptPhase, ChannelTarget, Delivery, DeliveryKind, Message, key_of
from monitor.render.renderer import Renderer
from monitor.render.samples import TALKS

from .channels_list import list_channels
from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, stderr, stdout

app = typer.Typer(help="The channels by which messages are sent.", no_args_is_help=True)

TIME_LIMIT_S = 120

#: Marked in its title, and of no story.
_TEST = replace(TALKS, item=replace(TALKS.item, title=f"[TEST] {TALKS.item.title}"), story="test")


@app.callback()
def _group() -> None:
    pass


app.command("list")(list_channels)


@app.command("test")
def try_channel(
    name: Annotated[str, typer.Argument(help="A channel of the configuration.")],
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Send a real test message through a channel, at once and without the outbox, and print the result."""
    settings = configuration.load(config)
    if name not in settings.channels:
        there = ", ".join(settings.channels) or "none yet"
        raise ConfigError(f"{config}: no channel {name!r}; there are {there}")
    target = derive.channel_targets_of(settings)[name]
    answers = asyncio.run(_send(settings, target, policies.renderer_of(settings)))
    if as_json:
        print_json(answers)
    else:
        for answer in answers:
            to = f" to {answer['recipient']}" if answer["recipient"] else ""
            console = stdout if answer["ok"] else stderr
            console.print(
                f"{name}{to}: {answer['answer']}", style="" if answer["ok"] else "red", markup=False
            )
    if not all(answer["ok"] for answer in answers):
        raise typer.Exit(1)


async def _send(
    settings: configuration.Settings, target: ChannelTarget, render: Renderer
) -> list[dict[str, object]]:
    guard, now = derive.guard_of(settings), utc_now()
    async with client(guard, derive.user_agent_of(settings)) as http:
        channel = settings.channels[target.name].build(Tools(http=http))
        answers: list[dict[str, object]] = []
        for recipient in target.recipients:
            for message in render.alert(_TEST, target.form):
                delivery = _test_delivery(target.name, recipient, message, f"{now:%Y%m%dT%H%M%S}")
                try:
                    async with asyncio.timeout(TIME_LIMIT_S):
                        answer, good = await channel.send(delivery, _mark), True
                except DeliveryError as error:
                    answer, good = str(error), False
                except TimeoutError:
                    answer, good = f"no end within {TIME_LIMIT_S} s", False
                answers.append({"recipient": recipient, "ok": good, "answer": answer, "id": delivery.id})
    return answers


async def _mark(phase: AttemptPhase) -> None:
    pass


def _test_delivery(channel: str, recipient: str, message: Message, moment: str) -> Delivery:
    now = utc_now()
    marked = Message(
        subject=f"[TEST] {message.subject.replace('[TEST] ', '')}",
        text=message.text,
        html=message.html,
        blocks=message.blocks,
        data={**message.data, "test": True} if message.data.get("type") == "alert" else message.data,
    )
    id = key_of("test", channel, recipient, moment)
    return Delivery(
        id=id,
        kind=DeliveryKind.TEST,
        ref="test",
        channel=channel,
        recipient=recipient,
        message=marked,
        created_at=now,
        due_at=now,
    )
