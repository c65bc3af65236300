"""New items by feed and day, the newest document of a feed, and polls that people ask for, in SQL."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Text, cast, func, select, update

from monitor.model import ArchivedDocument

from . import tables as t
from .database import SqlPart
from .evidence import newest_document


class SqlFeedDays(SqlPart):
    """The `FeedDayStore` of one database."""

    def items_by_day(self, since: datetime, feed: str = "") -> Mapping[str, Mapping[str, int]]:
        i = t.items.c
        day = func.substr(cast(i.first_seen_at, Text), 1, 10).label("day")
        query = select(i.feed, day, func.count().label("n")).where(i.first_seen_at >= since)
        if feed:
            query = query.where(i.feed == feed)
        found: dict[str, dict[str, int]] = defaultdict(dict)
        with self.database.read_transaction() as connection:
            for row in connection.execute(query.group_by(i.feed, day)):
                found[row.feed][row.day] = row.n
        return found

    def last_document(self, feed: str) -> ArchivedDocument | None:
        return newest_document(self.database, feed)

    def poll_soon(self, feed: str, now: datetime) -> bool:
        f = t.feeds.c
        with self.database.write_transaction() as connection:
            due = update(t.feeds).where(f.feed == feed, f.enrolled, f.next_poll_at > now)
            connection.execute(due.values(next_poll_at=now))
            enrolled = select(f.feed).where(f.feed == feed, f.enrolled)
            return connection.scalar(enrolled) is not None
