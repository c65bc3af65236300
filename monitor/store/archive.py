"""Look up items with their verdicts, alerts and documents, in SQL."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select

from monitor.model import Alert, Exhibit, FeedReach, FeedState, ItemFilter, Judged, WordCondition, reach_of

from . import tables as t
from .database import SqlPart, chunks
from .evidence import exhibits
from .lookup import id_beginning, newest_items
from .rows import ALERT, JUDGED, alert_in, columns_of, judged_in, value_of

_STATE = columns_of(t.feeds, FeedState)
_VERSIONS = select(t.feeds.c.feed, t.feeds.c.version).where(t.feeds.c.enrolled)
_STATES_BY_NAME = (
    select(*_STATE).where(t.feeds.c.feed.in_(bindparam("names", expanding=True))).order_by(t.feeds.c.feed)
)
# SQLite uses the index of enrolled feeds for a part of an alternative only if that part names its condition.
_RECENT_VERSIONS = _VERSIONS.where(
    or_(
        t.feeds.c.polled_at >= bindparam("since", type_=t.feeds.c.polled_at.type),
        t.feeds.c.enrolled & (t.feeds.c.next_poll_at <= bindparam("now", type_=t.feeds.c.next_poll_at.type)),
    )
)
_TOTALS = select(func.count(), func.coalesce(func.sum(t.feeds.c.version), 0)).where(t.feeds.c.enrolled)


class SqlArchive(SqlPart):
    """The `Archive` of one database."""

    def item(self, id: str) -> Judged | None:
        with self.database.read_transaction() as connection:
            full = id_beginning(connection, t.items.c.id, id)
            row = connection.execute(select(*JUDGED).where(t.items.c.id == full)).first()
        return judged_in(row) if row else None

    def find_items(
        self,
        asked: ItemFilter,
        words: WordCondition | None = None,
        after: Judged | None = None,
        limit: int = 500,
    ) -> tuple[Judged, ...]:
        with self.database.read_transaction() as connection:
            query = newest_items(connection, asked, words, after.item.id if after else None)
            return tuple(judged_in(row) for row in connection.execute(query.limit(limit)))

    def judged_since(
        self, since: datetime, after: Judged | None = None, limit: int = 500
    ) -> tuple[Judged, ...]:
        seen, number = t.items.c.first_seen_at, t.items.c.number
        with self.database.read_transaction() as connection:
            if after is None:
                return _oldest(connection, limit, seen >= since)
            at = after.item.first_seen_at
            last = select(number).where(t.items.c.id == after.item.id).scalar_subquery()
            # two queries: the index of times is then entered right behind the last item
            found = _oldest(connection, limit, seen == at, number > func.coalesce(last, 0))
            return found + _oldest(connection, limit - len(found), seen > at)

    def alerts(self, since: datetime, until: datetime) -> tuple[Alert, ...]:
        a = t.alerts.c
        query = select(*ALERT).where(a.raised_at >= since, a.raised_at < until).order_by(a.seq)
        with self.database.read_transaction() as connection:
            return tuple(alert_in(row) for row in connection.execute(query))

    def newest_alerts(self, since: datetime, before: int = 0, limit: int = 500) -> tuple[Alert, ...]:
        a = t.alerts.c
        query = select(*ALERT).where(a.raised_at >= since)
        if before:
            query = query.where(a.seq < before)
        with self.database.read_transaction() as connection:
            rows = connection.execute(query.order_by(a.seq.desc()).limit(limit))
            return tuple(alert_in(row) for row in rows)

    def alert_of(self, item: str) -> Alert | None:
        a = t.alerts.c
        query = select(*ALERT).where(a.item == item).order_by(a.seq.desc()).limit(1)
        with self.database.read_transaction() as connection:
            row = connection.execute(query).first()
        return alert_in(row) if row else None

    def exhibits(self, item: str) -> tuple[Exhibit, ...]:
        return exhibits(self.database, item)

    def feed_states(self) -> tuple[FeedState, ...]:
        query = select(*_STATE).where(t.feeds.c.enrolled).order_by(t.feeds.c.feed)
        with self.database.read_transaction() as connection:
            return tuple(value_of(FeedState, row) for row in connection.execute(query))

    def changed_feed_states(self, known: Mapping[str, int]) -> tuple[frozenset[str], tuple[FeedState, ...]]:
        with self.database.read_transaction() as connection:
            count, total = connection.execute(_TOTALS).one()
            if count == len(known) and total == sum(known.values()):  # versions only grow
                return frozenset(known), ()
            versions = {row.feed: row.version for row in connection.execute(_VERSIONS)}
            names = sorted(name for name, version in versions.items() if known.get(name) != version)
            return frozenset(versions), tuple(_states_of(connection, names))

    def feed_states_since(
        self, known: Mapping[str, int], since: datetime, now: datetime
    ) -> tuple[FeedState, ...]:
        with self.database.read_transaction() as connection:
            rows = connection.execute(_RECENT_VERSIONS, {"since": since, "now": now})
            names = sorted(row.feed for row in rows if known.get(row.feed) != row.version)
            return tuple(_states_of(connection, names))

    def feed_reach(self) -> tuple[Mapping[FeedReach, int], datetime | None]:
        f = t.feeds.c
        counted = select(f.health, func.count(), func.max(f.polled_at))
        found: Counter[FeedReach] = Counter()
        last: list[datetime] = []
        with self.database.read_transaction() as connection:
            rows = connection.execute(counted.where(f.enrolled).group_by(f.health)).all()
        for health, count, latest in rows:
            found[reach_of(health)] += count
            last += [latest] if latest else []
        return found, max(last, default=None)


def _states_of(connection: Connection, names: Sequence[str]) -> Iterator[FeedState]:
    for part in chunks(names):
        for row in connection.execute(_STATES_BY_NAME, {"names": list(part)}):
            yield value_of(FeedState, row)


def _oldest(connection: Connection, limit: int, *conditions: ColumnElement[bool]) -> tuple[Judged, ...]:
    query = select(*JUDGED).where(*conditions).order_by(t.items.c.first_seen_at, t.items.c.number)
    return tuple(judged_in(row) for row in connection.execute(query.limit(limit)))
