"""The audit log, notes, assignments, saved views and undos of the desk, in SQL."""

from datetime import datetime

from sqlalchemy import Select, delete, select

from monitor.model import Assignment, AuditEntry, Note, SavedView, Undo

from . import tables as t
from .database import SqlPart, insert, insert_missing
from .rows import columns_of, row_of, value_of

_AUDIT = columns_of(t.audit, AuditEntry)
_NOTE = columns_of(t.notes, Note)
_ASSIGNMENT = columns_of(t.assignments, Assignment)
_VIEW = columns_of(t.saved_views, SavedView)


class SqlDesk(SqlPart):
    """The `DeskStore` of one database."""

    def add_audit(self, entry: AuditEntry) -> None:
        row = row_of(entry)
        del row["number"]
        with self.database.write_transaction() as connection:
            connection.execute(t.audit.insert(), [row])

    def audit(self, before: int = 0, limit: int = 100) -> tuple[AuditEntry, ...]:
        query = select(*_AUDIT)
        return self._entries(query.where(t.audit.c.number < before) if before else query, limit)

    def audit_of(self, subject: str, limit: int = 50) -> tuple[AuditEntry, ...]:
        return self._entries(select(*_AUDIT).where(t.audit.c.subject == subject), limit)

    def _entries(self, query: Select[tuple[object, ...]], limit: int) -> tuple[AuditEntry, ...]:
        newest = query.order_by(t.audit.c.number.desc()).limit(limit)
        with self.database.read_transaction() as connection:
            return tuple(value_of(AuditEntry, row) for row in connection.execute(newest))

    def add_note(self, note: Note) -> None:
        with self.database.write_transaction() as connection:
            insert_missing(connection, t.notes, [row_of(note)])

    def remove_note(self, id: str) -> bool:
        with self.database.write_transaction() as connection:
            return connection.execute(delete(t.notes).where(t.notes.c.id == id)).rowcount == 1

    def notes(self, story: str) -> tuple[Note, ...]:
        n = t.notes.c
        with self.database.read_transaction() as connection:
            rows = connection.execute(select(*_NOTE).where(n.story == story).order_by(n.at, n.id))
            return tuple(value_of(Note, row) for row in rows)

    def assign(self, story: str, assignment: Assignment | None) -> Assignment | None:
        a = t.assignments.c
        with self.database.write_transaction() as connection:
            row = connection.execute(select(*_ASSIGNMENT).where(a.story == story)).first()
            connection.execute(delete(t.assignments).where(a.story == story))
            if assignment:
                insert_missing(connection, t.assignments, [row_of(assignment)])
        return value_of(Assignment, row) if row else None

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

    def add_undo(self, undo: Undo, now: datetime) -> None:
        row = {"token": undo.token, "until": undo.until, "undo": undo}
        with self.database.write_transaction() as connection:
            connection.execute(delete(t.undos).where(t.undos.c.until <= now))
            insert_missing(connection, t.undos, [row])

    def undo(self, token: str, now: datetime) -> Undo | None:
        if not token:
            return None
        with self.database.read_transaction() as connection:
            return connection.scalar(_undo(token, now))

    def take_undo(self, token: str, now: datetime) -> Undo | None:
        with self.database.write_transaction() as connection:
            found = connection.scalar(_undo(token, now))
            taken = connection.execute(delete(t.undos).where(t.undos.c.token == token)).rowcount == 1
        return found if taken else None


def _undo(token: str, now: datetime) -> Select[Undo]:
    return select(t.undos.c.undo).where(t.undos.c.token == token, t.undos.c.until > now)
