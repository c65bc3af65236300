"""Erase what is stored about one person, in one transaction, in SQL."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Text, cast, delete, func, insert, or_, select, union, update

from monitor.model import DeliveryState

from . import tables as t
from .database import SqlPart
from .retention import BLANK

#: Deliveries that would still be sent, or be covered by a message that will be.
_PENDING = (DeliveryState.OWED, DeliveryState.LEASED, DeliveryState.UNCERTAIN, DeliveryState.EXPIRED)

#: Columns that hold an address or a name and nothing else.
_NAMES: tuple[Column[Any], ...] = (
    t.deliveries.c.recipient,
    t.actions.c.recipient,
    t.silences.c.recipient,
    t.silences.c.who,
    t.notes.c.who,
    t.assignments.c.who,
    t.assignments.c.by,
    t.saved_views.c.by,
    t.audit.c.who,
    t.audit.c.subject,
)

#: Columns of text in which an address or a name may occur, such as the answer of a mail server.
_TEXTS: tuple[Column[Any], ...] = (
    t.deliveries.c.reason,
    t.attempts.c.reason,
    t.attempts.c.code,
    t.channels.c.reason,
    t.incidents.c.reason,
    t.silences.c.reason,
    t.notes.c.text,
    t.saved_views.c.query,
    t.audit.c.detail,
)

#: Rows that are about the person alone.
_DELETED: tuple[Column[Any], ...] = (
    t.unsubscriptions.c.recipient,
    t.sessions.c.user,
    t.users.c.name,
)


class SqlErasure(SqlPart):
    """The `ErasureStore` of one database."""

    def erase(self, person: str, pseudonym: str, now: datetime, *, dry_run: bool) -> Mapping[str, int]:
        with self.database.write_transaction() as connection:
            counts = _erase(connection, person, pseudonym, now)
            transaction = connection.get_transaction()
            if dry_run and transaction is not None:
                transaction.rollback()
        return dict(sorted(counts.items()))


def _erase(connection: Connection, person: str, pseudonym: str, now: datetime) -> Counter[str]:
    counts: Counter[str] = Counter()
    spellings = _spellings(connection, person)
    _blank_deliveries(connection, spellings, now)
    for column in _DELETED:
        counts[column.table.name] += connection.execute(
            delete(column.table).where(column.in_(spellings))
        ).rowcount
    counts["undos"] += _delete_undos(connection, spellings)
    for column in _NAMES:
        named = update(column.table).where(column.in_(spellings)).values({column: pseudonym})
        counts[column.table.name] += connection.execute(named).rowcount
    for column in _TEXTS:
        counts[column.table.name] += _replace_in(connection, column, person, pseudonym)
    found = +counts
    if found:
        detail = ", ".join(f"{name}: {rows}" for name, rows in sorted(found.items()))
        entry = {"at": now, "who": "command line", "what": "person erased"}
        connection.execute(insert(t.audit).values(**entry, subject=pseudonym, detail=detail))
    return found


def _spellings(connection: Connection, person: str) -> Sequence[str]:
    """Return every spelling of a person that a column has, and the one given."""
    same = [select(column).where(func.lower(column) == person.lower()) for column in (*_NAMES, *_DELETED)]
    return sorted({person, *connection.scalars(union(*same))})


def _blank_deliveries(connection: Connection, spellings: Sequence[str], now: datetime) -> None:
    d = t.deliveries.c
    of_person = d.recipient.in_(spellings)
    closed = {"state": DeliveryState.DISCARDED, "reason": "recipient erased", "closed_at": now}
    free = {"leased_until": None, "leased_by": None}
    connection.execute(update(t.deliveries).where(of_person, d.state.in_(_PENDING)).values(**closed, **free))
    connection.execute(update(t.deliveries).where(of_person).values(message=BLANK))


def _delete_undos(connection: Connection, spellings: Sequence[str]) -> int:
    """Delete how to undo what the person did or was assigned, however they are named in it."""
    named = [
        func.lower(cast(t.undos.c.undo, Text)).contains(each.lower(), autoescape=True) for each in spellings
    ]
    return connection.execute(delete(t.undos).where(or_(*named))).rowcount


def _replace_in(connection: Connection, column: Column[Any], person: str, pseudonym: str) -> int:
    """Replace a person in texts where they stand as a whole word; return how many rows were changed.

    So a user ``al`` is not found in ``mail``, nor an address in a longer one.
    """
    key = tuple(column.table.primary_key.columns)
    with_letters = func.lower(column).contains(person.lower(), autoescape=True)
    word = re.compile(rf"(?<![\w.+-])(?<!\w@){re.escape(person)}(?![\w@-]|\.\w)", re.IGNORECASE)
    changed = 0
    for *values, text in connection.execute(select(*key, column).where(with_letters)).all():
        replaced = word.sub(pseudonym, text)
        if replaced != text:
            row = [part == value for part, value in zip(key, values, strict=True)]
            connection.execute(update(column.table).where(*row).values({column: replaced}))
            changed += 1
    return changed
