"""Fold the stored words again after the folding of text has changed, a batch of rows at a time, in SQL.

`meta` says by which folding the words were made, and how far a change has come: it goes on after a restart.
"""

from sqlalchemy import Connection, delete, select, update

from monitor.model import Alert, Item
from monitor.text import FOLDING

from . import tables as t
from .commit import searchable
from .database import SqlPart, insert
from .rows import columns_of, value_of
from .story_index import MAX_WORDS, searched_words

_ITEM = columns_of(t.items, Item)

#: Keys of `meta`: the folding that all words have; the last item and the last story folded by this one.
_DONE, _ITEM_DONE, _STORY_DONE = "words_folding", f"words_item_{FOLDING}", f"words_story_{FOLDING}"


class SqlWordIndex(SqlPart):
    """The `WordIndexStore` of one database."""

    def refold(self, limit: int = 200) -> int:
        with self.database.read_transaction() as connection:
            if _meta(connection, _DONE) == str(FOLDING):
                return 0
        with self.database.write_transaction() as connection:
            examined = _refold_items(connection, limit) or _refold_stories(connection, limit)
            if not examined:
                _set_meta(connection, _DONE, str(FOLDING))
                connection.execute(delete(t.meta).where(t.meta.c.key.in_([_ITEM_DONE, _STORY_DONE])))
            return examined


def _refold_items(connection: Connection, limit: int) -> int:
    """Fold the words of the next items; return how many were examined."""
    i = t.items.c
    last = int(_meta(connection, _ITEM_DONE) or 0)
    query = select(i.number, i.words, *_ITEM).where(i.number > last).order_by(i.number).limit(limit)
    rows = connection.execute(query).all()
    for number, words, *fields in rows:
        folded = searchable(value_of(Item, fields))
        if folded != words:
            connection.execute(update(t.items).where(i.number == number).values(words=folded))
    if rows:
        _set_meta(connection, _ITEM_DONE, str(rows[-1].number))
    return len(rows)


def _refold_stories(connection: Connection, limit: int) -> int:
    """Fold the words of the next stories; return how many were examined."""
    r, a = t.story_rows.c, t.alerts.c
    last = _meta(connection, _STORY_DONE) or ""
    query = select(r.story, r.words).where(r.story > last).order_by(r.story).limit(limit)
    rows = connection.execute(query).all()
    for story, words in rows:
        alerts = connection.scalars(select(a.alert).where(a.story == story).order_by(a.seq)).all()
        folded = "".join(map(_words_of, alerts))[:MAX_WORDS]
        if folded != words:
            connection.execute(update(t.story_rows).where(r.story == story).values(words=folded))
    if rows:
        _set_meta(connection, _STORY_DONE, rows[-1].story)
    return len(rows)


def _words_of(alert: Alert) -> str:
    return searched_words(f"{alert.item.title} {alert.item.summary}")


def _meta(connection: Connection, key: str) -> str | None:
    return connection.scalar(select(t.meta.c.value).where(t.meta.c.key == key))


def _set_meta(connection: Connection, key: str, value: str) -> None:
    statement = insert(connection, t.meta).values(key=key, value=value)
    newer = {"value": statement.excluded.value}
    connection.execute(statement.on_conflict_do_update(index_elements=[t.meta.c.key], set_=newer))
