"""A database that schema 0007 left behind is migrated, and what it owed is delivered."""

import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text

from monitor.model import (
    Attachment,
    ChannelState,
    Delivery,
    DeliveryState,
    Fingerprint,
    Incident,
    Message,
    Move,
    Placement,
    QuietSpell,
    Story,
    StoryFilter,
    Subscription,
    Unsubscription,
    WordSearch,
)
from monitor.store import SqlStore, open_store
from monitor.store.database import Database, database_at
from monitor.store.empty_database import VERSION_TABLE
from monitor.store.story_index import index_alerts
from monitor.store.tables import metadata
from tests.conftest import NOW
from tests.store.builders import state_of, stories_of
from tests.store.postgres import Databases
from tests.support.databases import migrate_to

HOUR = timedelta(hours=1)
ROWS = Path(__file__).with_name("data") / "schema_0007.json"

MESSAGE = Message(
    subject="London orders 12 howitzers",
    text="Some text – é\n",
    html="<p>Some text</p>",
    blocks=({"type": "divider"},),
    data={"a": [1, None]},
    attachments=(Attachment("a.csv", "text/csv", "x,y\n"),),
)
STATES = {
    "owed000000000000000000": "owed",
    "leased000000000000000000": "leased",
    "sent000000000000000000": "sent",
    "uncertain000000000000000000": "uncertain",
    "dead000000000000000000": "dead",
    "discarded000000000000000000": "discarded",
    "waits": "owed",
    "storm1": "suppressed",
    "expires": "expired",
    "expires2": "expired",
    "digest1": "owed",
    "step1": "owed",
    "health1": "owed",
    "canary1": "owed",
}


def fill(database: Database) -> None:
    """Make the tables of schema 0007 and insert the rows of the file."""
    migrate_to(database, "0007")
    with database.write_transaction() as connection:
        _insert(connection, json.loads(ROWS.read_text("utf-8")))


def _insert(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    old = MetaData()
    old.reflect(connection)
    connection.execute(old.tables["meta"].delete())
    for table in (table for table in old.sorted_tables if table.name in rows):
        flags = [column.name for column in table.columns if column.type.python_type is bool]
        for row in rows[table.name]:
            connection.execute(
                table.insert().values({**_decoded(row), **{name: bool(row[name]) for name in flags}})
            )
        for column in table.columns if connection.dialect.name == "postgresql" else ():
            if column.name in {"number", "seq"} and table.name != "attempts":
                _count_on(connection, table.name, column.name)


def _decoded(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: base64.b64decode(value["base64"]) if isinstance(value, dict) else value
        for name, value in row.items()
    }


def _count_on(connection: Connection, table: str, column: str) -> None:
    connection.execute(text(f"SELECT setval('{table}_{column}_seq', (SELECT max({column}) FROM {table}))"))


def migrate_filled(url: str) -> str:
    """Make a database of schema 0007, migrate it by opening a store, and return its URL."""
    with closing(database_at(url)) as database:
        fill(database)
    open_store(url, lock=True).close()
    return url


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The file of a migrated database, to be copied."""
    return migrate_filled(str(tmp_path_factory.mktemp("migrated") / "m.db"))


@pytest.fixture(scope="module")
def migrated_database(server: Databases) -> Iterator[str]:
    """A migrated database on the server, to be copied."""
    url = migrate_filled(server.create())
    yield url
    server.drop(url)


@pytest.fixture
def old(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """A store on a copy of a database of schema 0007 that was migrated."""
    with ExitStack() as undo:
        if kind == "sqlite":
            url = str(shutil.copyfile(request.getfixturevalue("migrated_file"), tmp_path / "m.db"))
        else:
            server: Databases = request.getfixturevalue("server")
            url = server.create(request.getfixturevalue("migrated_database"))
            undo.callback(server.drop, url)
        yield undo.enter_context(closing(open_store(url, lock=True)))


def test_the_migrated_tables_and_indexes_are_those_of_today(old: SqlStore) -> None:
    options = {
        "version_table": VERSION_TABLE,
        "compare_type": True,
        "include_name": lambda name, kind, parents: (
            kind not in {"table", "index"} or not (name or "").startswith(("items_words", "story_words"))
        ),
    }
    with old.database.read_transaction() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_deliveries_keep_their_ids_states_and_bytes(old: SqlStore) -> None:
    found = {each.id: each for each in old.deliveries()}
    assert {id: each.state for id, each in found.items()} == STATES
    assert all(each.message == MESSAGE for each in found.values())
    assert found["storm1"].covered_by == "storm-summary"
    assert found["storm1"].reason == "too many alerts at once"
    assert (found["expires"].covered_by, found["expires2"].covered_by) == ("d1", "")
    assert found["dead000000000000000000"].reason == "HTTP 410"


def test_what_was_owed_is_leased_and_sent_under_the_same_ids(old: SqlStore) -> None:
    old.recover(NOW + HOUR, NOW + 2 * HOUR)
    sent: list[Delivery] = []
    for channel in old.owed_channels(NOW + 4 * HOUR):
        while leased := old.lease(channel, NOW + 4 * HOUR, NOW + 5 * HOUR):
            sent += leased
            old.close_delivery(leased[0], NOW + 4 * HOUR, state=DeliveryState.SENT, reason="250 ok")
    ids = sorted(id for id, state in STATES.items() if state in {"owed", "leased", "uncertain"})
    assert sorted(each.id for each in sent) == ids
    assert all(each.message == MESSAGE for each in sent)
    assert old.owed_channels(NOW + 100 * HOUR) == ()


def test_attempts_keep_their_outcomes(old: SqlStore) -> None:
    def last(id: str) -> tuple[str, str, str, str]:
        found = old.delivery(id)
        assert found
        attempt = found[1][-1]
        return attempt.phase, attempt.outcome, attempt.code, attempt.reason

    assert last("sent000000000000000000") == ("done", "sent", "250", "250 ok")
    assert last("leased000000000000000000") == ("data", "", "", "")
    assert last("uncertain000000000000000000")[:2] == ("data", "uncertain")
    assert last("dead000000000000000000") == ("connect", "dead", "HTTP 410", "HTTP 410")


def test_stories_keep_their_fingerprints_under_iso_country_codes(old: SqlStore) -> None:
    stories = stories_of(old)
    assert stories.keys() == {"s1", "s2"}
    assert stories["s1"] == Story(
        id="s1",
        event_type="contract",
        stage="contract",
        polarity="acquire",
        official=False,
        updated_at=NOW,
        item_ids=stories["s1"].item_ids,
        fingerprints=(
            Fingerprint(
                lang="en",
                words=("london", "orders"),
                plain=("london",),
                body=("athens",),
                titled=("country:GB",),
                named=("country:GB", "country:GR"),
                figures=("12",),
                sums=("USD 80000000",),
            ),
        ),
        feeds=("wire",),
        steps=("contract contract acquire",),
        placement=Placement.NOW,
        publishers=("The wire",),
        parties=("country:GB",),
        sums=("USD 80000000",),
        deadlines=("2026-12-24",),
        silent=1,
        version=1,
    )
    assert stories["s2"].publishers == ("The gazette",)


def test_profiles_and_states_of_feeds_are_kept(old: SqlStore) -> None:
    wire = state_of(old, "wire")
    assert (wire.etag, wire.items_seen, wire.health, wire.version) == ('"e1"', 2, "ok", 1)
    assert wire.profile.quiet_spells == (QuietSpell("2026-11-22", 5400.0),)
    assert wire.profile.document_url == "https://wire.example/feed"
    assert wire.profile.move == Move(
        target="https://new.wire.example/feed", since=NOW - HOUR, polls=4, same_feed=True
    )
    assert wire.profile.signs == {"gap": "one poll too late"}
    gazette = state_of(old, "gazette")
    assert (gazette.failures, gazette.health, gazette.reason) == (2, "timeout", "no answer")


def test_alerts_and_verdicts_name_countries_by_iso_codes(old: SqlStore) -> None:
    first, second = old.alerts(NOW, NOW + HOUR)
    assert first.item.title == "London orders 12 howitzers"
    assert [(each.id, each.countries) for each in first.verdict.entities] == [
        ("country:GB", ("GB",)),
        ("country:GR", ("GR",)),
        ("weapon:archer", ("SE",)),
    ]
    assert first.verdict.event
    assert (first.verdict.event.buyer, first.verdict.event.supplier) == ("country:GB", "country:SE")
    assert second.verdict.event
    assert (second.verdict.event.imposer, second.verdict.event.targets) == (
        "country:GB",
        ("country:RU", "country:GR"),
    )
    for alert in (first, second):
        judged = old.item(alert.item.id)
        assert judged
        assert judged.verdict == alert.verdict
        assert old.alert(alert.id) == alert
    (exhibit,) = old.exhibits(first.item.id)
    assert exhibit.document
    assert exhibit.document.body.startswith(b"<rss>")


def test_digests_silences_unsubscriptions_and_actions_are_kept(old: SqlStore) -> None:
    states = old.subscription_states(["daily", "weekly"])
    assert (states["daily"].upto_seq, states["daily"].digests) == (2, 0)
    assert (states["weekly"].upto_seq, states["weekly"].last_key) == (2, "2026-W48")
    assert [alert.story for alert in old.digest_alerts(["d1"])["d1"]] == ["s1", "s2"]
    assert [(each.id, each.entity) for each in old.silences()] == [
        ("quiet-tr", "country:TR"),
        ("quiet-uk", "country:GB"),
    ]
    assert [each.id for each in old.silences(NOW)] == ["quiet-uk"]
    assert old.unsubscriptions() == (Unsubscription("desk", "bo@x.example", NOW, "by mail"),)
    first, second = old.alerts(NOW, NOW + HOUR)
    assert [each.kind for each in old.actions(first.id)] == ["acknowledge", "relevant"]
    (escalation,) = old.unanswered(NOW, NOW + HOUR)
    assert (escalation.alert.id, escalation.steps) == (second.id, (NOW + HOUR,))
    old.subscribe([Subscription(name="daily", at="08:00", zone="Europe/London")], NOW + HOUR)
    waiting = old.waiting(["daily", "weekly"])
    assert [alert.story for alert in waiting["daily"]] == ["s1", "s2"]
    assert waiting["weekly"] == ()


def test_channels_incidents_and_the_account_are_kept(old: SqlStore) -> None:
    assert old.channel_states()["desk5"] == ChannelState(
        channel="desk5",
        faults=3,
        permanent=True,
        reason="HTTP 410",
        since=NOW - HOUR,
        paused_until=NOW + HOUR,
    )
    assert old.open_incidents() == (Incident("", "offline", "no host answers", NOW + HOUR),)
    account = old.accounting(NOW - HOUR)
    assert account.missing == ()
    assert account.owed == sum(account.states.values())


def test_pages_keep_their_states(old: SqlStore) -> None:
    with old.database.read_transaction() as connection:
        rows = connection.execute(text("SELECT state, reason, attempts FROM articles ORDER BY state")).all()
    assert [tuple(row) for row in rows] == [("given up", "HTTP 404", 1), ("owed", "", 0)]


def test_stories_are_listed_and_found_as_if_their_alerts_were_raised_today(old: SqlStore) -> None:
    everything = "SELECT {} FROM story_rows ORDER BY story", "SELECT {} FROM story_facets ORDER BY 1, 2, 3"
    columns = "story, seq, first_at, last_at, severity, alerts, sanctions, arms, words", "kind, value, story"
    queries = [text(query.format(names)) for query, names in zip(everything, columns, strict=True)]
    alerts = old.alerts(NOW, NOW + HOUR)
    with old.database.write_transaction() as connection:
        migrated = [connection.execute(query).all() for query in queries]
        connection.execute(text("DELETE FROM story_facets"))
        connection.execute(text("DELETE FROM story_rows"))
        index_alerts(connection, alerts)
        assert [connection.execute(query).all() for query in queries] == migrated
    assert [row.story for row in old.story_rows(StoryFilter(words=WordSearch(words=("howitzers",))))] == [
        "s1"
    ]


def test_new_rows_are_numbered_after_the_old_ones(old: SqlStore) -> None:
    old.add_deliveries(
        [
            Delivery(
                id="new",
                kind=old.deliveries()[0].kind,
                ref="r",
                channel="desk",
                recipient="",
                message=MESSAGE,
                created_at=NOW,
                due_at=NOW,
            )
        ]
    )
    assert old.deliveries(limit=1)[0].id == "new"
