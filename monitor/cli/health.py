"""`health`: the state of feeds and channels, and the account of all deliveries."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import config as configuration
from monitor.channels.breaker import is_degraded
from monitor.clock import utc_now
from monitor.model import Accounting, ChannelState, DeliveryState, FeedReach, reach_of
from monitor.render.json import incident_data

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, feeds_line, moment, opened_store, print_json, stdout
from .tables import new_table

_WAITING = (
    DeliveryState.OWED,
    DeliveryState.LEASED,
    DeliveryState.UNCERTAIN,
    DeliveryState.EXPIRED,
    DeliveryState.SUPPRESSED,
    DeliveryState.DEAD,
)


def health(
    days: Annotated[int, typer.Option(help="How many days back deliveries are counted.", min=1)] = 30,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show the state of feeds and channels, and what became of all deliveries.

    Exit code 1 if an incident is open, a channel fails or a delivery is not accounted for.
    """
    settings, now = configuration.load(config), utc_now()
    with opened_store(settings) as store:
        states, backlog = store.channel_states(), store.backlog()
        accounts = store.accounting(now - timedelta(days=days))
        incidents, feeds = store.open_incidents(), store.feed_states()
    names = sorted({*settings.channels, *(name for name in backlog if backlog[name].get(DeliveryState.OWED))})
    channels = [
        _channel(name, name in settings.channels, states.get(name), backlog.get(name, {}), now)
        for name in names
    ]
    reach = {state.feed: reach_of(state.health) for state in feeds}
    failing = [feed for feed in reach if reach[feed] is FeedReach.FAILING]
    if as_json:
        data = {"feeds": len(feeds), "feeds_failing": failing, "channels": channels}
        data |= {"feeds_unread": [feed for feed in reach if reach[feed] is FeedReach.UNREAD]}
        account = {
            "days": days,
            "owed": accounts.owed,
            "states": accounts.states,
            "missing": accounts.missing,
        }
        print_json(data | {"accounts": account, "incidents": [incident_data(each) for each in incidents]})
    else:
        stdout.print(feeds_line(feeds))
        stdout.print(_table(channels))
        for each in incidents:
            what = f"{each.subject or 'all'} {each.kind} since {moment(each.opened_at)}: "
            stdout.print(Text.assemble((what, "red"), each.reason))
        stdout.print(_accounts(accounts, days), soft_wrap=True)
    if incidents or accounts.missing or any(each["state"] != "well" for each in channels):
        raise typer.Exit(1)


def _channel(
    name: str, configured: bool, state: ChannelState | None, backlog: Mapping[str, int], now: datetime
) -> dict[str, Any]:
    state = state or ChannelState(channel=name)
    condition = "degraded" if is_degraded(state, now) else "well"
    paused = state.paused_until is not None and state.paused_until > now
    return {
        "name": name,
        "state": condition if configured else "not configured",
        "reason": state.reason,
        "faults": state.faults,
        "since": moment(state.since) or None,
        "rests_until": moment(state.paused_until) if paused else None,
        "last_sent_at": moment(state.sent_at) or None,
        "waiting": {each: backlog[each] for each in _WAITING if backlog.get(each)},
    }


def _table(channels: list[dict[str, Any]]) -> Table | str:
    table = new_table("channel", "state", "last sent", "not sent", "reason")
    for each in channels:
        shown = Text(each["state"], style="green" if each["state"] == "well" else "red")
        waiting = ", ".join(f"{count} {state}" for state, count in each["waiting"].items())
        pause = f" (paused until {each['rests_until']})" if each["rests_until"] else ""
        reason = Text(f"{each['reason']}{pause}")
        table.add_row(each["name"], shown, each["last_sent_at"] or "never", waiting or "nothing", reason)
    return table if channels else "no channels"


def _accounts(accounts: Accounting, days: int) -> Text:
    overdue = ", ".join(f"{count} {state}" for state, count in sorted(accounts.states.items()))
    summary = f"in {days} days {accounts.owed} deliveries were owed: {overdue or 'none'}"
    if not accounts.missing:
        return Text(f"{summary}; all are accounted for")
    missing = ", ".join(accounts.missing[:5])
    return Text.assemble(f"{summary}; ", (f"deliveries are missing of {missing}", "red"))
