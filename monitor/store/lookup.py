"""Find rows by the beginning of an id, and items by words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    column,
    func,
    literal_column,
    select,
    table,
)

from monitor.text import words

from . import tables as t

#: Sorts after every id with the same beginning.
_LAST = "\U0010ffff"

_PART = re.compile(r'"(?P<phrase>[^"]*)"?(?P<star>\*?)|(?P<word>[^\s"]+)')

#: SQLite's full-text index, maintained by triggers; see the migrations.
_index = table("items_words", column("rowid", Integer), column("items_words", Text))


def id_beginning(connection: Connection, id: Column[str], beginning: str) -> str | None:
    """Return the id equal to `beginning`, or else the only one that begins with it."""
    query = select(id).where(id >= beginning, id < beginning + _LAST).order_by(id).limit(2)
    found = connection.scalars(query).all() if beginning else []
    return found[0] if len(found) == 1 or beginning in found else None


@dataclass(frozen=True, slots=True)
class Term:
    """Consecutive words; if `open`, the last one is the beginning of a word."""

    words: tuple[str, ...]
    open: bool = False


def terms(query: str) -> Iterator[Term]:
    """Yield the terms of a query: words, "quoted phrases", and ``word*`` for words with that beginning."""
    for part in _PART.finditer(query):
        written = part["word"] or part["phrase"] or ""
        if folded := words(written):
            yield Term(folded, open=bool(part["star"]) or written.endswith("*"))


def newest(connection: Connection, query: str, limit: int) -> Select[tuple[int]] | None:
    """Return the SELECT of the newest items with all terms of a query; None for a query without terms."""
    required = tuple(terms(query))
    if not required:
        return None
    if connection.dialect.name == "postgresql":
        return _newest_on_postgresql(" & ".join(map(_tsquery, required)), limit)
    number = _index.c.rowid
    match = _index.c.items_words.op("MATCH")(" AND ".join(map(_fts5, required)))
    return select(number).where(match).order_by(number.desc()).limit(limit)


def _newest_on_postgresql(query: str, limit: int) -> Select[tuple[int]]:
    """Materialise all hits, then take the newest.

    Without that the planner scans the items from the newest on, and for a rare word scans all of them.
    """
    simple: ColumnElement[Any] = literal_column("'simple'::regconfig")
    match = func.to_tsvector(simple, t.items.c.words).op("@@")(func.to_tsquery(simple, query))
    hits = select(t.items.c.number).where(match).cte("hits").prefix_with("MATERIALIZED")
    return select(hits.c.number).order_by(hits.c.number.desc()).limit(limit)


def _tsquery(term: Term) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in term.words) + (":*)" if term.open else ")")


def _fts5(term: Term) -> str:
    return '"' + " ".join(term.words) + ('"*' if term.open else '"')
