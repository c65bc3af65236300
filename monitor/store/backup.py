"""Copy a SQLite database while it is in use, check a copy, and put a copy in the place of the database."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from monitor.errors import StoreError
from monitor.resources import sync

from .database import Database, database_at, translate_errors
from .migrate import bring_up_to_date, schema_version

#: Files that SQLite keeps beside a database: committed changes that are not in it yet, and their index.
_BESIDE = ("-wal", "-shm")
_MOST_FAULTS = 5


def copy_database(database: Database, target: Path) -> str:
    """Copy a database into one file at one moment, check the copy, and return its schema version.

    The copy is one read transaction: writers go on, and what they write meanwhile is not in it.

    Raises:
        StoreError: it is on a server, cannot be read, or the copy is not sound.
    """
    if database.path is None:
        raise StoreError(f"{database.label} is on a server; use {dump_command(database)}")
    if not database.path.exists():
        raise StoreError(f"{database.label} does not exist; check the path of `database`")
    with database.read_transaction() as connection, closing(sqlite3.connect(target)) as copy:
        source = connection.connection.driver_connection
        with translate_errors(database.label):
            source.backup(copy)  # type: ignore[union-attr]
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    return check_file(target, f"the copy of {database.label}")


def check_file(path: Path, label: str) -> str:
    """Return the schema version of a sound database of ours in a file.

    Raises:
        StoreError: it is damaged, not ours, empty, or was made by a newer program; calls it `label`.
    """
    with closing(database_at(path)) as database:
        database.label = label
        with database.read_transaction() as connection:
            if faults := list(integrity_faults(connection)):
                raise StoreError(f"{label} is damaged: {'; '.join(faults)}; use another copy")
        version = schema_version(database)
    if version is None:
        raise StoreError(f"{label} is empty; use another copy")
    return version


def integrity_faults(connection: Connection) -> Iterator[str]:
    """Yield what is damaged in a SQLite database: pages, indexes, and rows that refer to no row."""
    for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_FAULTS})"):
        if said != "ok":
            yield str(said)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_MOST_FAULTS)
    for table, row, parent, *_ in broken:
        yield f"row {row} of table {table!r} refers to a row that table {parent!r} does not have"


def migrate_file(path: Path) -> None:
    """Bring the tables in a file that nobody else uses to those of this program.

    Raises:
        StoreError: it cannot be migrated.
    """
    with closing(database_at(path)) as database:
        bring_up_to_date(database, locked=True)


def put_in_place(new: Path, path: Path, former: Path) -> bool:
    """Put the database `new` in the place of `path`; the replaced one is then at `former`. False if none was.

    The caller holds the service lock. A crash at any point leaves one of both in place, and loses neither.
    """
    path = path.resolve()
    is_there = path.exists()
    for suffix in ("", *_BESIDE) if is_there else ():
        if (old := Path(f"{path}{suffix}")).exists():
            _link_or_copy(old, Path(f"{former}{suffix}"))
    if is_there:
        sync(former.parent)
    for suffix in _BESIDE:  # they belong to the replaced database
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    sync(new)
    new.replace(path)
    sync(path.parent)
    return is_there


def _link_or_copy(old: Path, former: Path) -> None:
    try:
        os.link(old, former)
    except FileExistsError as error:
        raise StoreError(f"{former} is in the way; move it and try again") from error
    except OSError:  # a file system without links
        shutil.copyfile(old, former)
        former.chmod(0o600)


def dump_command(database: Database) -> str:
    """Return the command that backs a database on a server up."""
    return f"pg_dump --format=custom --no-owner --file=news.dump '{_plain_url(database)}'"


def restore_command(database: Database) -> str:
    """Return the command that puts such a backup back, while the service is stopped."""
    return f"pg_restore --clean --if-exists --no-owner --dbname='{_plain_url(database)}' news.dump"


def _plain_url(database: Database) -> str:
    """Return the URL without password: it is asked for, or stands in ``~/.pgpass``."""
    url = database.engine.url.set(drivername="postgresql")._replace(password=None)
    return url.difference_update_query(["application_name", "connect_timeout"]).render_as_string()
