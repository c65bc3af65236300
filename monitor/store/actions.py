"""Unsubscriptions, actions on alerts, and escalations, in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, and_, delete, exists, or_, select, update

from monitor.model import (
    FEEDBACK,
    Action,
    Alert,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Escalation,
    Unsubscription,
)

from . import tables as t
from .database import SqlPart, insert_missing
from .lookup import id_beginning
from .rows import ALERT, alert_in, columns_of, row_of, value_of
from .story_index import record_answer, withdraw_answer

_UNSUBSCRIPTION = columns_of(t.unsubscriptions, Unsubscription)
_ACTION = columns_of(t.actions, Action)


class SqlActions(SqlPart):
    """The unsubscriptions and the `ActionStore` of one database."""

    def unsubscriptions(self) -> tuple[Unsubscription, ...]:
        query = select(*_UNSUBSCRIPTION).order_by(t.unsubscriptions.c.at, t.unsubscriptions.c.recipient)
        with self.database.read_transaction() as connection:
            return tuple(value_of(Unsubscription, row) for row in connection.execute(query))

    def unsubscribe(self, unsubscription: Unsubscription) -> None:
        with self.database.write_transaction() as connection:
            insert_missing(connection, t.unsubscriptions, [row_of(unsubscription)])

    def resubscribe(self, channel: str, recipient: str) -> bool:
        f = t.unsubscriptions.c
        with self.database.write_transaction() as connection:
            gone = delete(t.unsubscriptions).where(f.channel == channel, f.recipient == recipient)
            return connection.execute(gone).rowcount == 1

    def alert(self, id: str) -> Alert | None:
        with self.database.read_transaction() as connection:
            full = id_beginning(connection, t.alerts.c.id, id)
            row = connection.execute(select(*ALERT).where(t.alerts.c.id == full)).first()
        return alert_in(row) if row else None

    def add_action(self, action: Action) -> None:
        with self.database.write_transaction() as connection:
            write_action(connection, action)

    def actions(self, alert: str) -> tuple[Action, ...]:
        a = t.actions.c
        query = select(*_ACTION).where(a.alert == alert).order_by(a.at, a.kind)
        with self.database.read_transaction() as connection:
            return tuple(value_of(Action, row) for row in connection.execute(query))

    def actions_since(self, since: datetime) -> tuple[tuple[Action, Alert], ...]:
        a = t.actions.c
        joined = select(*_ACTION, *ALERT).join_from(t.actions, t.alerts, t.alerts.c.id == a.alert)
        query = joined.where(a.at >= since).order_by(a.at, a.alert, a.kind)
        with self.database.read_transaction() as connection:
            rows = connection.execute(query)
            return tuple(
                (value_of(Action, row[: len(_ACTION)]), alert_in(row[len(_ACTION) :])) for row in rows
            )

    def unanswered(self, since: datetime, until: datetime) -> tuple[Escalation, ...]:
        a, d, e = t.alerts.c, t.deliveries.c, t.escalations.c
        sent = exists().where(
            d.ref == a.id, d.kind == DeliveryKind.ALERT, d.state != DeliveryState.SUPPRESSED
        )
        raised = and_(a.raised_at >= since, a.raised_at < until)
        query = select(*ALERT).where(raised, ~_has_action(a.id), sent).order_by(a.seq)
        with self.database.read_transaction() as connection:
            alerts = [alert_in(row) for row in connection.execute(query)]
            taken = select(e.alert, e.at).join_from(t.escalations, t.alerts, a.id == e.alert)
            steps = connection.execute(taken.where(raised).order_by(e.step)).all()
        return tuple(
            Escalation(alert, tuple(step.at for step in steps if step.alert == alert.id)) for alert in alerts
        )

    def escalate(self, alert: str, step: int, deliveries: Sequence[Delivery], now: datetime) -> bool:
        with self.database.write_transaction() as connection:
            if connection.scalar(select(or_(_has_action(alert), _taken(alert, step)))):
                return False
            insert_missing(connection, t.escalations, [{"alert": alert, "step": step, "at": now}])
            insert_missing(connection, t.deliveries, [row_of(each) for each in deliveries])
            owed = {"delivery_count": t.alerts.c.delivery_count + len(deliveries)}
            connection.execute(update(t.alerts).where(t.alerts.c.id == alert).values(owed))
        return True


def _has_action(alert: Column[str] | str) -> ColumnElement[bool]:
    return exists().where(t.actions.c.alert == alert)


def _taken(alert: str, step: int) -> ColumnElement[bool]:
    return exists().where(t.escalations.c.alert == alert, t.escalations.c.step == step)


def write_action(connection: Connection, action: Action) -> None:
    """Write an action; feedback takes the place of other feedback by the same recipient."""
    if action.kind in FEEDBACK:
        others = [mark for mark in FEEDBACK if mark != action.kind]
        connection.execute(delete(t.actions).where(_by_the_same(action), t.actions.c.kind.in_(others)))
    insert_missing(connection, t.actions, [row_of(action)])
    record_answer(connection, action.alert, action.at)


def delete_action(connection: Connection, action: Action) -> None:
    """Delete an action."""
    connection.execute(delete(t.actions).where(_by_the_same(action), t.actions.c.kind == action.kind))
    withdraw_answer(connection, action.alert)


def _by_the_same(action: Action) -> ColumnElement[bool]:
    a = t.actions.c
    return and_(a.alert == action.alert, a.channel == action.channel, a.recipient == action.recipient)
