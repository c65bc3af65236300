"""Delete old rows from the archive in batches, each in one short transaction.

An item is deleted if it was last seen before the cutoff, is not in the last parsed document of its feed, and
raised no alert. Its id and content hash are kept for the same time again, so that the item is not reported as
new if the feed lists it again with the same words.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, delete, exists, select, update

from monitor.model import DeliveryState, Message, RetentionCutoffs

from . import tables as t
from .codec import moment_to_text
from .database import SqlPart, chunks, insert, insert_missing

_PURGED_AT = "tidied_at"

#: Replaces the message of a delivery that was sent before the cutoff.
BLANK = Message(subject="", text="")


class SqlRetention(SqlPart):
    """The `RetentionStore` of one database."""

    def purge(self, before: RetentionCutoffs, now: datetime, limit: int = 500) -> int:
        """Delete in this order: items, their kept ids, documents, messages, incidents."""
        for forget in _STEPS:
            with self.database.write_transaction() as connection:
                if gone := forget(connection, before, now, limit):
                    return gone
        return 0

    def purged_at(self) -> datetime | None:
        with self.database.read_transaction() as connection:
            stored = connection.scalar(select(t.meta.c.value).where(t.meta.c.key == _PURGED_AT))
        return datetime.fromisoformat(stored) if stored else None

    def record_purge(self, now: datetime) -> None:
        with self.database.write_transaction() as connection:
            statement = insert(connection, t.meta).values(key=_PURGED_AT, value=moment_to_text(now))
            newer = {"value": statement.excluded.value}
            connection.execute(statement.on_conflict_do_update(index_elements=[t.meta.c.key], set_=newer))


def _purge_items(connection: Connection, before: RetentionCutoffs, now: datetime, limit: int) -> int:
    """Delete items; the condition on `first_seen_at` follows from the other ones and has an index."""
    i, f = t.items.c, t.feeds.c
    old = and_(i.first_seen_at < before.items, i.last_seen_at < before.items, i.last_seen_at < f.read_at)
    alerted = exists().where(t.alerts.c.item == i.id)
    listed = select(i.id, i.content_hash).join_from(t.items, t.feeds, f.feed == i.feed)
    gone = connection.execute(listed.where(old, ~alerted).order_by(i.first_seen_at).limit(limit)).all()
    rows = [{"id": row.id, "content_hash": row.content_hash, "last_seen_at": now} for row in gone]
    insert_missing(connection, t.forgotten, rows)
    ids = [row.id for row in gone]
    for column in (t.articles.c.item, t.aliases.c.item, i.id):
        _delete(connection, column, ids)
    return len(ids)


def _purge_forgotten(connection: Connection, before: RetentionCutoffs, now: datetime, limit: int) -> int:
    g = t.forgotten.c
    return _delete(connection, g.id, _some(connection, g.id, g.last_seen_at < before.items, limit))


def _purge_documents(connection: Connection, before: RetentionCutoffs, now: datetime, limit: int) -> int:
    """Delete documents; their alerts keep the hashes."""
    d = t.documents.c
    return _delete(connection, d.hash, _some(connection, d.hash, d.fetched_at < before.documents, limit))


def _purge_messages(connection: Connection, before: RetentionCutoffs, now: datetime, limit: int) -> int:
    """Blank the messages of sent deliveries; state, time and recipient stay."""
    d = t.deliveries.c
    with_text = and_(d.state == DeliveryState.SENT, d.closed_at < before.messages, d.message != BLANK)
    ids = _some(connection, d.id, with_text, limit)
    for part in chunks(ids):
        connection.execute(update(t.deliveries).where(d.id.in_(part)).values(message=BLANK))
    return len(ids)


def _purge_incidents(connection: Connection, before: RetentionCutoffs, now: datetime, limit: int) -> int:
    n = t.incidents.c
    return _delete(connection, n.number, _some(connection, n.number, n.closed_at < before.incidents, limit))


_Purge = Callable[[Connection, RetentionCutoffs, datetime, int], int]
_STEPS: tuple[_Purge, ...] = (
    _purge_items,
    _purge_forgotten,
    _purge_documents,
    _purge_messages,
    _purge_incidents,
)


def _some(connection: Connection, key: Column[Any], which: ColumnElement[bool], limit: int) -> Sequence[Any]:
    return connection.scalars(select(key).where(which).limit(limit)).all()


def _delete(connection: Connection, key: Column[Any], keys: Sequence[Any]) -> int:
    for part in chunks(keys):
        connection.execute(delete(key.table).where(key.in_(part)))
    return len(keys)
