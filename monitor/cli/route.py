"""`route test`: show which routes, digests and recipients get one item, and why."""

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import config as configuration
from monitor.alerts.routing import RouteStep
from monitor.alerts.trace import Path, path_of, why
from monitor.app import derive
from monitor.model import Alert, Subscription
from monitor.render.sanitize import sanitize, without_surrogates

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, stdout
from .preview import alert_of
from .tables import new_table

app = typer.Typer(help="The routes that alerts take to channels.", no_args_is_help=True)

#: Most recipients named on a terminal.
_NAMED = 20


@app.callback()
def _group() -> None:
    """The routes that alerts take to channels."""


@app.command("test")
def try_(
    item: Annotated[str, typer.Argument(help="An item's id, or its beginning; `search` shows them.")],
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show which of the configured routes a stored item takes, and why each fits or does not.

    Nothing is sent.
    """
    settings = configuration.load(config)
    alert = alert_of(item, settings)
    path = path_of(
        alert,
        derive.routes_of(settings),
        derive.subscriptions_of(settings),
        derive.recipients_of(settings),
    )
    if as_json:
        print_json(_data(alert, path))
        return
    stdout.print(Text(sanitize(alert.item.title), "bold"))
    mark = ", marked UNCONFIRMED" if alert.decision.unconfirmed else ""
    stdout.print(Text(f"{alert.decision.placement.name.lower()}{mark}: {alert.decision.because}"))
    if path.stops:
        stdout.print(_table(path.stops))
    stdout.print(Text(f"at once: {', '.join(path.channels) or 'to nobody'}"))
    own = [sub for sub in path.digests if sub.recipient is None]
    stdout.print(Text(f"in digests: {', '.join(map(_when, own)) or 'none'}"))
    if settings.recipients:
        stdout.print(Text(f"recipients at once: {_named([each.name for each in path.recipients])}"))
        theirs = [sub.recipient.name for sub in path.digests if sub.recipient]
        stdout.print(Text(f"recipients by digest: {_named(theirs)}"))


def _when(sub: Subscription) -> str:
    return f"{sub.name} ({sub.when} {sub.zone})"


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return (", ".join(names[:_NAMED]) + more) or "none"


def _data(alert: Alert, path: Path) -> dict[str, Any]:
    return {
        "item": alert.item.id,
        "title": without_surrogates(alert.item.title),
        "placement": alert.decision.placement.name.lower(),
        "because": alert.decision.because,
        "unconfirmed": alert.decision.unconfirmed,
        "routes": [
            {
                "route": stop.route.name,
                "asked": stop.asked,
                "taken": stop.taken,
                "why": why(stop),
                "channels": list(stop.route.channels),
                "cadence": stop.route.digest.when if stop.route.digest else "now",
            }
            for stop in path.stops
        ],
        "channels": list(path.channels),
        "digests": [sub.name for sub in path.digests if sub.recipient is None],
        "recipients": {
            "at_once": [recipient.name for recipient in path.recipients],
            "digests": [sub.recipient.name for sub in path.digests if sub.recipient],
        },
    }


def _table(stops: tuple[RouteStep, ...]) -> Table:
    table = new_table("", "route", "channels", "when", "why")
    for stop in stops:
        refused = Text("✗", "red") if stop.asked else Text("–", "dim")
        mark = Text("✓", "green") if stop.taken else refused
        digest = stop.route.digest
        when = f"{digest.when} {digest.zone}" if digest else "now"
        table.add_row(mark, stop.route.name, ", ".join(stop.route.channels), when, Text(why(stop)))
    return table
