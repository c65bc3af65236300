"""Find the stored items that the entries of a document may be: by id, alias, link or title."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Column, Connection, func, select

from monitor.model import Item, KnownItem, KnownItems
from monitor.similarity import link_key, title_key

from . import tables as t
from .database import Database, chunks
from .rows import JUDGED, judged_in

#: How many items with the same link or title are candidates, those seen last first.
MAX_CANDIDATES = 50


def recall_items(database: Database, feed: str, items: Sequence[Item]) -> KnownItems:
    """Return the stored items that a feed's items may be; of several items with one id the first counts."""
    first = {item.id: item for item in reversed(items)}
    with database.read_transaction() as connection:
        stored = _by_name(connection, list(first))
        same = {name for name, (_, words) in stored.items() if words == first[name].content_hash}
        changed = [item for name, item in first.items() if name not in same]
        ids = {stored[item.id][0] for item in changed if item.id in stored}
        ids |= _with(connection, feed, t.items.c.link_key, (link_key(item.url) for item in changed))
        ids |= _with(connection, feed, t.items.c.title_key, map(title_key, changed))
        return KnownItems(frozenset(same), tuple(_known_items(connection, sorted(ids))))


def _by_name(connection: Connection, names: list[str]) -> dict[str, tuple[str, str]]:
    """Return (item id, content hash) for each name that is an id, an alias or the id of a purged item."""
    found: dict[str, tuple[str, str]] = {}
    own = select(t.items.c.id, t.items.c.id, t.items.c.content_hash)
    other = select(t.aliases.c.id, t.items.c.id, t.items.c.content_hash).join_from(
        t.aliases, t.items, t.items.c.id == t.aliases.c.item
    )
    gone = select(t.forgotten.c.id, t.forgotten.c.id, t.forgotten.c.content_hash)
    for query, name in ((gone, t.forgotten.c.id), (other, t.aliases.c.id), (own, t.items.c.id)):
        for part in chunks(names):
            rows = connection.execute(query.where(name.in_(part)))
            found |= {alias: (item, words) for alias, item, words in rows}
    return found


def _with(connection: Connection, feed: str, column: Column[str], keys: Iterable[str]) -> set[str]:
    """Return the ids of a feed's items with one of these keys; for each key those seen last."""
    found: set[str] = set()
    newest = (t.items.c.last_seen_at.desc(), t.items.c.number.desc())
    turn = func.row_number().over(partition_by=column, order_by=newest).label("turn")
    for part in chunks(sorted(set(keys) - {""})):
        candidates = select(t.items.c.id, turn).where(t.items.c.feed == feed, column.in_(part)).subquery()
        found |= set(connection.scalars(select(candidates.c.id).where(candidates.c.turn <= MAX_CANDIDATES)))
    return found


def _known_items(connection: Connection, ids: list[str]) -> Iterator[KnownItem]:
    for part in chunks(ids):
        names = {id: {id} for id in part}
        for row in connection.execute(select(t.aliases).where(t.aliases.c.item.in_(part))):
            names[row.item].add(row.id)
        query = select(*JUDGED, t.items.c.hashes, t.items.c.revisions).where(t.items.c.id.in_(part))
        for row in connection.execute(query.order_by(t.items.c.id)):
            *stored, earlier, revisions = row
            judged = replace(judged_in(stored), earlier=earlier)
            yield KnownItem(judged, revisions, frozenset(names[judged.item.id]))
