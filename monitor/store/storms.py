"""Find and suppress the alerts above the storm limit of a recipient, in SQL."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, func, select

from monitor.model import Delivery, DeliveryKind, DeliveryState, Storm

from . import tables as t
from .database import SqlPart, chunks
from .overdue import close_covered
from .rows import columns_of, value_of

TOP_SEVERITY = 5

#: How many more due deliveries a lease reads to find one whose recipient is not busy.
BUSY_WINDOW = 100

_OWED = t.deliveries.c.state == DeliveryState.OWED
_DELIVERY = columns_of(t.deliveries, Delivery)


class SqlStorms(SqlPart):
    """The `StormStore` of one database."""

    def suppress(self, covered_by: Mapping[str, str], now: datetime, reason: str) -> int:
        return close_covered(self.database, covered_by, _OWED, (DeliveryState.SUPPRESSED, now, reason))

    def over_limit(
        self, channel: str, since: datetime, now: datetime, most: int, busy: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        """Read the index entries of one recipient only, whatever the backlog of the channel."""
        d = t.deliveries.c
        with self.database.read_transaction() as connection:
            recipient = _next_recipient(connection, channel, now, busy)
            if recipient is None:
                return ()
            alerts = and_(d.channel == channel, d.recipient == recipient, d.kind == DeliveryKind.ALERT)
            sent = and_(alerts, d.state == DeliveryState.SENT, d.closed_at >= since)
            leaving = and_(alerts, d.state == DeliveryState.LEASED)
            room = most - _count_up_to(connection, sent, most) - _count_up_to(connection, leaving, most)
            waiting = and_(alerts, _OWED, d.due_at <= now, d.severity < TOP_SEVERITY)
            query = select(d.number).where(waiting).order_by(d.due_at, d.number).offset(max(0, room))
            numbers = connection.scalars(query).all()
            found: list[Delivery] = []
            for part in chunks(numbers):
                rows = connection.execute(select(*_DELIVERY).where(d.number.in_(part)))
                found += [value_of(Delivery, row) for row in rows]
        return tuple(sorted(found, key=lambda each: each.due_at))

    def open_summary(self, channel: str, recipient: str, since: datetime) -> str:
        d = t.deliveries.c
        alerts = and_(d.channel == channel, d.recipient == recipient, d.kind == DeliveryKind.ALERT)
        query = select(d.covered_by).where(alerts, in_open_summary()).order_by(d.closed_at.desc()).limit(1)
        with self.database.read_transaction() as connection:
            return connection.scalar(query, {"since": since}) or ""

    def open_storms(self, since: datetime) -> tuple[Storm, ...]:
        with self.database.read_transaction() as connection:
            return tuple(Storm(*row) for row in connection.execute(_open_storms(), {"since": since}))

    def storm_alerts(self, storm: str) -> tuple[str, ...]:
        d = t.deliveries.c
        covered = and_(d.state == DeliveryState.SUPPRESSED, d.covered_by == storm, _is_unwritten())
        with self.database.read_transaction() as connection:
            return tuple(connection.scalars(select(d.ref).where(covered).order_by(d.created_at, d.number)))


@cache
def _open_storms() -> Select[Any]:
    """Return the query of the storms since the parameter `since`; asked every few seconds."""
    d = t.deliveries.c
    storm = (d.covered_by, d.channel, d.recipient)
    query = select(*storm, func.min(d.created_at)).where(in_open_summary())
    return query.group_by(*storm).order_by(d.covered_by)


def in_open_summary() -> ColumnElement[bool]:
    """Select deliveries suppressed since the parameter `since` whose summary is not written yet."""
    d = t.deliveries.c
    since = bindparam("since", type_=d.closed_at.type)
    recent = and_(d.state == DeliveryState.SUPPRESSED, d.closed_at >= since)
    return and_(recent, d.covered_by != "", _is_unwritten())


def _is_unwritten() -> ColumnElement[bool]:
    """Select deliveries whose summary is not written yet."""
    summary = t.deliveries.alias()
    return ~exists().where(summary.c.id == t.deliveries.c.covered_by)


def _next_recipient(connection: Connection, channel: str, now: datetime, busy: Collection[str]) -> str | None:
    """Return the recipient of the next due delivery if it is an alert subject to the storm limit."""
    d = t.deliveries.c
    query = select(d.kind, d.severity, d.recipient).where(_OWED, d.channel == channel, d.due_at <= now)
    rows = connection.execute(query.order_by(d.due_at, d.number).limit(1 + (BUSY_WINDOW if busy else 0)))
    for kind, severity, recipient in rows:
        if recipient not in busy:
            limited = kind == DeliveryKind.ALERT and severity < TOP_SEVERITY
            return str(recipient) if limited else None
    return None


def _count_up_to(connection: Connection, which: ColumnElement[bool], most: int) -> int:
    some = select(t.deliveries.c.number).where(which).limit(most).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0
