"""One service for one database."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import StoreError
from monitor.store import SqlStore, open_cluster_store, open_store
from monitor.store.lock import cluster_lock, holder
from tests.conftest import delivery

ROOT = Path(__file__).parents[2]

SERVICE = """
import sys
from monitor.store import open_store
store = open_store(sys.argv[1], lock=True)
print("serving", flush=True)
sys.stdin.read()
"""


@contextmanager
def service(url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that serves the database until the block ends."""
    command = [sys.executable, "-c", SERVICE, url]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "serving\n"
        yield process


def test_a_database_is_served_by_one_process(url: str):
    with service(url) as process:
        with pytest.raises(StoreError) as caught:
            open_store(url, lock=True)
        said = str(caught.value)
        assert "is served by another sanctions-monitor (pid " in said
        assert f"(pid {process.pid}" in said
        assert said.endswith("); stop it or use another database")
        looking = open_store(url, lock=False)
        looking.add_deliveries([delivery()])
        assert looking.deliveries() == (delivery(),)
        looking.close()
        process.kill()
        assert process.wait() == -signal.SIGKILL
        open_store(url, lock=True).close()


def test_a_lock_ends_with_its_store(url: str):
    for _ in range(2):
        store = open_store(url, lock=True)
        with pytest.raises(StoreError, match=f"pid {os.getpid()}"):
            open_store(url, lock=True)
        store.close()


def test_who_serves_a_database_can_be_asked(url: str):
    assert holder(url) is None
    with service(url) as process:
        assert holder(url) == process.pid


def test_nobody_serves_a_file_that_is_not_there(tmp_path: Path):
    assert holder(tmp_path / "m.db") is None


def test_two_names_of_one_file_are_one_database(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    store = open_store(tmp_path / "real" / "m.db", lock=True)
    with pytest.raises(StoreError, match="is served by another"):
        open_store(tmp_path / "link" / "m.db", lock=True)
    store.close()


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_service_whose_server_came_back_has_its_lock_again(url: str, store: SqlStore):
    serving = open_store(url, lock=True)
    drop_all_but_one(store)
    assert serving.deliveries() == ()
    with pytest.raises(StoreError, match="is served by another"):
        open_store(url, lock=True)
    serving.close()


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_service_that_lost_its_lock_to_another_says_so_until_that_ends(url: str, store: SqlStore):
    serving = open_store(url, lock=True)
    drop_all_but_one(store)
    thief = open_store(url, lock=True)
    for _ in range(2):
        with pytest.raises(StoreError, match="is served by another"):
            serving.deliveries()
    thief.close()
    assert serving.deliveries() == ()
    serving.close()


@pytest.mark.parametrize("kind", ["postgresql"])
def test_the_processes_of_a_cluster_share_a_database_and_refuse_a_single_service(url: str, store: SqlStore):
    first, second = open_cluster_store(url), open_cluster_store(url)
    with pytest.raises(StoreError, match=f"is served by another sanctions-monitor .pid {os.getpid()}"):
        open_store(url, lock=True)
    first.close()
    with pytest.raises(StoreError, match="is served by another"):
        open_store(url, lock=True)
    second.close()
    open_store(url, lock=True).close()


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_cluster_is_refused_while_a_single_service_runs(url: str, store: SqlStore):
    serving = open_store(url, lock=True)
    with (
        pytest.raises(StoreError, match="is served by another"),
        cluster_lock(serving.database, wait_ms=300),
    ):
        pass
    serving.close()


def test_a_file_is_no_database_of_a_cluster(tmp_path: Path):
    with pytest.raises(StoreError, match="a cluster needs PostgreSQL"):
        open_cluster_store(str(tmp_path / "m.db"))


def drop_all_but_one(store: SqlStore) -> None:
    """What a restart of the server does to everyone."""
    with store.database.write_transaction() as connection:
        drop = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        connection.execute(text(f"{drop} WHERE pid <> pg_backend_pid() AND datname = current_database()"))
