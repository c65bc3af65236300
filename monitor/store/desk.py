"""The audit log, notes, assignments and saved views of the desk, in SQL."""

from collections.abc import Iterable

from sqlalchemy import Connection, Select, delete, select

from monitor.model import Assignment, AuditEntry, Note, SavedView

from . import tables as t
from .database import SqlPart, execute_each, insert
from .rows import columns_of, row_of, value_of

_AUDIT = columns_of(t.audit, AuditEntry)
_NOTE = columns_of(t.notes, Note)
_ASSIGNMENT = columns_of(t.assignments, Assignment)
_VIEW = columns_of(t.saved_views, SavedView)


class SqlDesk(SqlPart):
    """The `DeskStore` of one database."""

    def add_audit(self, entry: AuditEntry) -> None:
        with self.database.write_transaction() as connection:
            write_audit(connection, [entry])

    def audit(self, before: int = 0, limit: int = 100) -> tuple[AuditEntry, ...]:
        query = select(*_AUDIT)
        return self._entries(query.where(t.audit.c.number < before) if before else query, limit)

    def audit_of(self, subject: str, limit: int = 50) -> tuple[AuditEntry, ...]:
        return self._entries(select(*_AUDIT).where(t.audit.c.subject == subject), limit)

    def _entries(self, query: Select[tuple[object, ...]], limit: int) -> tuple[AuditEntry, ...]:
        newest = query.order_by(t.audit.c.number.desc()).limit(limit)
        with self.database.read_transaction() as connection:
            return tuple(value_of(AuditEntry, row) for row in connection.execute(newest))

    def notes(self, story: str) -> tuple[Note, ...]:
        n = t.notes.c
        with self.database.read_transaction() as connection:
            rows = connection.execute(select(*_NOTE).where(n.story == story).order_by(n.at, n.id))
            return tuple(value_of(Note, row) for row in rows)

    def assignment(self, story: str) -> Assignment | None:
        with self.database.read_transaction() as connection:
            query = select(*_ASSIGNMENT).where(t.assignments.c.story == story)
            row = connection.execute(query).first()
        return value_of(Assignment, row) if row else None

    def put_view(self, view: SavedView) -> None:
        row = row_of(view)
        with self.database.write_transaction() as connection:
            statement = insert(connection, t.saved_views)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row), [row])

    def remove_view(self, name: str) -> bool:
        with self.database.write_transaction() as connection:
            gone = delete(t.saved_views).where(t.saved_views.c.name == name)
            return connection.execute(gone).rowcount == 1

    def views(self) -> tuple[SavedView, ...]:
        with self.database.read_transaction() as connection:
            rows = connection.execute(select(*_VIEW).order_by(t.saved_views.c.name))
            return tuple(value_of(SavedView, row) for row in rows)


def write_audit(connection: Connection, entries: Iterable[AuditEntry]) -> None:
    """Append entries to the audit log; the database numbers them."""
    rows = [row_of(entry) for entry in entries]
    for row in rows:
        del row["number"]
    execute_each(connection, t.audit.insert(), rows)
