"""Queue the pages behind items, in the transaction that writes these items."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, select

from monitor.model import Article, ArticleState, shard_of

from . import tables as t
from .database import insert


def queue_articles(connection: Connection, articles: Sequence[Article], now: datetime) -> None:
    """Queue articles; one that was read or given up is queued again, since its item has other words."""
    for article in articles:
        row = {
            "item": article.item,
            "url": article.url,
            "host": article.host,
            "shard": shard_of(article.host),
        }
        row |= {"due_at": now, "attempts": 0, "state": ArticleState.OWED, "reason": ""}
        statement = insert(connection, t.articles).values(row)
        again = {name: statement.excluded[name] for name in row if name != "item"}
        known = exists().where(t.items.c.id == article.item)
        if connection.scalar(select(known)):
            connection.execute(
                statement.on_conflict_do_update(index_elements=[t.articles.c.item], set_=again)
            )
