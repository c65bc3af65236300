"""Brings a database to the tables that this program knows, or says why it cannot."""

from contextlib import nullcontext
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text

from monitor.errors import StoreError

from . import tables as t
from .database import PRODUCT, Database
from .empty_database import VERSION_TABLE, create
from .lock import service_lock

#: The newest migration; a database says in `VERSION_TABLE` which was its last.
HEAD = "0030"

#: In `meta` while the database is a copy that is not complete; its value is where the rows come from.
UNFINISHED_KEY = "transfer_from"

_MIGRATIONS = Path(__file__).with_name("migrations")

#: Two programs that find an empty database at the same time: one of them waits.
_KEY = 0x5A4D


def bring_up_to_date(database: Database, *, locked: bool, wait_ms: int = 300) -> bool:
    """Create or change the tables as needed; return whether the database was empty.

    Tables are changed under the service lock, unless there is nothing yet to serve; on a server it is waited
    for so long.

    Raises:
        StoreError: not ours, made by a newer program, or served by another process and too old.
    """
    found = schema_version(database)
    if found == HEAD:
        _refuse_unfinished(database)
        return False
    with nullcontext() if locked or found is None else service_lock(database, wait_ms):
        _upgrade(database)  # which looks again, once it alone may write
    return found is None


def create_tables(database: Database) -> None:
    """Create the tables in an empty database; leave those of this version as they are. Needs the lock."""
    if schema_version(database) is None:
        _upgrade(database)


def _refuse_unfinished(database: Database) -> None:
    with database.read_transaction() as connection:
        origin = connection.scalar(select(t.meta.c.value).where(t.meta.c.key == UNFINISHED_KEY))
    if origin:
        raise StoreError(
            f"{database.label} has only a part of {origin}; complete it with `sanctions-monitor migrate`"
        )


def schema_version(database: Database) -> str | None:
    """Return the last migration of a database; None if it has no table of ours.

    Raises:
        StoreError: it is not ours, or was made by a newer program.
    """
    with database.read_transaction() as connection:
        return _version(connection, database)


def _version(connection: Connection, database: Database) -> str | None:
    there = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in there:
        # A file has one owner; on a server other programs may have their tables beside ours.
        foreign = there if database.path else there & set(t.metadata.tables)
        if foreign:
            raise _not_ours(database, f"it has a table {min(foreign)!r}")
        return None
    product = "meta" in there and connection.scalar(select(t.meta.c.value).where(t.meta.c.key == "product"))
    if product != PRODUCT:
        raise _not_ours(database, "it does not say that it is")
    version = str(connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")))  # noqa: S608 - our constant
    if version > HEAD:
        raise StoreError(
            f"{database.label} was written by a newer sanctions-monitor (schema {version}, this one"
            f" knows {HEAD}); upgrade sanctions-monitor or use another database"
        )
    return version


def _not_ours(database: Database, why: str) -> StoreError:
    return StoreError(
        f"{database.label} is not a database of sanctions-monitor: {why}; name another, or an empty one"
    )


def _upgrade(database: Database) -> None:
    """Create all tables or run all migrations that are missing, in one transaction."""
    with database.migration_transaction() as connection:
        if not database.path:
            connection.execute(select(func.pg_advisory_xact_lock(_KEY)))
        if _version(connection, database) is None:
            create(connection, HEAD)
        else:
            run_migrations(connection, HEAD)


def run_migrations(connection: Connection, version: str) -> None:
    """Run the migrations up to a version; an empty database runs them all."""
    # 0.2 s that only an old database needs
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, version)
