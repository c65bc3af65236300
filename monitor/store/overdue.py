"""What becomes of deliveries that are not simply sent, how channels fare, and the accounts."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
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
    true,
    update,
)

from monitor.model import (
    Accounting,
    Alert,
    AttemptOutcome,
    ChannelState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    OverdueDelivery,
)

from . import tables as t
from .database import SqlPart, chunks, execute_each, insert
from .rows import ALERT, alert_in, columns_of, row_of, value_of

TOP_SEVERITY = 5

MAX_CHANNEL_PAUSE = timedelta(hours=7)

_OWED = t.deliveries.c.state == DeliveryState.OWED
_CHANNEL = columns_of(t.channels, ChannelState)
_DELIVERY = columns_of(t.deliveries, Delivery)


class SqlOverdue(SqlPart):
    """The `Accounts` of one database."""

    def channel_states(self) -> dict[str, ChannelState]:
        with self.database.read_transaction() as connection:
            rows = connection.execute(select(*_CHANNEL).order_by(t.channels.c.channel))
            return {row.channel: value_of(ChannelState, row) for row in rows}

    def record_channel_fault(self, state: ChannelState) -> None:
        with self.database.write_transaction() as connection:
            write_channel(connection, state)

    def resume_channels(self, channels: Collection[str] = ()) -> None:
        c = t.channels.c
        which = c.channel.in_(sorted(channels)) if channels else true()
        with self.database.write_transaction() as connection:
            connection.execute(update(t.channels).where(which).values(paused_until=None))

    def overdue_deliveries(
        self, alerts_before: datetime, digests_before: datetime
    ) -> tuple[OverdueDelivery, ...]:
        d, a = t.deliveries.c, t.attempts.c
        begun = exists().where(a.delivery == d.id, a.outcome == AttemptOutcome.UNCERTAIN)
        # What was put off, and is not begun, is as old as the time it may go.
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

    def over_limit(self, channel: str, since: datetime, now: datetime, most: int) -> tuple[Delivery, ...]:
        d = t.deliveries.c
        of_alerts = and_(d.channel == channel, d.kind == DeliveryKind.ALERT)
        waits = and_(of_alerts, d.state == DeliveryState.OWED, d.due_at <= now, d.severity < TOP_SEVERITY)
        gone = and_(
            of_alerts,
            or_(and_(d.state == DeliveryState.SENT, d.closed_at >= since), d.state == DeliveryState.LEASED),
        )
        recipients = select(d.recipient, func.count()).group_by(d.recipient)
        with self.database.read_transaction() as connection:
            waiting = dict(map(tuple, connection.execute(recipients.where(waits))))
            if not waiting:
                return ()
            sent = Counter(dict(map(tuple, connection.execute(recipients.where(gone)))))
            room = {recipient: max(0, most - sent[recipient]) for recipient in waiting}
            many = sorted(recipient for recipient, count in waiting.items() if count > room[recipient])
            found: list[Delivery] = []
            for recipient in many:
                query = select(*_DELIVERY).where(waits, d.recipient == recipient).order_by(d.due_at, d.number)
                found += [
                    value_of(Delivery, row) for row in connection.execute(query.offset(room[recipient]))
                ]
        return tuple(found)

    def open_summaries(self, since: datetime) -> tuple[Delivery, ...]:
        d, summary = t.deliveries.c, t.deliveries.alias()
        written = exists().where(summary.c.id == d.covered_by)
        lately = and_(d.state == DeliveryState.SUPPRESSED, d.closed_at >= since, d.covered_by != "")
        query = select(*_DELIVERY).where(lately, ~written).order_by(d.closed_at, d.number)
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


#: Expired, and nothing tells it yet.
_UNCOVERED = and_(t.deliveries.c.state == DeliveryState.EXPIRED, t.deliveries.c.covered_by == "")


def mark_covered(connection: Connection, ids: Sequence[str], digest: str) -> None:
    """Say of expired deliveries that a digest tells what is in them."""
    d = t.deliveries.c
    covered = update(t.deliveries).where(d.id == bindparam("which"), _UNCOVERED).values(covered_by=digest)
    execute_each(connection, covered, [{"which": id} for id in ids])


def write_channel(connection: Connection, state: ChannelState) -> None:
    """Write how a channel fares; when it last took a message stays known."""
    statement = insert(connection, t.channels).values(row_of(state))
    new = {name: statement.excluded[name] for name in row_of(state) if name != "channel"}
    if state.sent_at is None:
        del new["sent_at"]
    connection.execute(statement.on_conflict_do_update(index_elements=[t.channels.c.channel], set_=new))


def paused(now: datetime) -> ColumnElement[bool]:
    """Whether a delivery's channel is paused; one beyond the maximum came from a clock that was ahead."""
    c = t.channels.c
    is_paused = and_(c.paused_until > now, c.paused_until <= now + MAX_CHANNEL_PAUSE)
    return exists().where(c.channel == t.deliveries.c.channel, is_paused)


_LEFT = (DeliveryState.SENT, DeliveryState.LEASED, DeliveryState.UNCERTAIN)


def _partly_sent() -> ColumnElement[bool]:
    """Another part of the same digest has gone to the same recipient, or is going."""
    d, other = t.deliveries.c, t.deliveries.alias()
    same = and_(other.c.ref == d.ref, other.c.channel == d.channel, other.c.recipient == d.recipient)
    return exists().where(
        same,
        other.c.id != d.id,
        other.c.state.in_(_LEFT),
    )


def _digests_with(connection: Connection, refs: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the (subscription, digest) in which alerts stand, and of digests themselves, by id."""
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
