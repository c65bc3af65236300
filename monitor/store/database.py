"""Open a database and run transactions in it; what differs by database is here, in `lock` and in `lookup`."""

import os
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError

from monitor.errors import StoreError
from monitor.resources import make_private_file, make_private_folder

from .location import parse_location
from .statements import SQLITE_STATEMENTS

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

    Insert = sqlite.Insert | postgresql.Insert
PRODUCT = "sanctions-monitor"

#: How long to wait for another writer, or for a server to answer.
_TIMEOUT_S = 10

#: The write-ahead log keeps 8 MB on disk after a large transaction or a long read.
_PRAGMAS = "journal_mode = WAL", "journal_size_limit = 8388608", "synchronous = FULL", "foreign_keys = ON"

#: Rows named in one statement: below the limit of parameters of every database.
_CHUNK = 500

#: The cause and the remedy by SQLite's primary code, or by the beginning of SQLSTATE.
_CAUSES: Mapping[str | int, str] = {
    sqlite3.SQLITE_BUSY: "is locked by another program; close that program, or try again later",
    sqlite3.SQLITE_LOCKED: "is locked by another program; close that program, or try again later",
    sqlite3.SQLITE_READONLY: "cannot be written; give this user the right to write the file and its folder",
    sqlite3.SQLITE_PERM: "cannot be written; give this user the right to write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; name a file in a folder where this user may write",
    sqlite3.SQLITE_FULL: "cannot grow, the disk is full; free some space",
    sqlite3.SQLITE_NOTADB: "is not a database; move that file away or name another",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore it from a backup",
    sqlite3.SQLITE_IOERR: "could not be read or written; look at the disk and at the system's log",
    "25006": "cannot be written; connect to the server that takes writes",
    "28": "does not let this user in; check the user and the password",
    "3D000": "does not exist; create it with createdb",
    "42501": "does not let this user do that; grant it the right to create and write tables",
    "53100": "cannot grow, the server's disk is full; free some space",
    "53": "has no room for another connection; close some, or allow more",
    "55P03": "is locked by another program; close that program, or try again later",
}


class Database:
    """One database. `label` names it without credentials; `path` is the file, None on PostgreSQL.

    `session` is a random name: leases taken through this object carry it.
    """

    def __init__(
        self, engine: Engine, label: str, path: Path | None = None, *, read_only: bool = False
    ) -> None:
        self.engine = engine
        self.label = label
        self.path = path
        self.session = uuid4().hex
        self._reader = engine.execution_options(**{} if path else _SNAPSHOT)
        self._writer = engine.execution_options(postgresql_readonly=read_only)

    @contextmanager
    def read_transaction(self) -> Iterator[Connection]:
        """Enter a read-only transaction on one snapshot, which waits for no writer.

        Raises:
            StoreError: the database cannot be used; says why, and what helps.
        """
        with translate_errors(self.label), self._reader.connect() as connection:
            self._begin(connection, "DEFERRED")
            yield connection

    @contextmanager
    def write_transaction(self) -> Iterator[Connection]:
        """Enter a transaction that is committed when the block ends, and rolled back if it raises.

        Raises:
            StoreError: the database cannot be used; says why, and what helps.
        """
        with translate_errors(self.label), self._writer.begin() as connection:
            self._begin(connection, "IMMEDIATE")
            yield connection

    @contextmanager
    def migration_transaction(self) -> Iterator[Connection]:
        """Enter a write transaction in which tables may be remade.

        SQLite checks foreign keys only at its end: otherwise dropping a table to remake it would delete all
        rows that refer to it.

        Raises:
            StoreError: rows refer to deleted rows, so nothing was changed; or as in `write_transaction`.
        """
        with translate_errors(self.label), self._writer.connect() as connection:
            driver = connection.connection.driver_connection if self.path else None
            if driver:  # inside a transaction this would do nothing
                driver.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    self._begin(connection, "IMMEDIATE")
                    yield connection
                    self._check(connection)
            finally:
                if driver:
                    driver.execute("PRAGMA foreign_keys = ON")

    def _begin(self, connection: Connection, mode: str) -> None:
        """Start a transaction of SQLite, whose driver starts none.

        A writer takes its lock at once: after a read it could not wait for it. SQLAlchemy's own event for
        this takes as long as a query.
        """
        driver = connection.connection.driver_connection if self.path else None
        if driver:
            driver.execute(f"BEGIN {mode}")

    def _check(self, connection: Connection) -> None:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first() if self.path else None
        if broken:
            raise StoreError(
                f"{self.label} has rows in table {broken[0]!r} that refer to rows no longer there;"
                " restore it from a backup"
            )

    def close(self) -> None:
        self.engine.dispose()


def process_label(pid: int) -> str:
    """Return the name of a process of this machine on a server, which takes 63 characters in all."""
    return f"pid {pid} on {socket.gethostname()}"[: 62 - len(PRODUCT)]


class SqlPart:
    """A part of the store in one SQL database."""

    def __init__(self, database: Database) -> None:
        self.database = database


_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def database_at(url_or_path: str | Path) -> Database:
    """Return a database; nothing is opened yet, only the folder of a file is made.

    Raises:
        StoreError: not a URL we know, its driver is missing, or the folder cannot be made.
    """
    location = parse_location(url_or_path)
    return _in_file(location) if isinstance(location, Path) else _on_server(location)


def database_for_reading(database: Database) -> Database:
    """Return the same database with other connections, which cannot write; close it."""
    twin = _in_file(database.path) if database.path else _on_server(database.engine.url)
    event.listen(twin.engine, "connect", _refuse_writes if database.path else _limit_statements)
    return Database(twin.engine, twin.label, twin.path, read_only=True)


def _in_file(path: Path) -> Database:
    try:
        make_private_folder(path.parent)
    except OSError as error:
        reason = (error.strerror or "failed").lower()
        raise StoreError(
            f"{path}: its folder cannot be made: {reason}; name a file where this user may write"
        ) from error
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _TIMEOUT_S},
        execution_options={"compiled_cache": SQLITE_STATEMENTS},
        hide_parameters=True,
    )
    event.listen(engine, "do_connect", _make_private(path))
    event.listen(engine, "connect", _configure)
    return Database(engine, str(path), path)


def _make_private(path: Path) -> Callable[..., None]:
    """Return what creates a missing file with mode 0600; SQLite gives its mode to the files beside it."""

    def make(*_: object) -> None:
        with suppress(OSError):  # SQLite names what is wrong
            make_private_file(path)

    return make


def _on_server(url: URL) -> Database:
    host = url.host or url.query.get("host") or "localhost"
    named = {
        "application_name": f"{PRODUCT} {process_label(os.getpid())}",
        "connect_timeout": str(_TIMEOUT_S),
    }
    ours = url.set(drivername="postgresql+psycopg").update_query_dict(named)
    try:
        engine = create_engine(ours, pool_pre_ping=True, hide_parameters=True)
    except ImportError as error:
        raise StoreError(
            "database: PostgreSQL needs its driver: pip install 'sanctions-monitor[postgres]'"
        ) from error
    event.listen(engine, "connect", _set_lock_timeout)
    return Database(engine, f"PostgreSQL {host}/{url.database or url.username or ''}")


def _configure(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # `Database` starts transactions, not the driver
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _refuse_writes(connection: sqlite3.Connection, record: object) -> None:
    connection.execute("PRAGMA query_only = ON")


def _limit_statements(connection: Any, record: object) -> None:
    connection.execute(f"SET statement_timeout = '{_TIMEOUT_S}s'")
    connection.commit()


def _set_lock_timeout(connection: Any, record: object) -> None:
    connection.execute(f"SET lock_timeout = '{_TIMEOUT_S}s'")
    connection.commit()


@contextmanager
def translate_errors(label: str) -> Iterator[None]:
    """Translate database errors to a `StoreError` with cause and remedy; programming errors pass."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError) as error:
        if trouble := _cause(error.orig):
            raise StoreError(f"{label} {trouble}") from error
        raise
    except DatabaseError as error:
        raise _unusable(label, error.orig) from error
    except sqlite3.DatabaseError as error:
        raise _unusable(label, error) from error


def _unusable(label: str, error: BaseException | None) -> StoreError:
    other = f"cannot be used: {_first_line(error)}; check the server and the URL"
    return StoreError(f"{label} {_cause(error) or other}")


def _cause(error: BaseException | None) -> str | None:
    if isinstance(error, sqlite3.Error):
        return _CAUSES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(error, "sqlstate", None) or ""
    return next((_CAUSES[state[:n]] for n in (5, 2) if state[:n] in _CAUSES), None)


def _first_line(error: BaseException | None) -> str:
    return next(iter(str(error).strip().splitlines()), "no reason given")


def insert(connection: Connection, table: Table) -> "Insert":
    """Return an INSERT with ON CONFLICT, which both databases write alike."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect: str, table: Table) -> "Insert":
    """Return the same for a dialect, for a statement that is built once."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  takes a tenth of a second

    return postgresql.insert(table)


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those already stored stay as they are."""
    if rows:  # to build a statement costs more than to run it
        execute_each(connection, insert(connection, table).on_conflict_do_nothing(), rows)


def execute_each(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute a statement for every row."""
    if rows:
        connection.execute(statement, rows)


def chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """Split keys into parts that one statement may name."""
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
