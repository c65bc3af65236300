"""Databases that are ready for use: tables are made once for a process, which takes longer than most tests."""

from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor.store import migrate, open_store
from monitor.store.database import Database, database_at


def prepare_database(path: Path) -> None:
    """Write an empty database with all tables, where there is none; nothing has been stored in it."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(_prepared())


@cache
def _prepared() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "prepared.db"
        open_store(path, lock=False).close()
        return path.read_bytes()


def migrate_to(database: Database, version: str) -> None:
    """Make or change the tables to those of an older schema."""
    with database.migration_transaction() as connection:
        migrate.run_migrations(connection, version)


def prepare_old_database(path: Path, version: str) -> None:
    """Write an empty database of an older schema."""
    with closing(database_at(path)) as database:
        migrate_to(database, version)
