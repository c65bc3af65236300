"""A SQLite database moves to PostgreSQL whole, also when the copy is interrupted."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import FeedHealth, StoreError
from monitor.model import LoggedPoll
from monitor.store import open_store
from monitor.store.database import Database, database_at
from monitor.store.migrate import schema_version
from monitor.store.table_copy import plain_tables, table_hash
from monitor.store.transfer import TableCopy, plan_transfer, transfer
from tests.conftest import NOW, delivery
from tests.store.builders import outcome, state_of
from tests.store.postgres import Databases
from tests.store.test_upgrade import fill
from tests.support.databases import prepare_old_database


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the rows of an older version, and a number that is gone."""
    path = tmp_path_factory.mktemp("transfer") / "m.db"
    with closing(database_at(path)) as database:
        fill(database)
    with closing(open_store(path, lock=True)) as store:
        state, logged = (
            state_of(store),
            LoggedPoll(feed="wire", version=1, at=NOW, health=FeedHealth.OK, took_s=0.3),
        )
        store.commit([outcome(state, state=state, logged=logged)])
        store.add_deliveries([delivery(id="gone")])
        with store.database.write_transaction() as connection:
            connection.execute(text("DELETE FROM deliveries WHERE id = 'gone'"))
    return path


@pytest.fixture
def source(filled: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of that database."""
    with closing(database_at(shutil.copyfile(filled, tmp_path / "m.db"))) as database:
        yield database


@pytest.fixture(scope="module")
def template(server: Databases) -> Iterator[str]:
    """An empty database with all tables: to copy it is faster than to create them."""
    url = server.create()
    open_store(url, lock=True).close()
    yield url
    server.drop(url)


@pytest.fixture
def target(server: Databases, template: str) -> Iterator[Database]:
    url = server.create(template)
    with closing(database_at(url)) as database:
        yield database
    server.drop(url)


def url_of(target: Database) -> str:
    return target.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")


def ignore(table: TableCopy) -> None:
    pass


def interrupt_at(name: str) -> object:
    """Return what ends the copy after a table, as a crash does."""

    def stop(table: TableCopy) -> None:
        if table.table == name:
            raise KeyboardInterrupt

    return stop


def test_every_row_is_copied_and_compared(source: Database, target: Database) -> None:
    done = {each.table: each.rows for each in transfer(source, target, ignore)}
    assert done["items"] == 3
    assert done["deliveries"] == 14
    assert {name for name, rows in done.items() if rows} >= {
        "feeds",
        "alerts",
        "attempts",
        "documents",
        "meta",
    }
    with source.read_transaction() as here, target.read_transaction() as there:
        for table in plain_tables():
            assert table_hash(here, table) == table_hash(there, table), table.name
    assert source.path
    with (
        closing(open_store(url_of(target), lock=True)) as moved,
        closing(open_store(source.path, lock=True)) as old,
    ):
        assert moved.deliveries() == old.deliveries()
        assert moved.alerts(NOW, NOW + timedelta(days=9)) == old.alerts(NOW, NOW + timedelta(days=9))


def test_numbers_go_on_where_the_old_database_was(source: Database, target: Database) -> None:
    transfer(source, target, ignore)
    with closing(open_store(url_of(target), lock=True)) as moved:
        moved.add_deliveries([delivery(id="next")])
        with moved.database.read_transaction() as connection:
            number = connection.scalar(text("SELECT number FROM deliveries WHERE id = 'next'"))
    with source.read_transaction() as connection:
        last = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'deliveries'"))
        kept = connection.scalar(text("SELECT max(number) FROM deliveries"))
    assert (last > kept, number) == (True, last + 1)


@pytest.mark.parametrize("table", ["feeds", "meta"])
def test_an_interrupted_copy_is_not_served_and_goes_on(
    source: Database, target: Database, table: str
) -> None:
    with pytest.raises(KeyboardInterrupt):
        transfer(source, target, interrupt_at(table))  # type: ignore[arg-type]
    with pytest.raises(StoreError, match=r"has only a part of .*m\.db; complete it with"):
        open_store(url_of(target), lock=True)
    done = {each.table: each for each in transfer(source, target, ignore)}
    assert (done["feeds"].rows, done["feeds"].copied) == (2, 0)
    open_store(url_of(target), lock=True).close()


def test_a_batch_that_arrived_before_the_crash_is_not_copied_again(
    source: Database, target: Database
) -> None:
    with pytest.raises(KeyboardInterrupt):
        transfer(source, target, interrupt_at("deliveries"))  # type: ignore[arg-type]
    with target.write_transaction() as connection:  # as if the last batches had not arrived
        connection.execute(text("DELETE FROM attempts"))
        connection.execute(text("DELETE FROM deliveries WHERE number > 5"))
    (planned,) = [each for each in plan_transfer(source, target) if each.table == "deliveries"]
    (copied,) = [each for each in transfer(source, target, ignore) if each.table == "deliveries"]
    assert planned == copied
    assert 0 < copied.copied < copied.rows


def test_a_row_that_changed_on_the_way_is_found(source: Database, target: Database) -> None:
    with pytest.raises(KeyboardInterrupt):
        transfer(source, target, interrupt_at("meta"))  # type: ignore[arg-type]
    with target.write_transaction() as connection:
        connection.execute(text("UPDATE feeds SET title = title || '!' WHERE feed = 'wire'"))
    with pytest.raises(
        StoreError, match=r"table 'feeds' is not the same in PostgreSQL .*: rows differ; drop"
    ):
        transfer(source, target, ignore)
    with pytest.raises(StoreError, match="has only a part of"):
        open_store(url_of(target), lock=True)


def test_a_plan_changes_nothing_and_the_tables_are_made_if_they_are_missing(
    source: Database, server: Databases
) -> None:
    url = server.create()
    with closing(database_at(url)) as empty:
        planned = plan_transfer(source, empty)
        assert {each.table: each.copied for each in planned}["deliveries"] == 14
        assert schema_version(empty) is None
        assert transfer(source, empty, ignore)[-1].table == "meta"
    server.drop(url)


def test_a_database_that_a_service_uses_is_not_moved(source: Database, target: Database) -> None:
    assert source.path
    with closing(open_store(source.path, lock=True)), pytest.raises(StoreError, match="is served by another"):
        transfer(source, target, ignore)
    with (
        closing(open_store(url_of(target), lock=True)),
        pytest.raises(StoreError, match="is served by another"),
    ):
        transfer(source, target, ignore)


def test_a_target_with_rows_or_of_another_source_is_refused(
    source: Database, target: Database, tmp_path: Path
) -> None:
    with closing(open_store(url_of(target), lock=True)) as store:
        store.add_deliveries([delivery()])
    with pytest.raises(StoreError, match="has rows already; name an empty database"):
        transfer(source, target, ignore)
    with target.write_transaction() as connection:
        connection.execute(text("DELETE FROM deliveries"))
        connection.execute(text("INSERT INTO meta VALUES ('transfer_from', '/other.db')"))
    with pytest.raises(StoreError, match=r"has a part of /other\.db"):
        plan_transfer(source, target)


def test_only_a_file_of_today_can_be_moved_and_only_to_a_server(
    source: Database, target: Database, tmp_path: Path
) -> None:
    prepare_old_database(tmp_path / "old.db", "0011")
    with closing(database_at(tmp_path / "old.db")) as old:
        with pytest.raises(StoreError, match="has schema 0011, this program"):
            plan_transfer(old, target)
        with pytest.raises(StoreError, match="is a file; write postgresql://"):
            plan_transfer(source, old)
    with closing(database_at(tmp_path / "no.db")) as missing, pytest.raises(StoreError, match="is not there"):
        plan_transfer(missing, target)
    assert not (tmp_path / "no.db").exists()
    with pytest.raises(StoreError, match="is on a server; only a SQLite database"):
        plan_transfer(target, target)
