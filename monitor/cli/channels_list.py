"""`channel list`: last success, pending deliveries and last canary of each channel."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from rich.text import Text

from monitor import config as configuration
from monitor.clock import utc_now
from monitor.model import ChannelRecord

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, moment, opened_store, print_json, stdout
from .tables import new_table, print_table

_STYLES = {"ok": "green", "failing": "red", "not configured": "yellow", "unused": "dim"}


def list_channels(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Show each channel's last success, its deliveries owed, uncertain and dead, and its last canary."""
    settings, now = configuration.load(config), utc_now()
    with opened_store(settings) as store:
        known = {record.channel: record for record in store.channel_records()}
    rows = list(_rows(settings, known, now))
    if as_json:
        print_json(rows)
        return
    table = new_table("channel", "type", "state", "last success", "owed", "uncertain", "dead", "canary")
    for row in rows:
        state = Text(row["state"], style=_STYLES.get(row["state"], ""))
        counts = (str(row[name]) for name in ("owed", "uncertain", "dead"))
        canary = Text(_canary(row["canary"], now))
        table.add_row(row["name"], row["type"], state, _ago(row["last_success_age_s"]), *counts, canary)
    if rows:
        print_table(table, ("canary", "uncertain", "type", "dead"))
    else:
        stdout.print("no channels yet; add [channels.<name>] to the configuration")


def _rows(
    settings: configuration.Settings, known: dict[str, ChannelRecord], now: datetime
) -> Iterator[dict[str, Any]]:
    for name in (*settings.channels, *sorted(known.keys() - settings.channels.keys())):
        record, table = known.get(name, ChannelRecord(channel=name)), settings.channels.get(name)
        age = now - record.sent_at if record.sent_at else None
        yield {
            "name": name,
            "type": table.type if table else "",
            "state": _state(record) if table else "not configured",
            "last_success_at": moment(record.sent_at) or None,
            "last_success_age_s": max(0, int(age.total_seconds())) if age is not None else None,
            "sent": record.sent,
            "owed": record.owed,
            "uncertain": record.uncertain,
            "dead": record.dead,
            "canary": {
                "at": moment(record.canary.created_at),
                "state": record.canary.state,
                "note": record.canary.reason,
            }
            if record.canary
            else None,
        }


def _state(record: ChannelRecord) -> str:
    """Return the state of a channel in a word; failures before its last success do not count."""
    failed = record.failed_at
    if failed and (record.sent_at is None or failed > record.sent_at):
        return "failing"
    if record.sent_at:
        return "ok"
    return "waiting" if record.owed or record.uncertain else "unused"


def _canary(row: dict[str, Any] | None, now: datetime) -> str:
    if row is None:
        return ""
    age = int((now - datetime.fromisoformat(row["at"])).total_seconds())
    return f"{row['state']}, {_ago(age)}" + (f": {row['note']}" if row["state"] != "sent" else "")


def _ago(seconds: int | None) -> str:
    """Return an age in its two largest units."""
    if seconds is None:
        return "never"
    minutes = int(timedelta(seconds=seconds) / timedelta(minutes=1))
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h ago"
    return f"{hours} h {minutes % 60} min ago" if hours else f"{minutes} min ago"
