"""Find the stored items that the entries of a document may be: by id, alias, link or title."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from sqlalchemy import (
    Column,
    Connection,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    select,
    union,
    union_all,
)

from monitor.model import Item, KnownItem, KnownItems
from monitor.similarity import link_key, title_key

from . import tables as t
from .database import Database, chunks
from .rows import JUDGED, judged_in

#: How many items with the same link or title are candidates, those seen last first.
MAX_CANDIDATES = 50


# Statements are built once: to build one takes longer than to run it.


def _with_names(names: Table, item: Table, rank: int) -> Select[str, str, str, int]:
    """Select name, item id and content hash of the names that are asked for; the highest `rank` counts."""
    asked = names.c.id.in_(bindparam("names", expanding=True))
    return select(names.c.id, item.c.id, item.c.content_hash, literal_column(f"{rank}").label("rank")).where(
        asked
    )


_BY_NAME = union_all(
    _with_names(t.forgotten, t.forgotten, 0),
    _with_names(t.aliases, t.items, 1).join_from(t.aliases, t.items, t.items.c.id == t.aliases.c.item),
    _with_names(t.items, t.items, 2),
)


def _newest(column: Column[str], keys: str) -> Select[str]:
    """Select the ids of a feed's items whose `column` is one of the parameter `keys`."""
    newest = (t.items.c.last_seen_at.desc(), t.items.c.number.desc())
    turn = func.row_number().over(partition_by=column, order_by=newest).label("turn")
    asked = column.in_(bindparam(keys, expanding=True))
    candidates = select(t.items.c.id, turn).where(t.items.c.feed == bindparam("feed"), asked).subquery()
    return select(candidates.c.id).where(candidates.c.turn <= MAX_CANDIDATES)


_SIMILAR = union(_newest(t.items.c.link_key, "links"), _newest(t.items.c.title_key, "titles"))


def recall_items(database: Database, feed: str, items: Sequence[Item]) -> KnownItems:
    """Return the stored items that a feed's items may be; of several items with one id the first counts."""
    first = {item.id: item for item in reversed(items)}
    with database.read_transaction() as connection:
        stored = _by_name(connection, list(first))
        same = {name for name, (_, words) in stored.items() if words == first[name].content_hash}
        changed = [item for name, item in first.items() if name not in same]
        ids = {stored[item.id][0] for item in changed if item.id in stored}
        ids |= _similar(connection, feed, changed)
        return KnownItems(frozenset(same), tuple(_known_items(connection, sorted(ids))))


def _by_name(connection: Connection, names: list[str]) -> dict[str, tuple[str, str]]:
    """Return (item id, content hash) for each name that is an id, an alias or the id of a purged item."""
    found: dict[str, tuple[str, str]] = {}
    for part in chunks(names):
        rows = connection.execute(_BY_NAME, {"names": part}).all()
        found |= {name: (item, words) for name, item, words, _ in sorted(rows, key=lambda row: row.rank)}
    return found


def _similar(connection: Connection, feed: str, items: Iterable[Item]) -> set[str]:
    """Return the ids of a feed's items with the link or the title of an item; of each those seen last."""
    links, titles = set[str](), set[str]()
    for item in items:
        links.add(link_key(item.url))
        titles.add(title_key(item))
    found: set[str] = set()
    parts = (chunks(sorted(keys - {""})) for keys in (links, titles))
    for some_links, some_titles in zip_longest(*parts, fillvalue=()):
        asked = {"feed": feed, "links": some_links, "titles": some_titles}
        found.update(connection.scalars(_SIMILAR, asked))
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
