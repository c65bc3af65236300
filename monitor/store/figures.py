"""Count stories by day and by what they are about, in SQL."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Text, cast, func, select

from monitor.model import Alert, AlertTimes, DeliveryKind, DeliveryState

from . import tables as t
from .database import SqlPart
from .overdue import channels_with
from .rows import ALERT, alert_in


class SqlFigures(SqlPart):
    """The `FigureStore` of one database."""

    def stories_by_day(self, kind: str, since: datetime) -> Mapping[tuple[str, str], int]:
        r, f = t.story_rows.c, t.story_facets.c
        day = func.substr(cast(r.first_at, Text), 1, 10).label("day")
        joined = select(day, f.value, func.count().label("n")).join_from(
            t.story_rows, t.story_facets, f.story == r.story
        )
        query = joined.where(f.kind == kind, r.first_at >= since).group_by(day, f.value)
        with self.database.read_transaction() as connection:
            return {(row.day, row.value): row.n for row in connection.execute(query)}

    def facet_counts(self, kind: str, since: datetime, limit: int = 400) -> Mapping[str, int]:
        r, f = t.story_rows.c, t.story_facets.c
        count = func.count().label("n")
        joined = select(f.value, count).join_from(t.story_facets, t.story_rows, f.story == r.story)
        query = joined.where(f.kind == kind, r.last_at >= since).group_by(f.value)
        with self.database.read_transaction() as connection:
            rows = connection.execute(query.order_by(count.desc(), f.value).limit(limit))
            return {row.value: row.n for row in rows}

    def alert_times(self, since: datetime, limit: int = 2000) -> tuple[AlertTimes, ...]:
        a, i, d = t.alerts.c, t.items.c, t.deliveries.c
        sent = select(func.min(d.closed_at)).where(d.ref == a.id, d.state == DeliveryState.SENT)
        columns = (i.published_at, i.first_seen_at, a.raised_at, sent.scalar_subquery())
        query = select(*columns).join_from(t.alerts, t.items, i.id == a.item).where(a.raised_at >= since)
        with self.database.read_transaction() as connection:
            rows = connection.execute(query.order_by(a.seq.desc()).limit(limit))
            return tuple(AlertTimes(*row) for row in rows)

    def alerts_behind(self, seq: int, limit: int = 1000) -> tuple[Alert, ...]:
        a = t.alerts.c
        query = select(*ALERT).where(a.seq > seq).order_by(a.seq).limit(limit)
        with self.database.read_transaction() as connection:
            return tuple(alert_in(row) for row in connection.execute(query))

    def sent_between(self, after: datetime, until: datetime, limit: int = 1000) -> tuple[AlertTimes, ...]:
        a, i, d = t.alerts.c, t.items.c, t.deliveries.c
        times = select(i.published_at, i.first_seen_at, a.raised_at, d.closed_at)
        joined = times.join_from(t.deliveries, t.alerts, a.id == d.ref).join(t.items, i.id == a.item)
        sent = (d.state == DeliveryState.SENT, d.kind == DeliveryKind.ALERT)
        query = joined.where(*sent, d.closed_at > after, d.closed_at <= until)
        with self.database.read_transaction() as connection:
            rows = connection.execute(query.order_by(d.closed_at).limit(limit))
            return tuple(AlertTimes(*row) for row in rows)

    def oldest_owed(self) -> dict[str, datetime]:
        d, found = t.deliveries.c, dict[str, datetime]()
        with self.database.read_transaction() as connection:
            for channel in connection.scalars(channels_with(DeliveryState.OWED)).all():
                oldest = select(func.min(d.due_at)).where(d.state == DeliveryState.OWED, d.channel == channel)
                if due_at := connection.scalar(oldest):
                    found[channel] = due_at
        return found
