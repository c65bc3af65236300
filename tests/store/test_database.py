"""The ways into a database, and what is said when there is none."""

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import StoreError
from monitor.store import SqlStore, open_store
from monitor.store.database import chunks, database_at
from tests.conftest import NOW, delivery
from tests.store.builders import feed

SECRETS = "postgresql://watcher:hunter2@127.0.0.1:1/monitor?password=hunter3&sslpassword=hunter4"


def refusal(url: str | Path) -> str:
    """Return what is said on opening."""
    with pytest.raises(StoreError) as caught:
        open_store(url, lock=False)
    return str(caught.value)


# ---------------------------------------------------------------- transactions


def test_the_write_ahead_log_gives_its_room_back_after_a_large_transaction(tmp_path: Path):
    with closing(open_store(tmp_path / "monitor.db", lock=False)) as store:
        write = text("INSERT OR REPLACE INTO meta VALUES (:key, hex(zeroblob(:bytes)))")
        with store.database.write_transaction() as connection:
            connection.execute(write, {"key": "large", "bytes": 10 * 2**20})
        log = tmp_path / "monitor.db-wal"
        assert log.stat().st_size > 20 * 2**20
        with store.database.write_transaction() as connection:
            connection.execute(write, {"key": "small", "bytes": 1})
        assert log.stat().st_size <= 8 * 2**20


def test_a_read_does_not_wait_for_a_write_and_sees_the_state_before(store: SqlStore, other: SqlStore):
    store.add_deliveries([delivery()])
    with store.database.write_transaction() as connection:
        connection.execute(text("DELETE FROM deliveries"))
        assert other.deliveries() == (delivery(),)
        assert other.owed_channels(NOW) == ("desk",)
    assert other.deliveries() == ()


def test_a_read_transaction_sees_one_snapshot(store: SqlStore, other: SqlStore):
    with other.database.read_transaction() as connection:
        count = text("SELECT count(*) FROM deliveries")
        assert connection.scalar(count) == 0
        store.add_deliveries([delivery()])
        assert connection.scalar(count) == 0
    assert other.deliveries() == (delivery(),)


def test_a_writer_that_waited_in_vain_says_so(kind: str, store: SqlStore, other: SqlStore):
    store.add_deliveries([delivery()])
    impatient = {"sqlite": "PRAGMA busy_timeout = 10", "postgresql": "SET lock_timeout = '10ms'"}
    with other.database.write_transaction() as connection:
        connection.execute(text(impatient[kind]))
    with store.database.write_transaction() as connection:
        connection.execute(text("UPDATE deliveries SET reason = 'mine'"))
        with pytest.raises(StoreError, match="locked by another program; close that program, or try again"):
            other.discard(delivery().id, NOW, "why")


def test_sqlite_runs_with_the_safe_settings(tmp_path: Path):
    store = open_store(tmp_path / "m.db", lock=False)
    said = {}
    with store.database.write_transaction() as connection:
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            said[pragma] = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
    store.close()
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_our_own_mistakes_are_not_disguised(store: SqlStore):
    with (
        pytest.raises(Exception, match="no_such_table") as caught,
        store.database.write_transaction() as connection,
    ):
        connection.execute(text("SELECT 1 FROM no_such_table"))
    assert "no_such_table" in str(caught.value)


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (500, [500]), (1001, [500, 500, 1])])
def test_keys_are_named_in_chunks(count: int, sizes: list[int]):
    assert [len(part) for part in chunks(["k"] * count)] == sizes


# ---------------------------------------------------------------- what keeps a file from being used


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Root may write anywhere: be nobody for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


@pytest.fixture
def readonly() -> Iterator[Path]:
    """A database that may be read and not written, in a folder that everyone may enter."""
    folder = Path(tempfile.mkdtemp())
    open_store(folder / "m.db", lock=False).close()
    (folder / "m.db").chmod(0o444)
    folder.chmod(0o555)
    yield folder / "m.db"
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.usefixtures("unprivileged")
def test_a_file_that_may_not_be_written_is_named(readonly: Path):
    with pytest.raises(StoreError) as caught, closing(open_store(readonly, lock=False)) as store:
        store.enrol([feed()], NOW)
    assert str(readonly) in str(caught.value)
    assert "this user" in str(caught.value)


@pytest.mark.usefixtures("unprivileged")
def test_a_lock_that_may_not_be_made_is_named(readonly: Path):
    with pytest.raises(StoreError, match=r"m\.db\.lock cannot be opened: permission denied; name a database"):
        open_store(readonly, lock=True)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "m.db"
    assert refusal(path) == (
        f"{path}: its folder cannot be made: file exists; name a file where this user may write"
    )


def test_a_folder_is_not_a_database(tmp_path: Path):
    assert refusal(tmp_path) == (
        f"{tmp_path} cannot be opened; name a file in a folder where this user may write"
    )


def test_a_text_is_not_a_database(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_text("no database, but long enough to be looked at " * 99)
    assert refusal(path) == f"{path} is not a database; move that file away or name another"


def test_a_damaged_database_says_so(tmp_path: Path):
    path = tmp_path / "m.db"
    store = open_store(path, lock=False)
    store.add_deliveries([delivery(id=str(number)) for number in range(200)])
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\x55" * (len(whole) - 8192))
    with pytest.raises(StoreError, match="is damaged"), closing(open_store(path, lock=False)) as store:
        store.deliveries()


def test_a_full_disk_is_reported_and_rolls_the_transaction_back(tmp_path: Path):
    store = open_store(tmp_path / "m.db", lock=False)
    with store.database.write_transaction() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    many = [delivery(id=str(number)) for number in range(500)]
    with pytest.raises(StoreError, match="cannot grow, the disk is full; free some space"):
        store.add_deliveries(many)
    assert store.deliveries() == ()
    with store.database.write_transaction() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    store.add_deliveries(many)
    store.close()


# ---------------------------------------------------------------- what keeps a server from being used


def test_a_server_that_does_not_answer_is_named_without_credentials():
    said = refusal(SECRETS)
    assert said.startswith("PostgreSQL 127.0.0.1/monitor cannot be used: connection failed")
    assert said.endswith("; check the server and the URL")
    assert "hunter" not in said


def test_a_database_that_is_not_there_is_named(served: tuple[str, SqlStore]):
    url, _ = served
    assert "does not exist" in refusal(url.replace("/monitor_", "/nothing_"))


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_user_without_rights_is_reported(empty_url: str):
    guest = f"guest_{os.getpid()}"
    owner = database_at(empty_url)
    with owner.write_transaction() as connection:
        connection.execute(text(f"CREATE ROLE {guest} LOGIN"))
        connection.execute(text("REVOKE CREATE ON SCHEMA public FROM public"))
    said = refusal(empty_url.replace("postgres@", f"{guest}@"))
    with owner.write_transaction() as connection:
        connection.execute(text(f"DROP ROLE {guest}"))
    owner.close()
    assert said.endswith("does not let this user do that; grant it the right to create and write tables")


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_server_that_drops_connections_is_reached_again(store: SqlStore, other: SqlStore):
    store.deliveries()
    with other.database.write_transaction() as connection:
        drop = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        connection.execute(text(f"{drop} WHERE pid <> pg_backend_pid() AND datname = current_database()"))
    assert store.deliveries() == ()


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert refusal("postgresql://host/name").endswith("pip install 'sanctions-monitor[postgres]'")


@pytest.mark.parametrize(
    "url", ["mysql://user:hunter2@host/name", "sqlite://", "://hunter2", "no such://hunter2"]
)
def test_other_urls_are_refused_without_being_repeated(url: str):
    said = refusal(url)
    assert "write a path, or postgresql://user@host/name" in said
    assert "hunter2" not in said


def test_a_url_may_name_a_file(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path}/sub/m.db", lock=False)
    store.close()
    with sqlite3.connect(tmp_path / "sub" / "m.db") as connection:
        assert connection.execute("SELECT count(*) FROM feeds").fetchone() == (0,)
    connection.close()


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    open_store("~/m.db", lock=False).close()
    assert (tmp_path / "m.db").is_file()
