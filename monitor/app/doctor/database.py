"""Examine the database: integrity, schema, free space, and the log of changes beside it."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from monitor.errors import StoreError
from monitor.store.backup import integrity_faults
from monitor.store.database import Database, database_at
from monitor.store.location import file_of
from monitor.store.migrate import HEAD, schema_version

from .base import Examination, Finding, fail, ok, size, warn

#: Above this a whole check takes minutes, so only the structure of pages is checked.
_LARGE = 2_000_000_000
_LONG_LOG = 256_000_000
_LITTLE_SPACE = 1_000_000_000
_NO_SPACE = 100_000_000
_BACKUP = "restore a backup: `sanctions-monitor restore FILE`"


def is_usable(url_or_path: str) -> bool:
    """Say whether there is a database that has our tables of today; does not create one."""
    path = file_of(url_or_path)
    if path and not path.exists():
        return False
    with closing(database_at(url_or_path)) as database:
        try:
            return schema_version(database) == HEAD
        except StoreError:
            return False


def first_existing(path: Path) -> Path:
    """Return a path, or the first of its parents that exists."""
    return next(each for each in (path, *path.parents) if each.exists())


def examine_database(examination: Examination) -> Iterator[Finding]:
    """Yield what is wrong with the database and the disk that it is on."""
    path = file_of(examination.settings.database)
    if path:
        yield from _space(path)
    if path and not path.exists():
        yield ok(f"{path}: not there yet; `run` creates it")
        return
    with closing(database_at(examination.settings.database)) as database:
        try:
            yield from _schema(database)
            yield from _integrity(database) if database.path else _server(database)
        except StoreError as error:
            yield fail(str(error), database.label, _BACKUP)


def _schema(database: Database) -> Iterator[Finding]:
    found = schema_version(database)
    if found == HEAD:
        yield ok(f"{database.label}: schema {found}")
    else:
        what = f"schema {found or 'none'}, this program has {HEAD}"
        yield warn(what, database.label, "make a backup; `run` or `once` migrates it")


def _integrity(database: Database) -> Iterator[Finding]:
    bytes_used = database.path.stat().st_size if database.path else 0
    with database.read_transaction() as connection:
        if bytes_used > _LARGE:
            faults = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(5)") if row[0] != "ok"]
        else:
            faults = list(integrity_faults(connection))
    for fault in faults:
        yield fail(f"damaged: {fault}", database.label, _BACKUP)
    if not faults:
        yield ok(f"integrity: good ({'structure only, ' if bytes_used > _LARGE else ''}{size(bytes_used)})")


def _server(database: Database) -> Iterator[Finding]:
    with database.read_transaction() as connection:
        version = connection.scalar(text("SHOW server_version"))
        encoding = connection.scalar(text("SHOW server_encoding"))
        bytes_used = connection.scalar(text("SELECT pg_database_size(current_database())"))
    if encoding != "UTF8":
        remedy = "move to a database created with encoding UTF8"
        yield fail(f"its encoding is {encoding}", database.label, remedy)
    yield ok(f"PostgreSQL {version}, {size(int(bytes_used or 0))}")


def _space(path: Path) -> Iterator[Finding]:
    folder = first_existing(path.parent)
    free = shutil.disk_usage(folder).free
    log = Path(f"{path}-wal")
    log_bytes = log.stat().st_size if log.exists() else 0
    if free < _NO_SPACE:
        yield fail(f"only {size(free)} are free", str(folder), "free some space before anything is lost")
    elif free < _LITTLE_SPACE:
        yield warn(f"only {size(free)} are free", str(folder), "free some space, or shorten [archive]")
    else:
        yield ok(f"{size(free)} free in {folder}")
    if log_bytes > _LONG_LOG:
        remedy = "end programs that read the database for hours; a restart of the service shortens it"
        yield warn(f"the log of changes has {size(log_bytes)}", str(log), remedy)
