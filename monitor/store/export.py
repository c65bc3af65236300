"""Read alerts, deliveries and actions in batches, oldest first, in SQL."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, select, true

from monitor.model import Action, Alert, Attempt, Delivery, DeliveryHistory, Judged, Message, Period

from . import tables as t
from .database import SqlPart, chunks
from .rows import ALERT, JUDGED, alert_in, columns_of, judged_in, value_of

_ACTION = columns_of(t.actions, Action)
_ATTEMPT = columns_of(t.attempts, Attempt)
_WITHOUT_MESSAGE = [column for column in columns_of(t.deliveries, Delivery) if column.name != "message"]
_NO_MESSAGE = Message(subject="", text="")


class SqlExport(SqlPart):
    """The `ExportStore` of one database."""

    def items_after(self, after: int, period: Period, limit: int = 500) -> tuple[tuple[int, Judged], ...]:
        i = t.items.c
        query = select(i.number, *JUDGED).where(i.number > after, *_within(i.first_seen_at, period))
        with self.database.read_transaction() as connection:
            rows = connection.execute(query.order_by(i.number).limit(limit))
            return tuple((number, judged_in(row)) for number, *row in rows)

    def alerts_after(self, after: int, period: Period, limit: int = 200) -> tuple[Alert, ...]:
        a = t.alerts.c
        query = select(*ALERT).where(a.seq > after, *_within(a.raised_at, period)).order_by(a.seq)
        with self.database.read_transaction() as connection:
            return tuple(alert_in(row) for row in connection.execute(query.limit(limit)))

    def deliveries_after(
        self, after: int, period: Period, limit: int = 500
    ) -> tuple[tuple[int, DeliveryHistory], ...]:
        d, n = t.deliveries.c, t.attempts.c
        query = select(d.number, *_WITHOUT_MESSAGE).where(d.number > after, *_within(d.created_at, period))
        attempts: dict[str, list[Attempt]] = defaultdict(list)
        with self.database.read_transaction() as connection:
            rows = connection.execute(query.order_by(d.number).limit(limit)).all()
            for part in chunks([row.id for row in rows]):
                found = select(*_ATTEMPT).where(n.delivery.in_(part)).order_by(n.delivery, n.number)
                for row in connection.execute(found):
                    attempts[row.delivery].append(value_of(Attempt, row))
        return tuple((row.number, DeliveryHistory(_delivery(row), tuple(attempts[row.id]))) for row in rows)

    def actions_after(
        self, after: int, period: Period, limit: int = 500
    ) -> tuple[tuple[int, tuple[Action, ...]], ...]:
        a, n = t.alerts.c, t.actions.c
        joined = t.actions.join(t.alerts, a.id == n.alert)
        chosen = (a.seq > after, *_within(n.at, period))
        with_actions = select(a.seq).select_from(joined).where(*chosen).distinct()
        found: dict[int, list[Action]] = defaultdict(list)
        with self.database.read_transaction() as connection:
            seqs = connection.scalars(with_actions.order_by(a.seq).limit(limit)).all()
            query = select(a.seq, *_ACTION).select_from(joined).where(*chosen, a.seq.in_(seqs))
            for seq, *fields in connection.execute(query.order_by(a.seq, n.at, n.kind)):
                found[seq].append(value_of(Action, fields))
        return tuple((seq, tuple(actions)) for seq, actions in found.items())


def _within(column: Column[Any], period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    since = true() if period.since is None else column >= period.since
    until = true() if period.until is None else column < period.until
    return since, until


def _delivery(row: Row[Any]) -> Delivery:
    fields = {column.name: getattr(row, column.name) for column in _WITHOUT_MESSAGE}
    return Delivery(**fields, message=_NO_MESSAGE)
