"""`channel list`: how channels fare, by what became of what was owed to them."""

from datetime import timedelta
from pathlib import Path

from monitor.clock import utc_now
from monitor.store import open_store
from tests.conftest import delivery
from tests.support.commands import Cli

CONFIG = """database = "m.db"
[channels.desk]
type = "file"
[channels.hook]
type = "webhook"
url = "https://hooks.example/x"
[channels.new]
type = "console"
[channels.slow]
type = "file"
"""


def end(
    store, id: str, channel: str, state: str, ago: timedelta, reason: str = "", kind: str = "alert"
) -> None:
    """Let a delivery end so long ago."""
    at = utc_now() - ago
    each = delivery(id=id, channel=channel, kind=kind, created_at=at, due_at=at)
    store.add_deliveries([each])
    if state:
        store.lease(channel, at, at + timedelta(hours=1))
        store.close_delivery(each, at, state=state, reason=reason)


def given() -> None:
    Path("config.toml").write_text(CONFIG, "utf-8")
    store = open_store("m.db", lock=False)
    hour = timedelta(hours=1)
    end(store, "a", "desk", "dead", 60 * hour)
    end(store, "b", "desk", "sent", 50 * hour)
    end(store, "c", "desk", "sent", 3 * hour, "250 ok", kind="canary")
    end(store, "d", "hook", "sent", 9 * hour)
    end(store, "e", "hook", "dead", 2 * hour)
    end(store, "f", "hook", "dead", 2 * hour, "HTTP 410", kind="canary")
    end(store, "g", "slow", "", hour)
    end(store, "h", "gone", "sent", 5 * hour)
    store.close()


def test_each_channel_shows_its_last_success_and_what_is_left(cli: Cli) -> None:
    given()
    rows = {row["name"]: row for row in cli("channel", "list", "--json").data}
    assert list(rows) == ["desk", "hook", "new", "slow", "gone"]
    states = {name: (row["state"], row["owed"], row["dead"], row["sent"]) for name, row in rows.items()}
    assert states == {
        "desk": ("ok", 0, 1, 1),
        "hook": ("failing", 0, 1, 1),
        "new": ("unused", 0, 0, 0),
        "slow": ("waiting", 1, 0, 0),
        "gone": ("not configured", 0, 0, 1),
    }
    assert 3 * 3600 <= rows["desk"]["last_success_age_s"] < 3 * 3600 + 60  # a canary is a success too
    assert (rows["hook"]["canary"]["state"], rows["hook"]["canary"]["note"]) == ("dead", "HTTP 410")
    assert (rows["new"]["last_success_at"], rows["new"]["canary"]) == (None, None)


def test_the_table_shows_the_age_of_successes_and_canaries(cli: Cli) -> None:
    given()
    lines = cli("channel", "list").out.splitlines()
    said = {line.split()[0]: " ".join(line.split()) for line in lines}
    assert said["desk"] == "desk file ok 3 h 0 min ago 0 0 1 sent, 3 h 0 min ago"
    assert said["hook"] == "hook webhook failing 9 h 0 min ago 0 0 1 dead, 2 h 0 min ago: HTTP 410"
    assert said["new"] == "new console unused never 0 0 0"


def test_without_channels_it_says_what_to_do(cli: Cli) -> None:
    Path("config.toml").write_text('database = "m.db"\n', "utf-8")
    assert "add [channels.<name>]" in cli("channel", "list").out
