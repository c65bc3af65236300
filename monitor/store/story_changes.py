"""Store what is done about stories at the desk, each change as a whole, and take it back, in SQL."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Select, delete, select

from monitor.model import Assignment, AuditEntry, StoryAssignment, StoryChanges, Undo

from . import tables as t
from .actions import delete_action, write_action
from .database import SqlPart, insert_missing
from .desk import write_audit
from .rows import columns_of, row_of, value_of
from .silences import end_silence

_ASSIGNMENT = columns_of(t.assignments, Assignment)


class SqlStoryChanges(SqlPart):
    """The `StoryChangeStore` of one database."""

    def change_stories(self, changes: StoryChanges, now: datetime) -> Undo:
        with self.database.write_transaction() as connection:
            for action in changes.actions:
                write_action(connection, action)
            insert_missing(connection, t.notes, [row_of(note) for note in changes.notes])
            insert_missing(connection, t.silences, [row_of(silence) for silence in changes.silences])
            before = [_assign(connection, each) for each in changes.assignments]
            undo = replace(changes.undo, assignments=tuple(before))
            write_audit(connection, changes.audit)
            connection.execute(delete(t.undos).where(t.undos.c.until <= now))
            insert_missing(connection, t.undos, [{"token": undo.token, "until": undo.until, "undo": undo}])
        return undo

    def undo(self, token: str, now: datetime) -> Undo | None:
        if not token:
            return None
        with self.database.read_transaction() as connection:
            return connection.scalar(_undo(token, now))

    def take_back(self, token: str, now: datetime) -> Undo | None:
        with self.database.write_transaction() as connection:
            undo = connection.scalar(_undo(token, now))
            gone = connection.execute(delete(t.undos).where(t.undos.c.token == token)).rowcount
            if undo is None or not gone:
                return None
            for action in undo.actions:
                delete_action(connection, action)
            connection.execute(delete(t.notes).where(t.notes.c.id.in_(undo.notes)))
            for silence in undo.silences:
                end_silence(connection, silence, now)
            for before in undo.assignments:
                _assign(connection, before)
            write_audit(connection, _entries(undo, now))
        return undo


def _entries(undo: Undo, now: datetime) -> Iterable[AuditEntry]:
    for story in undo.stories:
        yield AuditEntry(at=now, who=undo.who, what="undo", subject=story, detail=undo.words)


def _assign(connection: Connection, wanted: StoryAssignment) -> StoryAssignment:
    """Write who works on a story, and return who did before."""
    this = t.assignments.c.story == wanted.story
    row = connection.execute(select(*_ASSIGNMENT).where(this)).first()
    connection.execute(delete(t.assignments).where(this))
    if wanted.assignment:
        insert_missing(connection, t.assignments, [row_of(wanted.assignment)])
    return StoryAssignment(story=wanted.story, assignment=value_of(Assignment, row) if row else None)


def _undo(token: str, now: datetime) -> Select[Undo]:
    return select(t.undos.c.undo).where(t.undos.c.token == token, t.undos.c.until > now)
