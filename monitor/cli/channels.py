"""`channel test|list`: send a real test message through a channel; list the state of all channels."""

import asyncio
from typing import Annotated

import typer

from monitor import config as configuration
from monitor.app import derive, policies
from monitor.app.http import guarded_client
from monitor.channels import Tools
from monitor.clock import utc_now
from monitor.errors import ConfigError
from monitor.jobs.channel_test import ChannelAnswer, ChannelTest
from monitor.model import ChannelTarget
from monitor.render.renderer import Renderer

from .channels_list import list_channels
from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, stderr, stdout

app = typer.Typer(help="The channels by which messages are sent.", no_args_is_help=True)


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
        print_json([_data(answer) for answer in answers])
    else:
        for answer in answers:
            to = f" to {answer.recipient}" if answer.recipient else ""
            console = stdout if answer.accepted else stderr
            style = "" if answer.accepted else "red"
            console.print(f"{name}{to}: {answer.answer}", style=style, markup=False)
    if not all(answer.accepted for answer in answers):
        raise typer.Exit(1)


def _data(answer: ChannelAnswer) -> dict[str, object]:
    return {
        "recipient": answer.recipient,
        "ok": answer.accepted,
        "answer": answer.answer,
        "id": answer.id,
    }


async def _send(
    settings: configuration.Settings, target: ChannelTarget, render: Renderer
) -> tuple[ChannelAnswer, ...]:
    client, _ = guarded_client(settings)
    async with client as http:
        channel = settings.channels[target.name].build(Tools(http=http))
        test = ChannelTest(name=target.name, channel=channel, form=target.form, render=render.alert)
        return await test.send(target.recipients, utc_now())
