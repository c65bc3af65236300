"""Databases that are ready for use: tables are made once for a process, which takes longer than most tests."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor.store import open_store


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
