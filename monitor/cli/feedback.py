"""`feedback add|list|stats`: record and list feedback on alerts; show the precision of each rule."""

from datetime import UTC, datetime, timedelta
from getpass import getuser
from typing import Annotated, Any

import typer
from rich.text import Text

from monitor import config as configuration
from monitor.alerts.feedback import RulePrecision, rule_precisions
from monitor.clock import utc_now
from monitor.model import FEEDBACK, Action, ActionKind, Alert
from monitor.render.sanitize import sanitize

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, moment, not_found, opened_store, print_json, stdout
from .tables import new_table

app = typer.Typer(help="Feedback on alerts, and the precision of rules by it.", no_args_is_help=True)

KINDS = (ActionKind.ACKNOWLEDGE, *FEEDBACK)

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@app.command()
def add(
    alert: Annotated[str, typer.Argument(help="An alert's id, or its beginning.")],
    mark: Annotated[str, typer.Argument(help="One of " + ", ".join(KINDS))],
    who: Annotated[str, typer.Option(help="Who gives the feedback; default: the current user.")] = "",
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Acknowledge an alert or give feedback on it, as the links in its messages do."""
    if mark not in KINDS:
        raise typer.BadParameter(f"no mark {mark!r}; there are {', '.join(KINDS)}")
    with opened_store(configuration.load(config)) as store:
        found = store.alert(alert)
        if found is None:
            raise not_found("alert", alert, "its messages give it, at the end")
        store.add_action(Action(found.id, ActionKind(mark), "", who or getuser(), utc_now()))
    stdout.print(Text(f"{mark}: {sanitize(found.item.title)}"))


@app.command("list")
def list_(
    days: Annotated[int, typer.Option(help="Of the last so many days.", min=1, max=3650)] = 30,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """List what recipients did about alerts, the oldest first."""
    with opened_store(configuration.load(config)) as store:
        found = store.actions_since(utc_now() - timedelta(days=days))
    if as_json:
        print_json([_data(action, alert) for action, alert in found])
        return
    table = new_table("at", "what", "who", "alert", "title")
    for action, alert in found:
        who = Text(action.recipient or action.channel)
        table.add_row(
            moment(action.at), action.kind, who, action.alert[:10], Text(sanitize(alert.item.title))
        )
    stdout.print(table if found else "no feedback yet")


@app.command()
def stats(
    days: Annotated[int | None, typer.Option(help="Only of the last so many days.", min=1, max=3650)] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show the precision of every rule by feedback, the least precise first.

    Precision is the share of relevant among relevant, noise and wrong entity; a duplicate blames no rule.
    """
    since = utc_now() - timedelta(days=days) if days else _EVER
    with opened_store(configuration.load(config)) as store:
        found = rule_precisions(store.actions_since(since))
    if as_json:
        print_json([_precision_row(each) for each in found])
        return
    numbers = ("precision", *(mark.replace("_", " ") for mark in FEEDBACK))
    table = new_table("rule", *numbers, right=numbers)
    for each in found:
        precision = "" if each.precision is None else f"{each.precision:.0%}"
        table.add_row(each.rule, precision, *(str(getattr(each, mark)) for mark in FEEDBACK))
    stdout.print(table if found else "no feedback yet")


def _precision_row(each: RulePrecision) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "precision": each.precision,
        **{mark: getattr(each, mark) for mark in FEEDBACK},
    }


def _data(action: Action, alert: Alert) -> dict[str, Any]:
    about = {
        "alert": action.alert,
        "story": alert.story,
        "title": alert.item.title,
        "rules": alert.verdict.rules,
    }
    whom = {"channel": action.channel, "who": action.recipient}
    return {"at": moment(action.at), "act": action.kind, **whom, **about}
