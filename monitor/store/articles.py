"""The queue of full texts in SQL: one page of a host at a time, each written once."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from monitor.model import Article, ArticleOutcome, ArticleState, shard_of

from . import tables as t
from .commit import searchable, without_old_epoch, write_alerts, write_stories
from .database import SqlPart, insert_missing
from .hosts import Reservation, reserve_hosts
from .rows import rated_severity, row_of


class SqlArticles(SqlPart):
    """The `ArticleStore` of one database."""

    def due_article_shards(self, now: datetime) -> tuple[int, ...]:
        with self.database.read_transaction() as connection:
            return tuple(connection.scalars(_due_shards(), {"now": now}))

    def articles_due(self, now: datetime) -> int:
        p = t.articles.c
        query = (
            select(func.count()).select_from(t.articles).where(p.state == ArticleState.OWED, p.due_at <= now)
        )
        with self.database.read_transaction() as connection:
            return connection.scalar(query) or 0

    def take_articles(
        self, shard: int, now: datetime, until: datetime, limit: int = 50
    ) -> tuple[Article, ...]:
        """A host is reserved as feeds reserve it: by the time at which it may be asked again."""
        p = t.articles.c
        turn = func.row_number().over(partition_by=p.host, order_by=(p.due_at, p.item)).label("turn")
        columns = (p.item, p.url, p.host, p.attempts, p.due_at, turn)
        due = select(*columns).select_from(_WITH_HOST).where(p.shard == shard, _due()).subquery()
        wanted = Reservation(self.database.session, now, until)
        first = select(due.c.item, due.c.url, due.c.host, due.c.attempts).where(due.c.turn == 1)
        with self.database.write_transaction() as connection:
            rows = connection.execute(
                first.order_by(due.c.due_at, due.c.item).limit(limit), {"now": now}
            ).all()
            taken = reserve_hosts(connection, {row.host for row in rows}, wanted)
        return tuple(Article(*row, reserved_until=until) for row in rows if row.host in taken)

    def commit_article(self, outcome: ArticleOutcome) -> bool:
        article, then = outcome.article, outcome.then
        p, h = t.articles.c, t.hosts.c
        columns = {
            "url": then.url,
            "host": then.host,
            "shard": shard_of(then.host),
            "attempts": then.attempts,
            "state": outcome.state,
            "due_at": outcome.due_at,
            "reason": outcome.reason,
        }
        as_taken = and_(
            p.item == article.item,
            p.state == ArticleState.OWED,
            p.url == article.url,
            p.attempts == article.attempts,
        )
        with self.database.write_transaction() as connection:
            ours = and_(h.host == article.host, h.free_at == article.reserved_until)
            connection.execute(update(t.hosts).where(ours).values(_free(outcome)))
            if not without_old_epoch(connection, [outcome]):
                return False
            if not connection.execute(update(t.articles).where(as_taken).values(columns)).rowcount:
                return False
            return outcome.judged is None or _write_text(connection, outcome)


def _free(outcome: ArticleOutcome) -> dict[str, Any]:
    return {"free_at": outcome.host_free_at, "reserved_by": None}


def _write_text(connection: Connection, outcome: ArticleOutcome) -> bool:
    """Write an item's text and its new verdict; if the item was revised meanwhile, queue the page again."""
    judged = outcome.judged
    assert judged  # noqa: S101  the caller has looked
    i = t.items.c
    columns = {
        "body": judged.item.body,
        "topics": judged.verdict.topics,
        "verdict": judged.verdict,
        "severity": rated_severity(judged.verdict),
        "decision": judged.decision,
        "words": searchable(judged.item),
    }
    same = and_(i.id == judged.item.id, i.content_hash == judged.item.content_hash)
    if not connection.execute(update(t.items).where(same).values(columns)).rowcount:
        again = {"state": ArticleState.OWED, "reason": "the item was revised meanwhile"}
        connection.execute(update(t.articles).where(t.articles.c.item == outcome.article.item).values(again))
        return False
    write_alerts(connection, [outcome])
    write_stories(connection, outcome.stories)
    insert_missing(connection, t.deliveries, [row_of(delivery) for delivery in outcome.deliveries])
    return True


_WITH_HOST: FromClause = t.articles.outerjoin(t.hosts, t.hosts.c.host == t.articles.c.host)


@cache
def _due_shards() -> Select[tuple[int]]:
    """Return the query of the shards with an article due at the parameter `now`; asked each second."""
    return articles_due().distinct().order_by(t.articles.c.shard)


def articles_due() -> Select[tuple[int]]:
    """Select the shards of the articles that are due at the parameter `now`."""
    return select(t.articles.c.shard).select_from(_WITH_HOST).where(_due())


def _due() -> ColumnElement[bool]:
    """Feeds come first: while one of the host is due or being polled, no page of that host is due.

    The time is the parameter `now`.
    """
    p, f, h = t.articles.c, t.feeds.c, t.hosts.c
    now = bindparam("now", type_=p.due_at.type)
    free = or_(h.free_at.is_(None), h.free_at <= now)
    wanted = exists().where(f.host == p.host, f.enrolled, f.next_poll_at <= now)
    return and_(p.state == ArticleState.OWED, p.due_at <= now, free, ~wanted)
