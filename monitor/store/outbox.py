"""What is owed to whom, how often it was tried and how it ended."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from monitor.model import Attempt, AttemptOutcome, AttemptPhase, ChannelState, Delivery, DeliveryState

from . import tables as t
from .database import SqlPart, insert_missing
from .lookup import id_beginning
from .overdue import paused, write_channel
from .rows import columns_of, row_of, value_of

#: How many due deliveries are searched for one to a recipient who is not busy: a bound for each lease.
BUSY_WINDOW = 100

_OWED = (DeliveryState.OWED, DeliveryState.UNCERTAIN)
_DELIVERY = columns_of(t.deliveries, Delivery)
_ATTEMPT = columns_of(t.attempts, Attempt)
_STILL_OPEN = t.attempts.c.ended_at.is_(None)


class SqlOutbox(SqlPart):
    """The `Outbox` of one database. A delivery's `attempts` are those that have ended, however they did."""

    def owed_channels(self, now: datetime) -> tuple[str, ...]:
        channel = t.deliveries.c.channel
        due = select(channel).where(_due(now), ~paused(now)).distinct().order_by(channel)
        with self.database.read_transaction() as connection:
            return tuple(connection.scalars(due))

    def lease(
        self, channel: str, now: datetime, until: datetime, limit: int = 1, busy: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        d = t.deliveries.c
        mine = (d.channel == channel, _due(now), ~paused(now))
        window = limit + (BUSY_WINDOW if busy else 0)
        due = select(d.number, d.recipient).where(*mine).order_by(d.due_at, d.number).limit(window)
        with self.database.write_transaction() as connection:
            found = connection.execute(due.with_for_update(skip_locked=True)).all()
            numbers = [number for number, recipient in found if recipient not in busy][:limit]
            if not numbers:
                return ()
            taken = d.number.in_(numbers)
            connection.execute(_end_attempts(select(d.id).where(taken), now))
            leased = {"state": DeliveryState.LEASED, "leased_until": until, "attempts": d.attempts + _lost}
            connection.execute(update(t.deliveries).where(taken).values(leased))
            _open_attempts(connection, taken, now)
            rows = connection.execute(select(*_DELIVERY).where(taken).order_by(d.due_at, d.number))
            return tuple(value_of(Delivery, row) for row in rows)

    def record_phase(self, delivery: Delivery, phase: AttemptPhase) -> None:
        with self.database.write_transaction() as connection:
            connection.execute(_open_attempt_of(delivery).values(phase=phase))

    def settle(
        self, delivery: Delivery, now: datetime, *, state: DeliveryState, reason: str = "", code: str = ""
    ) -> None:
        """``sent`` stands even if the lease ran out or the delivery was discarded meanwhile: it has left."""
        with self.database.write_transaction() as connection:
            _close(connection, delivery, now, state=state, reason=reason, code=code)
            if state == DeliveryState.SENT:
                write_channel(connection, ChannelState(channel=delivery.channel, sent_at=now))

    def suppress_leased(self, delivery: Delivery, now: datetime, reason: str) -> None:
        with self.database.write_transaction() as connection:
            _close(connection, delivery, now, state=DeliveryState.SUPPRESSED, reason=reason)

    def postpone(self, delivery: Delivery, now: datetime, *, code: str = "") -> None:
        d = t.deliveries.c
        uncertain = delivery.state == DeliveryState.UNCERTAIN
        state = DeliveryState.UNCERTAIN if uncertain else DeliveryState.OWED
        with self.database.write_transaction() as connection:
            statement = update(t.deliveries).where(d.id == delivery.id, d.state == DeliveryState.LEASED)
            later = {"due_at": delivery.due_at, "attempts": delivery.attempts, "reason": delivery.reason}
            connection.execute(statement.values(later | {"state": state, "leased_until": None}))
            outcome = AttemptOutcome.UNCERTAIN if uncertain else AttemptOutcome.POSTPONED
            ended = {"ended_at": now, "outcome": outcome, "reason": delivery.reason, "code": code}
            connection.execute(_open_attempt_of(delivery).values(ended))

    def recover(self, now: datetime, uncertain_until: datetime, repeatable: Collection[str] = ()) -> int:
        d, a = t.deliveries.c, t.attempts.c
        leaving = exists().where(a.delivery == d.id, _STILL_OPEN, a.phase == AttemptPhase.DATA)
        leased = update(t.deliveries).where(d.state == DeliveryState.LEASED)
        unclear = leased.where(leaving, d.channel.not_in(sorted(repeatable)))
        back = {"leased_until": None, "attempts": d.attempts + 1}
        with self.database.write_transaction() as connection:
            uncertain = unclear.values(back | {"state": DeliveryState.UNCERTAIN, "due_at": uncertain_until})
            owed = leased.values(back | {"state": DeliveryState.OWED, "due_at": now})
            count = connection.execute(uncertain).rowcount + connection.execute(owed).rowcount
            connection.execute(_end_attempts(select(d.id), now))
        return count

    def add_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        with self.database.write_transaction() as connection:
            insert_missing(connection, t.deliveries, [row_of(delivery) for delivery in deliveries])

    def deliveries(
        self, states: Collection[str] = (), limit: int = 50, channel: str = ""
    ) -> tuple[Delivery, ...]:
        d = t.deliveries.c
        query = select(*_DELIVERY).order_by(d.number.desc()).limit(limit)
        if states:
            query = query.where(d.state.in_(sorted(states)))
        if channel:
            query = query.where(d.channel == channel)
        with self.database.read_transaction() as connection:
            return tuple(value_of(Delivery, row) for row in connection.execute(query))

    def delivery(self, id: str) -> tuple[Delivery, tuple[Attempt, ...]] | None:
        a = t.attempts.c
        with self.database.read_transaction() as connection:
            full = id_beginning(connection, t.deliveries.c.id, id)
            if full is None:
                return None
            found = connection.execute(select(*_DELIVERY).where(t.deliveries.c.id == full)).one()
            tries = connection.execute(select(*_ATTEMPT).where(a.delivery == full).order_by(a.number))
            return value_of(Delivery, found), tuple(value_of(Attempt, attempt) for attempt in tries)

    def requeue(self, id: str, now: datetime) -> bool:
        """The delivery begins anew: its schedule of retries starts from the first."""
        anew = {"due_at": now, "attempts": 0, "closed_at": None, "covered_by": ""}
        again = anew | {"state": DeliveryState.OWED}
        return self._change(id, set(DeliveryState) - {DeliveryState.LEASED, DeliveryState.SENT}, again)

    def discard(self, id: str, now: datetime, reason: str) -> bool:
        closed = {"state": DeliveryState.DISCARDED, "reason": reason, "closed_at": now, "leased_until": None}
        return self._change(id, set(DeliveryState) - {DeliveryState.SENT, DeliveryState.DISCARDED}, closed)

    def _change(self, id: str, states: Collection[DeliveryState], columns: dict[str, Any]) -> bool:
        d = t.deliveries.c
        with self.database.write_transaction() as connection:
            statement = update(t.deliveries).where(d.id == id, d.state.in_(sorted(states))).values(columns)
            return connection.execute(statement).rowcount == 1


#: A lease that ran out was an attempt too.
_lost = case((t.deliveries.c.state == DeliveryState.LEASED, 1), else_=0)


def _due(now: datetime) -> ColumnElement[bool]:
    d = t.deliveries.c
    return or_(
        and_(d.state.in_(_OWED), d.due_at <= now),
        and_(d.state == DeliveryState.LEASED, d.leased_until <= now),
    )


def _close(
    connection: Connection,
    delivery: Delivery,
    now: datetime,
    *,
    state: DeliveryState,
    reason: str,
    code: str = "",
) -> None:
    """Close a leased delivery and its open attempt; ``sent`` replaces any other state."""
    d = t.deliveries.c
    is_sent = state == DeliveryState.SENT
    open_to = d.state != DeliveryState.SENT if is_sent else d.state == DeliveryState.LEASED
    closed = {"state": state, "reason": reason, "closed_at": now, "leased_until": None}
    statement = update(t.deliveries).where(d.id == delivery.id, open_to)
    connection.execute(statement.values(closed | {"attempts": d.attempts + 1}))
    reached = {"phase": AttemptPhase.DONE} if is_sent else {}
    ended = {"ended_at": now, "outcome": AttemptOutcome(state), "reason": reason, "code": code}
    connection.execute(_open_attempt_of(delivery).values(ended | reached))


def _open_attempt_of(delivery: Delivery) -> Update:
    return update(t.attempts).where(t.attempts.c.delivery == delivery.id, _STILL_OPEN)


def _open_attempts(connection: Connection, taken: ColumnElement[bool], now: datetime) -> None:
    """Open the next attempt of each delivery taken."""
    a, d = t.attempts.c, t.deliveries.c
    made = select(func.coalesce(func.max(a.number), 0)).where(a.delivery == d.id).scalar_subquery()
    blank = literal("")
    next_one = select(
        d.id, made + 1, literal(now, a.started_at.type), literal(AttemptPhase.CONNECT), blank, blank, blank
    )
    into = [a.delivery, a.number, a.started_at, a.phase, a.outcome, a.code, a.reason]
    connection.execute(insert(t.attempts).from_select(into, next_one.where(taken)))


def _end_attempts(of: Any, now: datetime) -> Update:
    """Close attempts that a process left open when it died: before ``data`` nothing can have arrived."""
    a = t.attempts.c
    outcome = case((a.phase == AttemptPhase.DATA, AttemptOutcome.UNCERTAIN), else_=AttemptOutcome.LOST)
    return update(t.attempts).where(a.delivery.in_(of), _STILL_OPEN).values(ended_at=now, outcome=outcome)
