"""Channels that reach nobody: an incident opens, and another channel reports it."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.app.build import App, build
from monitor.config import load
from tests.conftest import FakeClock, delivery
from tests.support.databases import prepare_database
from tests.support.servers_mail import MailServer

CONFIG = """
database = "{folder}/m.db"
[polling]
parsers = 1
[channels.desk]
type = "email"
host = "127.0.0.1"
port = {port}
tls = "none"
sender = "radar@news.example"
to = ["a@desk.example", "b@desk.example"]
[channels.ops]
type = "console"
[health]
channels = ["desk", "ops"]
"""


@pytest.fixture
def server():
    with MailServer(tls="none") as server:
        yield server


@pytest.fixture
async def app(tmp_path: Path, server: MailServer, clock: FakeClock) -> AsyncIterator[App]:
    prepare_database(tmp_path / "m.db")
    (tmp_path / "config.toml").write_text(CONFIG.format(folder=tmp_path, port=server.port), "utf-8")
    async with build(load(tmp_path / "config.toml"), clock=clock, stream=io.StringIO()) as app:
        yield app


async def send(app: App, clock: FakeClock, *recipients: str) -> None:
    """Owe a mail to each of these, send what is due, and let the program examine itself."""
    clock.advance(minutes=1)
    number = len(app.store.deliveries(limit=1000))
    app.store.add_deliveries(
        [
            delivery(
                id=f"d{number + index}", channel="desk", recipient=f"{name}@desk.example", due_at=clock()
            )
            for index, name in enumerate(recipients)
        ]
    )
    await app.deliver.send_due("desk")
    await app.health.run()


def reports(app: App) -> list[tuple[str, str]]:
    """Return channel and subject of each report, oldest first."""
    found = [each for each in app.store.deliveries(limit=1000) if each.kind == "health"]
    return [(each.channel, each.message.subject) for each in reversed(found)]


async def test_recipients_that_all_fail_are_reported_by_another_channel(
    app: App, server: MailServer, clock: FakeClock
) -> None:
    server.replies["RCPT"] = "550 5.1.1 User unknown"
    await send(app, clock, "a", "b")
    (incident,) = app.store.open_incidents()
    assert (incident.subject, incident.kind) == ("desk", "channel")
    assert incident.reason.startswith("2 deliveries in a row were given up, none was sent; the last: ")
    assert "550 5.1.1 User unknown" in incident.reason
    assert [channel for channel, _ in reports(app)] == ["ops"]
    server.replies.clear()
    await send(app, clock, "a")
    assert app.store.open_incidents() == ()
    assert reports(app)[-1] == ("ops", "[Monitor health] over: desk: this channel accepts no messages")


async def test_one_recipient_that_does_not_exist_is_no_incident(
    app: App, server: MailServer, clock: FakeClock
) -> None:
    server.once["RCPT"] = "550 5.1.1 User unknown"
    await send(app, clock, "a", "b")
    assert app.store.open_incidents() == ()
    assert len(server.mails) == 1


async def test_several_dead_deliveries_in_a_row_are_reported(
    app: App, server: MailServer, clock: FakeClock
) -> None:
    server.replies["RCPT"] = "550 5.1.1 User unknown"
    await send(app, clock, "a")
    await send(app, clock, "a")
    assert app.store.open_incidents() == ()
    await send(app, clock, "a")
    assert [each.subject for each in app.store.open_incidents()] == ["desk"]


async def test_a_refusal_of_the_sender_at_rcpt_pauses_the_channel_and_condemns_nobody(
    app: App, server: MailServer, clock: FakeClock
) -> None:
    server.replies["RCPT"] = "554 5.7.1 <radar@news.example>: Sender address rejected: Access denied"
    await send(app, clock, "a", "b")
    assert {each.state for each in app.store.deliveries() if each.channel == "desk"} == {"owed"}
    (incident,) = app.store.open_incidents()
    assert "Sender address rejected" in incident.reason
    assert [channel for channel, _ in reports(app)] == ["ops"]
