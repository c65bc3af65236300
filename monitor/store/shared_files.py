"""Store files that every process of a cluster needs, compressed and in parts, in SQL."""

import zlib
from collections.abc import Collection, Mapping

from sqlalchemy import delete, select

from monitor.model import SharedKind

from . import tables as t
from .database import SqlPart, execute_each, insert

#: A row is read and written whole: smaller parts keep memory and log of the server small.
_PART_BYTES = 1_000_000

#: Names of files begin with it and their kind, except those of lists, whose names never begin so.
_MARK = "@"


class SqlSharedFiles(SqlPart):
    """The `SharedFileStore` of one database."""

    def shared_versions(self, kind: SharedKind) -> Mapping[str, str]:
        files, prefix = t.shared_files.c, _prefix(kind)
        query = select(files.name, files.version).where(files.part == 0)
        with self.database.read_transaction() as connection:
            versions = {row.name: row.version for row in connection.execute(query)}
        names = (name for name in versions if _is_of(name, prefix))
        return {name.removeprefix(prefix): versions[name] for name in names}

    def shared_file(self, kind: SharedKind, name: str) -> tuple[str, bytes]:
        files = t.shared_files.c
        named = files.name == _prefix(kind) + name
        query = select(files.version, files.body).where(named).order_by(files.part)
        with self.database.read_transaction() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return "", b""
        return rows[0].version, zlib.decompress(b"".join(row.body for row in rows))

    def share_file(self, kind: SharedKind, name: str, version: str, body: bytes) -> None:
        full_name, packed = _prefix(kind) + name, zlib.compress(body, 1)
        starts = range(0, len(packed), _PART_BYTES)
        rows = [
            {"name": full_name, "part": part, "version": version, "body": packed[start : start + _PART_BYTES]}
            for part, start in enumerate(starts)
        ]
        with self.database.write_transaction() as connection:
            connection.execute(delete(t.shared_files).where(t.shared_files.c.name == full_name))
            execute_each(connection, insert(connection, t.shared_files), rows)

    def unshare_files(self, kind: SharedKind, names: Collection[str]) -> None:
        full_names = sorted(_prefix(kind) + name for name in names)
        with self.database.write_transaction() as connection:
            connection.execute(delete(t.shared_files).where(t.shared_files.c.name.in_(full_names)))


def _prefix(kind: SharedKind) -> str:
    return "" if kind is SharedKind.LISTS else f"{_MARK}{kind}/"


def _is_of(name: str, prefix: str) -> bool:
    return name.startswith(prefix) if prefix else not name.startswith(_MARK)
