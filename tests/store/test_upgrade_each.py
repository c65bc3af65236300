"""Every schema since 0007, with rows in all its tables, is migrated to that of today, on both databases.

`test_upgrade` compares the migrated tables and values in full for schema 0007; here rows must survive from each.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Table, inspect, select, text

from monitor.alerts.routing import BACKLOG
from monitor.store import SqlStore, migrate, open_store, tables
from monitor.store.codec import to_json
from monitor.store.database import Database, database_at
from monitor.store.rows import rated_severity
from tests.conftest import NOW
from tests.store.postgres import Databases
from tests.store.test_migrate import is_ours
from tests.store.test_upgrade import MESSAGE, STATES, fill
from tests.support.databases import migrate_to

AT = "2026-11-23T09:00:00.000000Z"

#: Rows for tables that the rows of schema 0007 leave empty, and that refer to others or are read by migrations.
SAMPLES: dict[str, dict[str, Any]] = {
    "users": {"name": "ayse", "role": "editor", "password_hash": "h", "created_at": AT},
    "sessions": {"id_hash": "h", "user": "ayse", "created_at": AT, "expires_at": AT},
    "tokens": {"name": "bi", "scope": "read", "token_hash": "h", "created_at": AT, "expires_at": AT},
    "audit": {"number": 7, "at": AT, "who": "ayse", "what": "signed in", "subject": "", "detail": ""},
    "notes": {"id": "n", "story": "s1", "who": "ayse", "at": AT, "text": "a note"},
    "assignments": {"story": "s1", "who": "ayse", "by": "bo", "at": AT},
    "saved_views": {"name": "v", "query": "topic=arms", "by": "ayse", "at": AT},
    "rule_files": {"kind": "rules", "version": "r1", "stored_at": AT, "texts": b"x"},
    "undos": {"token": "t", "until": AT, "undo": "{}"},
    "polls": {"feed": "wire", "version": 1, "at": AT, "health": "ok", "reason": ""},
    "forgotten": {"id": "i", "content_hash": "h", "last_seen_at": AT},
    "hub_subscriptions": {"feed": "wire", "hub": "https://hub.example/", "state": "active", "due_at": AT},
}


def versions() -> list[str]:
    """Return every schema from 0007 to the one before today's."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    known = (script.revision for script in ScriptDirectory.from_config(config).walk_revisions())
    return sorted(each for each in known if "0007" <= each < migrate.HEAD)


VERSIONS = versions()


def older_ones(begun: str, copied: Any) -> Iterator[tuple[str, str]]:
    """Yield each version with a copy of a database that is migrated from one to the next."""
    for version in VERSIONS:
        with closing(database_at(begun)) as database:
            if version == VERSIONS[0]:
                fill(database)
            migrate_to(database, version)
        yield version, copied(begun)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """A file of each schema."""
    folder = tmp_path_factory.mktemp("schemas")

    def copied(path: str) -> str:
        return str(shutil.copyfile(path, folder / f"{len(list(folder.iterdir()))}.db"))

    return dict(older_ones(str(folder / "begun.db"), copied))


@pytest.fixture(scope="module")
def databases(server: Databases) -> Iterator[Mapping[str, str]]:
    """A database of each schema on the server."""
    with ExitStack() as undo:

        def created(template: str = "") -> str:
            url = server.create(template)
            undo.callback(server.drop, url)
            return url

        yield dict(older_ones(created(), created))


@pytest.mark.parametrize("version", VERSIONS)
def test_rows_of_a_schema_survive_the_migration(
    version: str, kind: str, request: pytest.FixtureRequest
) -> None:
    older = request.getfixturevalue({"sqlite": "files", "postgresql": "databases"}[kind])[version]
    with closing(database_at(older)) as database:
        samples = insert_samples(database)
        if version < DOUBTS:
            lower_decisions(database)
        before = counts(database)
    with closing(open_store(older, lock=True)) as store:
        after = counts(store.database)
        assert {name: rows for name, rows in before.items() if rows > after.get(name, rows)} == {}
        assert_samples(store.database, samples)
        assert_rated(store.database)
        if version < DOUBTS:
            assert_lowered(store)
        found = {each.id: each for each in store.deliveries()}
        assert {id: each.state for id, each in found.items()} == STATES
        assert all(each.message == MESSAGE for each in found.values())
        assert [each.story for each in store.alerts(NOW, NOW.replace(year=2027))] == ["s1", "s2"]


def insert_samples(database: Database) -> dict[str, dict[str, Any]]:
    """Insert a row into each table that has none."""
    empty = [name for name, rows in counts(database).items() if not rows]
    with database.write_transaction() as connection:
        tables = MetaData()
        tables.reflect(connection, only=empty)
        added = [table for table in tables.sorted_tables if table.name in empty]
        for table in added:
            connection.execute(table.insert().values(sample_for(table)))
    return {table.name: sample_for(table) for table in added}


def sample_for(table: Table) -> dict[str, Any]:
    """Return the sample of a table; for one that has none, a value of its type in each column."""
    sample = SAMPLES.get(table.name, {})
    return {column.name: sample.get(column.name, value_of(column)) for column in table.columns}


def value_of(column: Column[Any]) -> Any:
    return AT if column.type.python_type is str else column.type.python_type(1)


def assert_samples(database: Database, samples: Mapping[str, dict[str, Any]]) -> None:
    with database.read_transaction() as connection:
        for name, sample in samples.items():
            table = Table(name, MetaData(), autoload_with=connection)
            rows = [dict(row._mapping) for row in connection.execute(select(table))]
            assert any(sample.items() <= row.items() for row in rows), name


#: The schema since which decisions state what lowered them in fields of their own.
DOUBTS = "0029"

#: Decisions, by the number of their item, as schemas before that state what lowered them.
LOWERED = {
    2: {"placement": 0, "because": BACKLOG, "unconfirmed": False},
    3: {"placement": 2, "because": "severity 5, credibility B; its items “drift”; odd", "unconfirmed": False},
}


def lower_decisions(database: Database) -> None:
    """Let the decisions on items, and on one alert, be lowered, as they were written before `DOUBTS`."""
    with database.write_transaction() as connection:
        for number, decision in LOWERED.items():
            put = text("UPDATE items SET decision = :decision WHERE number = :number")
            connection.execute(put, {"decision": to_json(decision), "number": number})
        alert = json.loads(connection.scalar(text("SELECT alert FROM alerts WHERE seq = 2")) or "")
        put = text("UPDATE alerts SET alert = :alert WHERE seq = 2")
        connection.execute(put, {"alert": to_json(alert | {"decision": LOWERED[3]})})


def assert_lowered(store: SqlStore) -> None:
    """Fail if what lowered a decision does not stand in its own fields, on its item and on its alert."""
    doubt = "its items “drift”; odd"
    items = {each.item.title: each.decision for each in store.judged_since(NOW)}
    first, backlog, doubted = items.values()
    assert (first.doubt, first.from_backlog) == ("", False)
    assert (backlog.doubt, backlog.from_backlog, backlog.because) == ("", True, BACKLOG)
    assert (doubted.doubt, doubted.because) == (doubt, LOWERED[3]["because"])
    assert [each.decision.doubt for each in store.alerts(NOW, NOW.replace(year=2027))] == ["", doubt]


def assert_rated(database: Database) -> None:
    """Fail if the severity of an item is not that of its verdict."""
    with database.read_transaction() as connection:
        rows = connection.execute(select(tables.items.c.severity, tables.items.c.verdict)).all()
    assert [row.severity for row in rows] == [rated_severity(row.verdict) for row in rows]
    assert any(row.severity for row in rows)


def counts(database: Database) -> dict[str, int]:
    """Return the rows of each table of ours."""
    with database.read_transaction() as connection:
        names = [name for name in inspect(connection).get_table_names() if is_ours(name, "table", None)]
        return {name: count(connection, name) for name in names}


def count(connection: Connection, table: str) -> int:
    return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0
