"""Store files that every process of a cluster needs, compressed and in parts, in SQL."""

import zlib
from collections.abc import Collection, Mapping

from sqlalchemy import delete, select

from . import tables as t
from .database import SqlPart, execute_each, insert

#: A row is read and written whole: smaller parts keep memory and log of the server small.
_PART_BYTES = 1_000_000


class SqlSharedFiles(SqlPart):
    """The `SharedFileStore` of one database."""

    def shared_versions(self) -> Mapping[str, str]:
        files = t.shared_files.c
        query = select(files.name, files.version).where(files.part == 0)
        with self.database.read_transaction() as connection:
            return {row.name: row.version for row in connection.execute(query)}

    def shared_file(self, name: str) -> tuple[str, bytes]:
        files = t.shared_files.c
        query = select(files.version, files.body).where(files.name == name).order_by(files.part)
        with self.database.read_transaction() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return "", b""
        return rows[0].version, zlib.decompress(b"".join(row.body for row in rows))

    def share_file(self, name: str, version: str, body: bytes) -> None:
        packed = zlib.compress(body, 1)
        starts = range(0, len(packed), _PART_BYTES)
        rows = [
            {"name": name, "part": part, "version": version, "body": packed[start : start + _PART_BYTES]}
            for part, start in enumerate(starts)
        ]
        with self.database.write_transaction() as connection:
            connection.execute(delete(t.shared_files).where(t.shared_files.c.name == name))
            execute_each(connection, insert(connection, t.shared_files), rows)

    def unshare_files(self, names: Collection[str]) -> None:
        with self.database.write_transaction() as connection:
            connection.execute(delete(t.shared_files).where(t.shared_files.c.name.in_(sorted(names))))
