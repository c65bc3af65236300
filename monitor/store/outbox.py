"""Store deliveries and their attempts, and lease the deliveries that are due, in SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    select,
    true,
    update,
)

from monitor.model import Attempt, AttemptOutcome, AttemptPhase, ChannelState, Delivery, DeliveryState

from . import tables as t
from .channels import is_paused, write_channel
from .database import SqlPart, chunks, insert_missing
from .lookup import id_beginning
from .overdue import channels_with
from .rows import columns_of, row_of, value_of
from .storms import BUSY_WINDOW

_OWED = (DeliveryState.OWED, DeliveryState.UNCERTAIN)
_DELIVERY = columns_of(t.deliveries, Delivery)
_ATTEMPT = columns_of(t.attempts, Attempt)
_FREE = {"leased_until": None, "leased_by": None}
_STILL_OPEN = t.attempts.c.ended_at.is_(None)


class SqlOutbox(SqlPart):
    """The `Outbox` of one database. A delivery's `attempts` counts those that have ended, in any way."""

    def owed_channels(self, now: datetime) -> tuple[str, ...]:
        """Read the channels by index, one step each, whatever the size of their backlogs."""
        found: set[str] = set()
        with self.database.read_transaction() as connection:
            for query in channels_due():
                found.update(connection.scalars(query, {"now": now}))
            return tuple(name for name in sorted(found) if not is_paused(connection, name, now))

    def lease(
        self, channel: str, now: datetime, until: datetime, limit: int = 1, busy: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        d = t.deliveries.c
        with self.database.write_transaction() as connection:
            numbers = _next_due(connection, channel, now, limit, busy)
            if not numbers:
                return ()
            taken = d.number.in_(numbers)
            connection.execute(_end_attempts(select(d.id).where(taken), now))
            leased = {
                "leased_until": until,
                "leased_by": self.database.session,
                "attempts": d.attempts + _lost,
            }
            connection.execute(update(t.deliveries).where(taken).values(state=DeliveryState.LEASED, **leased))
            _open_attempts(connection, taken, now)
            rows = connection.execute(select(*_DELIVERY).where(taken).order_by(d.due_at, d.number))
            return tuple(value_of(Delivery, row) for row in rows)

    def record_phase(self, delivery: Delivery, phase: AttemptPhase) -> bool:
        ours = exists().where(t.deliveries.c.id == delivery.id, self._leased_here)
        with self.database.write_transaction() as connection:
            return (
                connection.execute(_open_attempt_of(delivery).where(ours).values(phase=phase)).rowcount == 1
            )

    def close_delivery(
        self, delivery: Delivery, now: datetime, *, state: DeliveryState, reason: str = "", code: str = ""
    ) -> None:
        """Write ``sent`` even if the lease ran out or the delivery was discarded after the message left."""
        with self.database.write_transaction() as connection:
            self._close(connection, delivery, now, state=state, reason=reason, code=code)
            if state == DeliveryState.SENT:
                write_channel(connection, ChannelState(channel=delivery.channel, sent_at=now))

    def suppress_leased(self, delivery: Delivery, now: datetime, reason: str) -> None:
        with self.database.write_transaction() as connection:
            self._close(connection, delivery, now, state=DeliveryState.SUPPRESSED, reason=reason)

    def postpone(self, delivery: Delivery, now: datetime, *, code: str = "") -> None:
        d = t.deliveries.c
        uncertain = delivery.state == DeliveryState.UNCERTAIN
        state = DeliveryState.UNCERTAIN if uncertain else DeliveryState.OWED
        with self.database.write_transaction() as connection:
            statement = update(t.deliveries).where(d.id == delivery.id, self._leased_here)
            later = {"due_at": delivery.due_at, "attempts": delivery.attempts, "reason": delivery.reason}
            postponed = connection.execute(statement.values(later | {"state": state, **_FREE}))
            if not postponed.rowcount and self._is_taken_over(connection, delivery):
                return
            outcome = AttemptOutcome.UNCERTAIN if uncertain else AttemptOutcome.POSTPONED
            ended = {"ended_at": now, "outcome": outcome, "reason": delivery.reason, "code": code}
            connection.execute(_open_attempt_of(delivery).values(ended))

    @property
    def _leased_here(self) -> ColumnElement[bool]:
        d = t.deliveries.c
        return and_(d.state == DeliveryState.LEASED, d.leased_by == self.database.session)

    def _is_taken_over(self, connection: Connection, delivery: Delivery) -> bool:
        """Say whether another process has leased a delivery since; its attempt is not ours to end."""
        query = select(t.deliveries.c.leased_by).where(t.deliveries.c.id == delivery.id)
        return connection.scalar(query) not in {None, self.database.session}

    def _close(
        self,
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
        open_to = d.state != DeliveryState.SENT if is_sent else self._leased_here
        closed = {"state": state, "reason": reason, "closed_at": now, **_FREE}
        statement = update(t.deliveries).where(d.id == delivery.id, open_to)
        done = connection.execute(statement.values(closed | {"attempts": d.attempts + 1}))
        if not done.rowcount and self._is_taken_over(connection, delivery):
            return
        reached = {"phase": AttemptPhase.DONE} if is_sent else {}
        ended = {"ended_at": now, "outcome": AttemptOutcome(state), "reason": reason, "code": code}
        connection.execute(_open_attempt_of(delivery).values(ended | reached))

    def recover(self, now: datetime, uncertain_until: datetime, repeatable: Collection[str] = ()) -> int:
        with self.database.write_transaction() as connection:
            count = give_back(connection, true(), now, uncertain_until, repeatable)
            connection.execute(_end_attempts(select(t.deliveries.c.id), now))
        return count

    def release(
        self,
        now: datetime,
        uncertain_until: datetime,
        repeatable: Collection[str] = (),
        in_flight: Collection[str] = (),
    ) -> int:
        d = t.deliveries.c
        own = and_(d.leased_by == self.database.session, d.id.not_in(sorted(in_flight)))
        with self.database.write_transaction() as connection:
            return give_back(connection, own, now, uncertain_until, repeatable)

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
        """Reset the attempts, so that the schedule of retries starts again."""
        anew = {"due_at": now, "attempts": 0, "closed_at": None, "covered_by": ""}
        again = anew | {"state": DeliveryState.OWED}
        return self._change(id, set(DeliveryState) - {DeliveryState.LEASED, DeliveryState.SENT}, again)

    def discard(self, id: str, now: datetime, reason: str) -> bool:
        closed = {"state": DeliveryState.DISCARDED, "reason": reason, "closed_at": now, **_FREE}
        return self._change(id, set(DeliveryState) - {DeliveryState.SENT, DeliveryState.DISCARDED}, closed)

    def _change(self, id: str, states: Collection[DeliveryState], columns: dict[str, Any]) -> bool:
        d = t.deliveries.c
        with self.database.write_transaction() as connection:
            statement = update(t.deliveries).where(d.id == id, d.state.in_(sorted(states))).values(columns)
            return connection.execute(statement).rowcount == 1


#: An attempt whose lease ran out counts as well.
_lost = case((t.deliveries.c.state == DeliveryState.LEASED, 1), else_=0)


#: Each state from which a delivery may be leased, and the column with the time from which it may.
_DUE_AT = {
    DeliveryState.OWED: "due_at",
    DeliveryState.UNCERTAIN: "due_at",
    DeliveryState.LEASED: "leased_until",
}


def _next_due(
    connection: Connection, channel: str, now: datetime, limit: int, busy: Collection[str]
) -> list[int]:
    """Return the numbers of the deliveries to take, oldest first, locked on PostgreSQL.

    One query for each state: it reads an index in order and stops after the rows that it needs.
    """
    if is_paused(connection, channel, now):
        return []
    d = t.deliveries.c
    window = limit + (BUSY_WINDOW if busy else 0)
    found: list[tuple[datetime, int]] = []
    for state, due_at in _DUE_AT.items():
        due = (d.state == state, d.channel == channel, d[due_at] <= now)
        query = select(d.due_at, d.number, d.recipient).where(*due)
        first = query.order_by(d.due_at, d.number).limit(window)
        rows = connection.execute(first.with_for_update(skip_locked=True))
        found += [(due_at, number) for due_at, number, recipient in rows if recipient not in busy]
    return [number for _, number in sorted(found)[:limit]]


def channels_due() -> tuple[Select[str], ...]:
    """Return the queries of the channels with a delivery that is due at the parameter `now`."""
    return tuple(_channels_with(state, due_at) for state, due_at in _DUE_AT.items())


@cache
def _channels_with(state: DeliveryState, due_at: str) -> Select[str]:
    """Select the channels with a delivery in a state that is due: two probes of an index per channel.

    Built once, as `channels_with`: building it costs twenty times what the probes cost.
    """
    d, names = t.deliveries.c, channels_with(state).subquery()
    earliest = select(func.min(d[due_at])).where(d.state == state, d.channel == names.c.channel)
    now = bindparam("now", type_=d.due_at.type)
    return select(names.c.channel).where(earliest.scalar_subquery() <= now)


def give_back(
    connection: Connection,
    which: ColumnElement[bool],
    now: datetime,
    uncertain_until: datetime,
    repeatable: Collection[str],
) -> int:
    """Make leased deliveries due again, depending on the phase of each attempt; return how many."""
    d, a = t.deliveries.c, t.attempts.c
    ids = connection.scalars(select(d.id).where(d.state == DeliveryState.LEASED, which)).all()
    leaving = exists().where(a.delivery == d.id, _STILL_OPEN, a.phase == AttemptPhase.DATA)
    unclear = and_(leaving, d.channel.not_in(sorted(repeatable)))
    back = {**_FREE, "attempts": d.attempts + 1}
    for part in chunks(ids):
        leased = update(t.deliveries).where(d.id.in_(part), d.state == DeliveryState.LEASED)
        uncertain = back | {"state": DeliveryState.UNCERTAIN, "due_at": uncertain_until}
        connection.execute(leased.where(unclear).values(uncertain))
        connection.execute(leased.values(back | {"state": DeliveryState.OWED, "due_at": now}))
        connection.execute(_end_attempts(part, now))
    return len(ids)


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
