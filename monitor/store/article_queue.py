"""Queue the pages behind items, in the transaction that writes these items."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, select

from monitor.model import ArticleState, Page, shard_of

from . import tables as t
from .database import insert


def queue_articles(connection: Connection, pages: Sequence[Page], now: datetime) -> None:
    """Queue pages; one that was read or given up is queued again, since its item has other words."""
    for page in pages:
        row = {"item": page.item, "url": page.url, "host": page.host, "shard": shard_of(page.host)}
        row |= {"due_at": now, "attempts": 0, "state": ArticleState.OWED, "reason": ""}
        statement = insert(connection, t.articles).values(row)
        again = {name: statement.excluded[name] for name in row if name != "item"}
        known = exists().where(t.items.c.id == page.item)
        if connection.scalar(select(known)):
            connection.execute(
                statement.on_conflict_do_update(index_elements=[t.articles.c.item], set_=again)
            )
