"""Silences, and what they suppressed, in SQL."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, alias, and_, exists, func, or_, select, update

from monitor.model import (
    FEEDBACK,
    ActionKind,
    DeliveryKind,
    DeliveryState,
    Silence,
    SilencedDelivery,
    SilenceReport,
)

from . import tables as t
from .database import SqlPart, insert_missing
from .lookup import id_beginning
from .rows import ALERT, alert_in, columns_of, row_of, value_of

_SILENCE = columns_of(t.silences, Silence)

#: Actions by which somebody has dealt with a story.
_DEALT_WITH = (ActionKind.ACKNOWLEDGE, *FEEDBACK)


class SqlSilences(SqlPart):
    """The silences of one database."""

    def silences(self, now: datetime | None = None) -> tuple[Silence, ...]:
        s = t.silences.c
        query = select(*_SILENCE).order_by(s.created_at, s.id)
        if now is not None:
            query = query.where(s.ended_at.is_(None), s.created_at <= now, s.expires_at > now)
        with self.database.read_transaction() as connection:
            return tuple(value_of(Silence, row) for row in connection.execute(query))

    def add_silence(self, silence: Silence) -> None:
        with self.database.write_transaction() as connection:
            insert_missing(connection, t.silences, [row_of(silence)])

    def end_silence(self, id: str, now: datetime) -> Silence | None:
        with self.database.write_transaction() as connection:
            return end_silence(connection, id, now)

    def ended_silences(self, now: datetime) -> tuple[Silence, ...]:
        s = t.silences.c
        ended = or_(s.ended_at.is_not(None), s.expires_at <= now)
        query = select(*_SILENCE).where(s.reported_at.is_(None), ended).order_by(s.created_at, s.id)
        with self.database.read_transaction() as connection:
            return tuple(value_of(Silence, row) for row in connection.execute(query))

    def silenced(self, silence: Silence) -> tuple[SilencedDelivery, ...]:
        d, a = t.deliveries.c, t.alerts.c
        suppressed = and_(
            d.state == DeliveryState.SUPPRESSED,
            d.covered_by == "",
            d.created_at >= silence.created_at,
            d.kind == DeliveryKind.ALERT,
            func.substr(d.reason, 1, len(_mark(silence))) == _mark(silence),
        )
        query = select(d.id, d.channel, d.recipient, *ALERT).join_from(t.deliveries, t.alerts, a.id == d.ref)
        query = query.where(suppressed, ~_dealt_with(), ~_sent_later()).order_by(a.seq, d.number)
        with self.database.read_transaction() as connection:
            return tuple(
                SilencedDelivery(id=id, channel=channel, recipient=recipient, alert=alert_in(alert))
                for id, channel, recipient, *alert in connection.execute(query)
            )

    def report_silence(self, report: SilenceReport, now: datetime) -> bool:
        s = t.silences.c
        unreported = update(t.silences).where(s.id == report.silence, s.reported_at.is_(None))
        with self.database.write_transaction() as connection:
            if connection.execute(unreported.values(reported_at=now)).rowcount != 1:
                return False
            insert_missing(connection, t.deliveries, [row_of(each) for each in report.deliveries])
            _set_each(connection, "covered_by", report.covered_by)
            _set_each(connection, "reason", report.passed_on)
        return True


def _mark(silence: Silence) -> str:
    """Return how the reasons of deliveries begin that a silence suppressed."""
    return f"silence {silence.id}:"


def _dealt_with() -> ColumnElement[bool]:
    """Say whether somebody acted on the story of an alert since it was raised."""
    acted, of_story = t.actions.c, alias(t.alerts, "acted_on")
    return exists().where(
        of_story.c.story == t.alerts.c.story,
        acted.alert == of_story.c.id,
        acted.kind.in_(_DEALT_WITH),
        acted.at >= t.alerts.c.raised_at,
    )


def _sent_later() -> ColumnElement[bool]:
    """Say whether a later alert of the story was sent to the recipient of a delivery."""
    later, d = alias(t.deliveries, "later"), t.deliveries.c
    return exists().where(
        later.c.story == t.alerts.c.story,
        later.c.channel == d.channel,
        later.c.recipient == d.recipient,
        later.c.kind == DeliveryKind.ALERT,
        later.c.state == DeliveryState.SENT,
        later.c.created_at > d.created_at,
    )


def _set_each(connection: Connection, column: str, by_id: Mapping[str, str]) -> None:
    d = t.deliveries.c
    for id in sorted(by_id):
        suppressed = update(t.deliveries).where(d.id == id, d.state == DeliveryState.SUPPRESSED)
        connection.execute(suppressed.values({column: by_id[id]}))


def end_silence(connection: Connection, id: str, now: datetime) -> Silence | None:
    """End the silence whose id begins so; return it as ended, or None if none is active."""
    s = t.silences.c
    full = id_beginning(connection, s.id, id)
    row = connection.execute(select(*_SILENCE).where(s.id == full)).first()
    if row is None or not (found := value_of(Silence, row)).active(now):
        return None
    connection.execute(update(t.silences).where(s.id == full).values(ended_at=now))
    return found.ended(now)
