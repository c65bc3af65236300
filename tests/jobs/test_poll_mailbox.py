"""Polls of a mailbox by the whole program: messages raise alerts once, and a deadly one holds nothing up."""

import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from monitor.app.build import App, build
from monitor.app.once import once
from monitor.config import Settings, load
from monitor.errors import FeedError, FeedHealth
from monitor.feeds.base import EarlierDocument, FeedDocument, ParsedDocument, ParseDocument
from tests.conftest import NOW, FakeClock
from tests.support.archive import found
from tests.support.databases import prepare_database
from tests.support.servers_imap import PASSWORD, USER, MailboxServer, message

NEWS = "Türkiye signs a contract for 40 Typhoon fighter jets worth $10.7 billion"


def settings_for(folder: Path, server: MailboxServer) -> Settings:
    prepare_database(folder / "m.db")
    server.authority.cert_pem.write_to_path(folder / "ca.pem")
    (folder / "config.toml").write_text(
        f"""database = "{folder}/m.db"
[polling]
parsers = 1
[feeds.lists]
url = "{server.url()}"
kind = "imap"
user = "{USER}"
password = "{PASSWORD}"
ca = "{folder}/ca.pem"
every = "1h"
tier = "wire"
lang = "en"
""",
        "utf-8",
    )
    return load(folder / "config.toml")


def titles(app: App) -> list[str]:
    return sorted(judged.item.title for judged in found(app.store, "notice"))


async def test_a_message_raises_one_alert_and_its_document_is_kept(tmp_path: Path, clock: FakeClock) -> None:
    with MailboxServer() as server:
        server.add(message("Notice of last week"), NOW - timedelta(days=7))
        async with build(settings_for(tmp_path, server), clock=clock, stream=io.StringIO()) as app:
            await once(app)
            server.add(message(NEWS, "The Defence Ministry announced the contract on Monday."))
            clock.advance(hours=2)
            polled = (await once(app)).polled
            assert (polled.items, polled.alerts) == (1, 1)
            clock.advance(hours=2)
            again = (await once(app)).polled
            (state,) = app.store.feed_states()
            (alert,) = app.store.alerts(NOW, NOW + timedelta(days=1))
            exhibits = app.store.exhibits(alert.item.id)
    assert (again.items, again.alerts, state.health) == (0, 0, "not_modified")
    document = next(each.document for each in exhibits if each.document)
    assert NEWS.encode() not in document.body  # its subject is encoded
    assert b"The Defence Ministry announced" in document.body


async def test_many_messages_at_once_open_no_incident_of_lost_ones(tmp_path: Path, clock: FakeClock) -> None:
    with MailboxServer() as server:
        server.add(message("Notice 0"))
        async with build(settings_for(tmp_path, server), clock=clock, stream=io.StringIO()) as app:
            await once(app)
            for number in (1, 2, 3):
                server.add(message(f"Notice {number}"))
            clock.advance(hours=2)
            await once(app)
            (state,) = app.store.feed_states()
    assert state.profile.signs == {}
    assert state.items_seen == 3


@dataclass
class FragileParser:
    """Parses as `parse` does, and dies of a certain text."""

    parse: ParseDocument

    async def __call__(self, document: FeedDocument, earlier: EarlierDocument) -> ParsedDocument:
        if b"deadly text" in document.body:
            raise FeedError("the document ended its parser", FeedHealth.PARSER_KILLED)
        return await self.parse(document, earlier)


async def test_a_message_that_ends_its_parser_is_stored_by_its_headers(
    tmp_path: Path, clock: FakeClock
) -> None:
    with MailboxServer() as server:
        server.add(message("Notice 0"))
        async with build(settings_for(tmp_path, server), clock=clock, stream=io.StringIO()) as app:
            await once(app)
            app.poll.parse_document = FragileParser(app.poll.parse_document)
            server.add(message("Notice 1", "deadly text"))
            server.add(message("Notice 2"))
            healths = []
            for _ in range(4):
                clock.advance(days=1)
                await once(app)
                healths.append(str(app.store.feed_states()[0].health))
            assert titles(app) == ["Notice 0", "Notice 1", "Notice 2"]
    assert healths == ["parser_killed", "parser_killed", "ok", "ok"]
