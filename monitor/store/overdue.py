"""Find and close overdue and excess deliveries, and count all deliveries, in SQL."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from monitor.model import (
    Accounting,
    Alert,
    AttemptOutcome,
    Delivery,
    DeliveryKind,
    DeliveryState,
    OverdueDelivery,
)

from . import tables as t
from .database import SqlPart, chunks, execute_each
from .rows import ALERT, alert_in, columns_of, value_of

TOP_SEVERITY = 5

#: How many more due deliveries a lease reads to find one whose recipient is not busy.
BUSY_WINDOW = 100

_OWED = t.deliveries.c.state == DeliveryState.OWED
_DELIVERY = columns_of(t.deliveries, Delivery)


class SqlOverdue(SqlPart):
    """The `OverdueStore` and the `StormStore` of one database, and the account of its deliveries."""

    def overdue_deliveries(
        self, alerts_before: datetime, digests_before: datetime
    ) -> tuple[OverdueDelivery, ...]:
        d, a = t.deliveries.c, t.attempts.c
        begun = exists().where(a.delivery == d.id, a.outcome == AttemptOutcome.UNCERTAIN)
        # A delivery without an attempt may have been deferred: its age counts from `due_at`.
        owed_at = case((d.attempts == 0, d.due_at), else_=d.created_at)
        old = or_(
            and_(d.kind == DeliveryKind.ALERT, owed_at < alerts_before),
            and_(d.kind == DeliveryKind.DIGEST, owed_at < digests_before, ~_partly_sent()),
        )
        return self._overdue(or_(and_(d.state == DeliveryState.OWED, old, ~begun), _UNCOVERED))

    def uncovered(self) -> tuple[OverdueDelivery, ...]:
        return self._overdue(_UNCOVERED)

    def _overdue(self, which: ColumnElement[bool]) -> tuple[OverdueDelivery, ...]:
        d = t.deliveries.c
        wanted = (d.id, d.kind, d.ref, d.channel, d.recipient, d.state)
        with self.database.read_transaction() as connection:
            rows = connection.execute(select(*wanted).where(which).order_by(d.number)).all()
            digests = _digests_with(connection, {row.ref for row in rows})
        return tuple(OverdueDelivery(**row._mapping, digests=tuple(digests[row.ref])) for row in rows)

    def expire(self, covered_by: Mapping[str, str], now: datetime, reason: str) -> int:
        d = t.deliveries.c
        return self._close(
            covered_by, or_(d.state == DeliveryState.OWED, _UNCOVERED), DeliveryState.EXPIRED, now, reason
        )

    def suppress(self, covered_by: Mapping[str, str], now: datetime, reason: str) -> int:
        return self._close(covered_by, _OWED, DeliveryState.SUPPRESSED, now, reason)

    def abandon(self, ids: Collection[str], now: datetime, reason: str) -> int:
        return self._close(
            dict.fromkeys(ids, ""),
            t.deliveries.c.state == DeliveryState.OWED,
            DeliveryState.DEAD,
            now,
            reason,
        )

    def restore_expired(self, ids: Collection[str], now: datetime) -> int:
        d = t.deliveries.c
        again = {"state": DeliveryState.OWED, "due_at": now, "closed_at": None, "reason": ""}
        with self.database.write_transaction() as connection:
            return sum(
                connection.execute(
                    update(t.deliveries).where(d.id.in_(part), _UNCOVERED).values(again)
                ).rowcount
                for part in chunks(sorted(ids))
            )

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
        query = (
            select(d.covered_by).where(alerts, _in_open_summary(since)).order_by(d.closed_at.desc()).limit(1)
        )
        with self.database.read_transaction() as connection:
            return connection.scalar(query) or ""

    def open_summaries(self, since: datetime) -> tuple[Delivery, ...]:
        d = t.deliveries.c
        query = select(*_DELIVERY).where(_in_open_summary(since)).order_by(d.closed_at, d.number)
        with self.database.read_transaction() as connection:
            return tuple(value_of(Delivery, row) for row in connection.execute(query))

    def alerts_by_id(self, ids: Sequence[str]) -> tuple[Alert, ...]:
        with self.database.read_transaction() as connection:
            parts = (
                connection.execute(select(*ALERT).where(t.alerts.c.id.in_(part)))
                for part in chunks(sorted(set(ids)))
            )
            return _in_order(map(alert_in, chain.from_iterable(parts)))

    def digest_alerts(self, digests: Collection[str]) -> dict[str, tuple[Alert, ...]]:
        in_digest = t.digest_alerts.c
        joined = select(in_digest.digest, *ALERT).join(t.alerts, t.alerts.c.seq == in_digest.alert_seq)
        found: dict[str, list[Alert]] = {digest: [] for digest in digests}
        with self.database.read_transaction() as connection:
            for part in chunks(sorted(found)):
                for digest, *row in connection.execute(joined.where(in_digest.digest.in_(part))):
                    found[digest].append(alert_in(row))
        return {digest: _in_order(alerts) for digest, alerts in found.items()}

    def pull_forward(self, now: datetime, latest: datetime) -> int:
        d = t.deliveries.c
        ahead = and_(d.state.in_((DeliveryState.OWED, DeliveryState.UNCERTAIN)), d.due_at > latest)
        with self.database.read_transaction() as connection:
            if connection.scalar(select(func.count()).where(ahead)) == 0:
                return 0
        with self.database.write_transaction() as connection:
            return connection.execute(update(t.deliveries).where(ahead).values(due_at=now)).rowcount

    def accounting(self, since: datetime) -> Accounting:
        a, g = t.alerts.c, t.digests.c
        owed: dict[str, int] = {}
        states: Counter[str] = Counter()
        there: Counter[str] = Counter()
        with self.database.read_transaction() as connection:
            for table, id, which in ((t.alerts, a.id, a.raised_at), (t.digests, g.id, g.planned_at)):
                counted = select(id, table.c.delivery_count).where(which >= since, table.c.delivery_count > 0)
                owed |= dict(map(tuple, connection.execute(counted)))
                for ref, state, count in connection.execute(_delivery_states(table, which >= since)):
                    states[state] += count
                    there[ref] += count if state in set(DeliveryState) else 0
        missing = tuple(ref for ref, count in owed.items() if there[ref] < count)
        return Accounting(sum(owed.values()), dict(states), missing)

    def backlog(self) -> dict[str, dict[str, int]]:
        d = t.deliveries.c
        query = select(d.channel, d.state, func.count()).where(d.state != DeliveryState.SENT)
        found: dict[str, dict[str, int]] = defaultdict(dict)
        with self.database.read_transaction() as connection:
            for channel, state, count in connection.execute(query.group_by(d.channel, d.state)):
                found[channel][state] = count
        return dict(found)

    def _close(
        self,
        covered_by: Mapping[str, str],
        which: ColumnElement[bool],
        state: DeliveryState,
        now: datetime,
        reason: str,
    ) -> int:
        d = t.deliveries.c
        closed = {"state": state, "closed_at": now, "reason": reason, "covered_by": bindparam("by")}
        statement = update(t.deliveries).where(d.id == bindparam("which"), which).values(closed)
        rows = [{"which": id, "by": by} for id, by in covered_by.items()]
        with self.database.write_transaction() as connection:
            return sum(connection.execute(statement, row).rowcount for row in rows)


#: Expired, and not covered by a digest yet.
_UNCOVERED = and_(t.deliveries.c.state == DeliveryState.EXPIRED, t.deliveries.c.covered_by == "")


def mark_covered(connection: Connection, ids: Sequence[str], digest: str) -> None:
    """Record the digest that covers expired deliveries; those already covered keep theirs."""
    d = t.deliveries.c
    covered = update(t.deliveries).where(d.id == bindparam("which"), _UNCOVERED).values(covered_by=digest)
    execute_each(connection, covered, [{"which": id} for id in ids])


def _in_open_summary(since: datetime) -> ColumnElement[bool]:
    """Select deliveries suppressed since then whose summary is not written yet."""
    d, summary = t.deliveries.c, t.deliveries.alias()
    written = exists().where(summary.c.id == d.covered_by)
    return and_(d.state == DeliveryState.SUPPRESSED, d.closed_at >= since, d.covered_by != "", ~written)


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


_LEFT = (DeliveryState.SENT, DeliveryState.LEASED, DeliveryState.UNCERTAIN)


def _partly_sent() -> ColumnElement[bool]:
    """Select parts of digests of which another part was, is being or may have been sent to the recipient."""
    d, other = t.deliveries.c, t.deliveries.alias()
    same = and_(other.c.ref == d.ref, other.c.channel == d.channel, other.c.recipient == d.recipient)
    return exists().where(
        same,
        other.c.id != d.id,
        other.c.state.in_(_LEFT),
    )


def _digests_with(connection: Connection, refs: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Return (subscription, digest) by id: digests that contain an alert, and digests themselves."""
    in_digest, a, g = t.digest_alerts.c, t.alerts.c, t.digests.c
    of_alerts = select(a.id, in_digest.subscription, in_digest.digest).join(
        t.digest_alerts, a.seq == in_digest.alert_seq
    )
    of_digests = select(g.id, g.subscription, g.id.label("digest"))
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for part in chunks(sorted(refs)):
        for query in (of_alerts.where(a.id.in_(part)), of_digests.where(g.id.in_(part))):
            for ref, subscription, digest in connection.execute(query):
                found[ref].append((subscription, digest))
    return found


def _delivery_states(table: Table, which: ColumnElement[bool]) -> Any:
    d = t.deliveries.c
    joined = select(d.ref, d.state, func.count()).join(table, table.c.id == d.ref)
    return joined.where(which, table.c.delivery_count > 0).group_by(d.ref, d.state)


def _in_order(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    return tuple(sorted(alerts, key=lambda alert: alert.seq))
