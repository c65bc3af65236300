"""`route test`: the way of one item through the routes, and why."""

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import app as program
from monitor import config as configuration
from monitor.alerts.neutral import neutral, whole
from monitor.alerts.policy import Stop, channels_for, way
from monitor.model import Alert, Placement, Subscription

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, stdout
from .look import alert_of

app = typer.Typer(help="The routes that alerts take to channels.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The routes that alerts take to channels."""


@app.command("test")
def try_(
    item: Annotated[str, typer.Argument(help="An item's id, or its beginning; `search` shows them.")],
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show the way of a stored item through the routes as configured now, and why each fits or does not.

    Nothing is sent.
    """
    settings = configuration.load(config)
    alert = alert_of(item, settings)
    routes = program.routes_of(settings)
    stops = tuple(way(alert, routes)) if alert.decision.placement > Placement.ARCHIVE else ()
    channels = channels_for(alert, [stop.route for stop in stops])
    digests = [each.name for each in program.subscriptions_of(settings) if _told(alert, each)]
    if as_json:
        print_json(_data(alert, stops) | {"channels": list(channels), "digests": digests})
        return
    stdout.print(Text(neutral(alert.item.title), "bold"))
    mark = ", marked UNCONFIRMED" if alert.decision.unconfirmed else ""
    stdout.print(Text(f"{alert.decision.placement.name.lower()}{mark}: {alert.decision.because}"))
    if stops:
        stdout.print(_table(stops))
    stdout.print(Text(f"at once: {', '.join(channels) or 'to nobody'}"))
    stdout.print(Text(f"in digests: {', '.join(digests) or 'none'}"))


def _told(alert: Alert, digest: Subscription) -> bool:
    if alert.decision.placement is Placement.ARCHIVE:
        return False
    return not digest.topics or not set(digest.topics).isdisjoint(alert.verdict.topics)


def _data(alert: Alert, stops: tuple[Stop, ...]) -> dict[str, Any]:
    return {
        "item": alert.item.id,
        "title": whole(alert.item.title),
        "placement": alert.decision.placement.name.lower(),
        "because": alert.decision.because,
        "unconfirmed": alert.decision.unconfirmed,
        "routes": [
            {
                "route": stop.route.name,
                "asked": stop.asked,
                "taken": stop.taken,
                "why": _why(stop),
                "channels": list(stop.route.channels),
            }
            for stop in stops
        ],
    }


def _table(stops: tuple[Stop, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("", "route", "channels", "why"):
        table.add_column(heading, overflow="fold")
    for stop in stops:
        refused = Text("✗", "red") if stop.asked else Text("–", "dim")
        mark = Text("✓", "green") if stop.taken else refused
        table.add_row(mark, stop.route.name, ", ".join(stop.route.channels), Text(_why(stop)))
    return table


def _why(stop: Stop) -> str:
    if not stop.asked:
        return "not asked: an earlier route ended the way"
    if stop.refusals:
        return "; ".join(stop.refusals)
    return "fits, and the next ones are asked too" if stop.route.go_on else "fits, and ends the way"
