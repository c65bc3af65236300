"""One store on each database, kept for all tests of a run and emptied for each."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import delete, text

from monitor.store import SqlStore, open_store
from monitor.store.tables import metadata
from tests.store.postgres import Databases, postgres

NUMBERED = {"items": "number", "alerts": "seq", "deliveries": "number"}


@pytest.fixture(scope="session")
def server() -> Iterator[Databases]:
    with postgres() as url:
        yield Databases(url)


@pytest.fixture(scope="session")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, SqlStore]]:
    """A file and the store in it."""
    path = str(tmp_path_factory.mktemp("store") / "m.db")
    store = open_store(path, lock=False)
    yield path, store
    store.close()


@pytest.fixture(scope="session")
def served(server: Databases) -> Iterator[tuple[str, SqlStore]]:
    """A database on the server and the store in it."""
    url = server.create()
    store = open_store(url, lock=False)
    yield url, store
    store.close()
    server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(kind: str, request: pytest.FixtureRequest) -> tuple[str, SqlStore]:
    url, store = request.getfixturevalue({"sqlite": "filed", "postgresql": "served"}[kind])
    wipe(store)
    return url, store


@pytest.fixture
def store(place: tuple[str, SqlStore]) -> SqlStore:
    """A store without a row."""
    return place[1]


@pytest.fixture
def url(place: tuple[str, SqlStore]) -> str:
    """Where `store` is."""
    return place[0]


@pytest.fixture
def other(url: str) -> Iterator[SqlStore]:
    """A second way to what `store` holds."""
    other = open_store(url, lock=False)
    yield other
    other.close()


@pytest.fixture
def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a database without a table is."""
    with ExitStack() as undo:
        if kind == "sqlite":
            yield str(tmp_path / "folder" / "m.db")
        else:
            server: Databases = request.getfixturevalue("server")
            url = server.create()
            undo.callback(server.drop, url)
            yield url


def wipe(store: SqlStore) -> None:
    """Delete every row and begin to count anew: a tenth of the time of a new database."""
    with store.database.write_transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name != "meta":
                connection.execute(delete(table))
        if store.database.path:
            connection.execute(text("DELETE FROM sqlite_sequence"))
            return
        for table_name, column in NUMBERED.items():
            connection.execute(text(f"ALTER SEQUENCE {table_name}_{column}_seq RESTART"))
