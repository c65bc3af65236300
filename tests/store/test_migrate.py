"""From nothing to the tables of today, and no further."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Inspector, inspect, text

from monitor.errors import StoreError
from monitor.store import SqlStore, open_store
from monitor.store.database import Database, database_at
from monitor.store.empty_database import VERSION_TABLE
from monitor.store.migrate import HEAD
from monitor.store.tables import metadata
from tests.conftest import NOW, delivery, item
from tests.store.builders import feed, full, state_of, stored
from tests.support.databases import migrate_to

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    """A way to a database without a table."""
    database = database_at(empty_url)
    yield database
    database.close()


def say(database: Database, statement: str) -> None:
    with database.write_transaction() as connection:
        connection.execute(text(statement))


def test_the_newest_migration_is_the_head():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "monitor/store/migrations"))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_migration_uses_no_code_of_the_store_or_the_model_which_may_change():
    for path in (ROOT / "monitor/store/migrations/versions").glob("*.py"):
        modules = re.findall(r"^(?:from|import) (monitor[\w.]*)", path.read_text("utf-8"), re.MULTILINE)
        assert set(modules) <= {"monitor.text"}, path.name


def test_migrations_make_what_the_tables_say(empty: Database):
    migrate_to(empty, HEAD)
    with empty.read_transaction() as connection:
        options = {"version_table": VERSION_TABLE, "include_name": is_ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_an_empty_database_gets_what_all_migrations_would_make(store: SqlStore, empty: Database):
    migrate_to(empty, HEAD)
    assert schema_of(store.database) == schema_of(empty)


def schema_of(database: Database) -> dict[str, Any]:
    """Return what a database says of its tables.

    Left out are defaults, which migrations give to rows that are there, and the names of keys, which PostgreSQL
    keeps from the older names of tables.
    """
    with database.read_transaction() as connection:
        tables = inspect(connection)
        names = [name for name in tables.get_table_names() if not WORD_INDEX.fullmatch(name)]
        others = SQLITE_OTHERS if database.path else POSTGRESQL_OTHERS
        rows = (" ".join(map(str, row)) for row in connection.execute(text(others)))
        return {
            "tables": {name: table_of(tables, name) for name in names},
            "others": sorted(re.sub(r"\s+", " ", row) for row in rows),
            "version": connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")),
            "product": connection.scalar(text("SELECT value FROM meta WHERE key = 'product'")),
        }


def table_of(tables: Inspector, name: str) -> dict[str, Any]:
    """Return the columns, keys and indexes of a table, each in an order that says nothing."""
    columns = ((each["name"], repr(each["type"]), each["nullable"]) for each in tables.get_columns(name))
    references = ({**each, "name": None} for each in tables.get_foreign_keys(name))
    return {
        "columns": sorted(columns),
        "keys": tables.get_pk_constraint(name)["constrained_columns"],
        "unique": sorted(str(each["column_names"]) for each in tables.get_unique_constraints(name)),
        "references": sorted(map(str, references)),
        "indexes": sorted(
            (each["name"], each["unique"], each["column_names"]) for each in tables.get_indexes(name)
        ),
    }


#: SQLite's own tables behind an index of words.
WORD_INDEX = re.compile(r"(items|story)_words(_\w+)?")

SQLITE_OTHERS = """
    SELECT sql FROM sqlite_master
    WHERE type = 'trigger' OR type = 'index' AND sql LIKE '% WHERE %' OR sql LIKE 'CREATE VIRTUAL%'
"""
POSTGRESQL_OTHERS = """
    SELECT indexdef, '' FROM pg_indexes WHERE schemaname = current_schema() AND indexname NOT LIKE '%_pkey'
    UNION ALL SELECT relname, reloptions::text FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r'
"""


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """SQLite's index of words is made of tables that only it knows, PostgreSQL's is no column's."""
    return kind not in {"table", "index"} or not (name or "").startswith(("items_words", "story_words"))


def test_an_empty_database_gets_its_tables_once(empty_url: str):
    for _ in range(2):
        store = open_store(empty_url, lock=True)
        store.add_deliveries([delivery()])
        assert store.deliveries() == (delivery(),)
        store.close()


FIRST_USE = "import sys; from monitor.store import open_store; open_store(sys.argv[1], lock=False).close()"


def test_two_that_find_an_empty_database_at_once_make_its_tables_once(empty_url: str):
    command = [sys.executable, "-c", FIRST_USE, empty_url]
    with subprocess.Popen(command, cwd=ROOT) as first, subprocess.Popen(command, cwd=ROOT) as second:
        assert (first.wait(), second.wait()) == (0, 0)


def test_a_database_of_a_newer_program_is_left_alone(empty_url: str, empty: Database):
    open_store(empty_url, lock=False).close()
    say(empty, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(StoreError) as caught:
        open_store(empty_url, lock=True)
    assert str(caught.value) == (
        f"{empty.label} was written by a newer sanctions-monitor (schema 9999, this one knows {HEAD});"
        " upgrade sanctions-monitor or use another database"
    )


def test_a_database_of_an_older_program_is_not_changed_while_that_serves_it(empty_url: str, empty: Database):
    older = open_store(empty_url, lock=True)
    say(empty, f"UPDATE {VERSION_TABLE} SET version_num = '0000'")
    with pytest.raises(StoreError, match="is served by another"):
        open_store(empty_url, lock=False)
    older.close()


def test_tables_of_another_program_are_left_alone(empty_url: str, empty: Database):
    say(empty, "CREATE TABLE feeds (name TEXT)")
    with pytest.raises(StoreError) as caught:
        open_store(empty_url, lock=True)
    assert str(caught.value) == (
        f"{empty.label} is not a database of sanctions-monitor: it has a table 'feeds'; name another, or an empty one"
    )


def test_a_version_of_another_program_is_not_ours(empty_url: str, empty: Database):
    say(empty, f"CREATE TABLE {VERSION_TABLE} (version_num TEXT)")
    with pytest.raises(StoreError, match="it does not say that it is"):
        open_store(empty_url, lock=True)
    say(empty, "CREATE TABLE meta (key TEXT, value TEXT)")
    with pytest.raises(StoreError, match="it does not say that it is"):
        open_store(empty_url, lock=True)


def test_a_file_is_one_programs_and_a_server_may_be_shared(kind: str, empty_url: str, empty: Database):
    say(empty, "CREATE TABLE somebodys_jobs (name TEXT)")
    if kind == "postgresql":
        open_store(empty_url, lock=True).close()
    else:
        with pytest.raises(StoreError, match="it has a table 'somebodys_jobs'"):
            open_store(empty_url, lock=True)


def test_a_table_made_anew_keeps_the_rows_that_refer_to_it(empty_url: str):
    store = open_store(empty_url, lock=True)
    store.enrol([feed()], NOW)
    store.commit([full(state_of(store))])
    with store.database.migration_transaction() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("feeds", recreate="auto") as batch:
            batch.alter_column("title", nullable=True)
    assert stored(store, item()) == [item().id]
    assert state_of(store).version == 1
    store.close()


def test_rows_that_refer_to_nothing_stop_a_migration_and_undo_it(tmp_path: Path):
    store = open_store(tmp_path / "m.db", lock=True)
    store.enrol([feed()], NOW)
    store.commit([full(state_of(store))])
    with (
        pytest.raises(StoreError, match="has rows in table 'items' that refer to rows no longer there"),
        store.database.migration_transaction() as connection,
    ):
        connection.execute(text("DELETE FROM feeds"))
    assert state_of(store).version == 1
    with store.database.write_transaction() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    store.close()


def test_a_database_of_another_program_is_reported(tmp_path: Path):
    path = tmp_path / "m.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other (name TEXT)")
    connection.close()
    with pytest.raises(StoreError, match="name another, or an empty one"):
        open_store(path, lock=True)
