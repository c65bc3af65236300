"""Find rows by the beginning of an id, and items by words and properties."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    type_coerce,
)

from monitor.model import AllOf, AnyOf, IndexWord, ItemFilter, WordCondition

from . import tables as t
from .rows import JUDGED

#: Sorts after every id with the same beginning.
_LAST = "\U0010ffff"

#: SQLite's full-text index, maintained by triggers; see the migrations.
_index = table("items_words", column("rowid", Integer), column("items_words", Text))


def id_beginning(connection: Connection, id: Column[str], beginning: str) -> str | None:
    """Return the id equal to `beginning`, or else the only one that begins with it."""
    query = select(id).where(id >= beginning, id < beginning + _LAST).order_by(id).limit(2)
    found = connection.scalars(query).all() if beginning else []
    return found[0] if len(found) == 1 or beginning in found else None


def newest_items(
    connection: Connection, asked: ItemFilter, words: WordCondition | None, after: str | None
) -> Select[Any]:
    """Return the SELECT of `JUDGED` rows that fit, newest first, from the item `after` on."""
    query, number = _with_words(connection, select(*JUDGED), words)
    if words is None and _is_rated(asked) and not asked.feed:  # SQLite would read every item for its order
        query = query.with_hint(t.items, "INDEXED BY items_rated", "sqlite")
    if after is not None:
        query = query.where(number < select(t.items.c.number).where(t.items.c.id == after).scalar_subquery())
    if asked.since is not None:  # the index of times finds where the table need not be read any further;
        # the sum keeps the planner from looking for the first number from the oldest item on
        first = select(func.min(t.items.c.number + 0)).where(t.items.c.first_seen_at >= asked.since)
        query = query.where(number >= first.scalar_subquery())
    if asked.until is not None:
        last = select(func.max(t.items.c.number + 0)).where(t.items.c.first_seen_at < asked.until)
        query = query.where(number <= last.scalar_subquery())
    return query.where(*_conditions(connection, asked)).order_by(number.desc())


def _conditions(connection: Connection, asked: ItemFilter) -> Iterator[ColumnElement[bool]]:
    i = t.items.c
    if asked.since is not None:
        yield i.first_seen_at >= asked.since
    if asked.until is not None:
        yield i.first_seen_at < asked.until
    if asked.feed:
        yield i.feed == asked.feed
    if asked.lang:
        yield or_(i.lang == asked.lang, i.lang.startswith(f"{asked.lang}-", autoescape=True))
    if asked.topic and not asked.possible:
        yield cast(i.topics, Text).contains(f'"{asked.topic}"', autoescape=True)
    if _is_rated(asked):
        yield i.severity.is_not(None)
    if asked.min_severity:
        yield i.severity >= asked.min_severity
    yield from _conditions_on_verdict(_verdict(connection), asked)


def _is_rated(asked: ItemFilter) -> bool:
    """Say whether only items fit in which something was recognised."""
    return bool(asked.topic or asked.possible or asked.min_severity or asked.event)


def _conditions_on_verdict(verdict: ColumnElement[Any], asked: ItemFilter) -> Iterator[ColumnElement[bool]]:
    if asked.possible:
        yield verdict["possible"].as_string().contains(f'"{asked.topic}', autoescape=True)
    if asked.event:
        yield verdict["event", "type"].as_string() == asked.event


def _verdict(connection: Connection) -> ColumnElement[Any]:
    """Return the stored verdict as a JSON value; PostgreSQL needs a cast, and SQLite must have none."""
    verdict = t.items.c.verdict
    return cast(verdict, JSON) if _is_postgresql(connection) else type_coerce(verdict, JSON)


def _with_words(
    connection: Connection, query: Select[Any], words: WordCondition | None
) -> tuple[Select[Any], ColumnElement[int]]:
    """Restrict a query to items with these words; return it with the column of the number to order by.

    SQLite's index gives its hits in the order of its own column. On PostgreSQL all hits are materialised
    first: without that the planner scans the items from the newest on, and for a rare word scans all of them.
    """
    number = t.items.c.number
    if words is None:
        return query, number
    if not _is_postgresql(connection):
        match = _index.c.items_words.op("MATCH")(_fts5(words))
        joined = query.join_from(_index, t.items, _index.c.rowid == number)
        return joined.where(match), _index.c.rowid
    simple: ColumnElement[Any] = literal_column("'simple'::regconfig")
    match = func.to_tsvector(simple, t.items.c.words).op("@@")(func.to_tsquery(simple, _tsquery(words)))
    hits = select(number).where(match).cte("hits").prefix_with("MATERIALIZED")
    return query.join_from(t.items, hits, hits.c.number == number), hits.c.number


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _fts5(condition: WordCondition) -> str:
    match condition:
        case IndexWord(text=text, beginning=beginning):
            return f'"{text}"' + ("*" if beginning else "")
        case AllOf(parts=parts):
            return "(" + " AND ".join(map(_fts5, parts)) + ")"
        case AnyOf(parts=parts):
            return "(" + " OR ".join(map(_fts5, parts)) + ")"


def _tsquery(condition: WordCondition) -> str:
    match condition:
        case IndexWord(text=text, beginning=beginning):
            return f"'{text}'" + (":*" if beginning else "")
        case AllOf(parts=parts):
            return "(" + " & ".join(map(_tsquery, parts)) + ")"
        case AnyOf(parts=parts):
            return "(" + " | ".join(map(_tsquery, parts)) + ")"
