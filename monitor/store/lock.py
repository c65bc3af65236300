"""Lock a database for one service, or for the processes of one cluster; the lock ends with its process."""

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, NullPool, create_engine, event, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, ResourceClosedError

from monitor.errors import StoreError

from .database import PRODUCT, Database, database_at, process_label, translate_errors

#: The first half of the lock's key; the second is the hash of the schema, so each schema has its own lock.
_KEY = 0x5A4C

#: How long a process of a cluster waits for another that migrates the tables.
MIGRATION_WAIT_MS = 15_000

_Lock = Callable[..., ColumnElement[Any]]
_LOCK: _Lock = func.pg_advisory_lock
_SHARED_LOCK: _Lock = func.pg_advisory_lock_shared


#: How long the exclusive lock is waited for: a dead holder may not be noticed yet.
_WAIT_MS = 300


def service_lock(database: Database, wait_ms: int = _WAIT_MS) -> AbstractContextManager[None]:
    """Hold the exclusive lock while the block lasts; on a server, wait for it so long.

    Raises:
        StoreError: another process holds it; names that process.
    """
    return _on_server(database, _LOCK, wait_ms) if database.path is None else _on_file(database.path)


def cluster_lock(database: Database, wait_ms: int = MIGRATION_WAIT_MS) -> AbstractContextManager[None]:
    """Hold the lock that the processes of a cluster share while the block lasts.

    Nobody gets the exclusive lock meanwhile. Waits while another process migrates the tables.

    Raises:
        StoreError: a service that is no member of the cluster serves the database; or it is not on a server.
    """
    if database.path is not None:
        raise StoreError(f"{database.label} is a file, which one process serves; a cluster needs PostgreSQL")
    return _on_server(database, _SHARED_LOCK, wait_ms)


def _served(label: str, holder: str) -> StoreError:
    who = f" ({holder})" if holder else ""
    return StoreError(f"{label} is served by another sanctions-monitor{who}; stop it or use another database")


@contextmanager
def _on_file(path: Path) -> Iterator[None]:
    """Lock a file beside the database: closing any other handle of the database would release its lock."""
    name = _file_of(path)
    try:
        handle = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        reason = (error.strerror or "failed").lower()
        raise StoreError(
            f"{name} cannot be opened: {reason}; name a database where this user may write"
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _served(str(path), os.read(handle, 40).decode(errors="replace").strip()) from error
        os.ftruncate(handle, 0)
        os.write(handle, f"pid {os.getpid()}\n".encode())
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


@contextmanager
def _on_server(database: Database, lock: _Lock, wait_ms: int) -> Iterator[None]:
    """Lock on a connection of its own.

    If the server drops that connection, the next new connection of the store takes the lock again, or fails
    if another process has it.
    """
    engine = create_engine(
        database.engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    with translate_errors(database.label):
        connection = _acquired(engine.connect(), database.label, lock, wait_ms)

    def reacquire(*_: object) -> None:
        nonlocal connection
        try:
            connection.scalar(select(1))
        except (DBAPIError, ResourceClosedError):
            connection.close()
            connection = _acquired(engine.connect(), database.label, lock, _WAIT_MS)

    event.listen(database.engine, "connect", reacquire)
    try:
        yield
    finally:
        event.remove(database.engine, "connect", reacquire)
        connection.close()


def _acquired(connection: Connection, label: str, lock: _Lock, wait_ms: int) -> Connection:
    """Take the lock on a connection and return it."""
    key = (_KEY, func.hashtext(func.current_schema()))
    with ExitStack() as undo:
        undo.enter_context(connection)
        try:
            connection.execute(text(f"SET lock_timeout = '{wait_ms}ms'"))
            connection.execute(select(lock(*key)))
        except OperationalError as error:
            raise _served(
                label, connection.scalar(_HOLDER, {"key": _KEY, "product": f"{PRODUCT} "}) or ""
            ) from error
        undo.pop_all()
    return connection


#: Selects the holder of the lock; every connection has its process in the application name.
_HOLDER = text("""
    SELECT replace(application_name, :product, '')
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE datname = current_database() AND locktype = 'advisory' AND granted AND classid = :key
        AND objid::bigint = hashtext(current_schema())::bigint & 4294967295
""")


def holder(url_or_path: str | Path) -> int | None:
    """Return the process of this machine that serves a database; None if there is none."""
    with closing(database_at(url_or_path)) as database:
        label = _in_server(database) if database.path is None else _in_file(database.path)
    found = re.fullmatch(r"pid (\d+)( on .*)?", label)
    return int(found[1]) if found and label in {f"pid {found[1]}", process_label(int(found[1]))} else None


def _in_server(database: Database) -> str:
    with database.read_transaction() as connection:
        return connection.scalar(_HOLDER, {"key": _KEY, "product": f"{PRODUCT} "}) or ""


def _in_file(path: Path) -> str:
    try:
        with _file_of(path).open() as file:
            label = file.read().strip()
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return label
    except OSError:
        return ""
    return ""


def _file_of(path: Path) -> Path:
    return Path(f"{path.resolve()}.lock")
