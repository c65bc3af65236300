"""Find and close overdue deliveries, and count all deliveries, in SQL."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
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
    DeliveryKind,
    DeliveryState,
    OverdueDelivery,
)

from . import tables as t
from .database import Database, SqlPart, chunks, execute_each
from .rows import ALERT, alert_in

_OWED = t.deliveries.c.state == DeliveryState.OWED
_OVERDUE = ("id", "kind", "ref", "channel", "recipient", "state")


class SqlOverdue(SqlPart):
    """The `OverdueStore` of one database, and the account of its deliveries."""

    def overdue_deliveries(
        self, alerts_before: datetime, digests_before: datetime
    ) -> tuple[OverdueDelivery, ...]:
        moments = {"alerts_before": alerts_before, "digests_before": digests_before}
        return self._overdue((*_OVERDUE_NEWS, _UNCOVERED_ONES), moments)

    def uncovered(self) -> tuple[OverdueDelivery, ...]:
        return self._overdue((_UNCOVERED_ONES,), {})

    def _overdue(
        self, queries: Iterable[Select[Any]], moments: Mapping[str, datetime]
    ) -> tuple[OverdueDelivery, ...]:
        """Return the deliveries that some of several queries find, each of which an index answers."""
        with self.database.read_transaction() as connection:
            found = [row for query in queries for row in connection.execute(query, moments)]
            digests = _digests_with(connection, {row.ref for row in found})
        return tuple(
            OverdueDelivery(**dict(zip(_OVERDUE, row[1:], strict=True)), digests=tuple(digests[row.ref]))
            for row in sorted(found, key=lambda row: int(row.number))
        )

    def expire(self, covered_by: Mapping[str, str], now: datetime, reason: str) -> int:
        d = t.deliveries.c
        open = or_(d.state == DeliveryState.OWED, UNCOVERED)
        return close_covered(self.database, covered_by, open, (DeliveryState.EXPIRED, now, reason))

    def unconfigured(self, configured: Collection[str]) -> dict[str, int]:
        d, found = t.deliveries.c, Counter[str]()
        with self.database.read_transaction() as connection:
            for state in (DeliveryState.OWED, DeliveryState.UNCERTAIN):
                for channel in sorted(set(connection.scalars(channels_with(state))).difference(configured)):
                    counted = select(func.count()).where(d.state == state, d.channel == channel)
                    found[channel] += connection.scalar(counted) or 0
        return dict(found)

    def abandon(self, channel: str, before: datetime, now: datetime, reason: str) -> int:
        d = t.deliveries.c
        closed = {"state": DeliveryState.DEAD, "closed_at": now, "reason": reason, "covered_by": ""}
        old = update(t.deliveries).where(_OWED, d.channel == channel, d.created_at < before)
        with self.database.write_transaction() as connection:
            return connection.execute(old.values(closed)).rowcount

    def restore_expired(self, ids: Collection[str], now: datetime) -> int:
        d = t.deliveries.c
        again = {"state": DeliveryState.OWED, "due_at": now, "closed_at": None, "reason": ""}
        with self.database.write_transaction() as connection:
            return sum(
                connection.execute(
                    update(t.deliveries).where(d.id.in_(part), UNCOVERED).values(again)
                ).rowcount
                for part in chunks(sorted(ids))
            )

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
            if not connection.scalar(_COUNT_AHEAD, {"latest": latest}):
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
        others = [state for state in DeliveryState if state is not DeliveryState.SENT]
        query = select(d.channel, d.state, func.count()).where(d.state.in_(others))  # sent ones are many
        found: dict[str, dict[str, int]] = defaultdict(dict)
        with self.database.read_transaction() as connection:
            for channel, state, count in connection.execute(query.group_by(d.channel, d.state)):
                found[channel][state] = count
        return dict(found)


#: Expired, and not covered by a digest yet.
UNCOVERED = and_(t.deliveries.c.state == DeliveryState.EXPIRED, t.deliveries.c.covered_by == "")


def close_covered(
    database: Database,
    covered_by: Mapping[str, str],
    which: ColumnElement[bool],
    end: tuple[DeliveryState, datetime, str],
) -> int:
    """Close deliveries, by id, with what covers each; `end` is their new state, the time and the reason."""
    d, (state, now, reason) = t.deliveries.c, end
    closed = {"state": state, "closed_at": now, "reason": reason, "covered_by": bindparam("by")}
    statement = update(t.deliveries).where(d.id == bindparam("which"), which).values(closed)
    rows = [{"which": id, "by": by} for id, by in covered_by.items()]
    with database.write_transaction() as connection:
        return sum(connection.execute(statement, row).rowcount for row in rows)


def mark_covered(connection: Connection, ids: Sequence[str], digest: str) -> None:
    """Record the digest that covers expired deliveries; those already covered keep theirs."""
    d = t.deliveries.c
    covered = update(t.deliveries).where(d.id == bindparam("which"), UNCOVERED).values(covered_by=digest)
    execute_each(connection, covered, [{"which": id} for id in ids])


def _owed_since_before(parameter: str) -> ColumnElement[bool]:
    """Select what is owed since before the time in a parameter and has surely not arrived.

    An index has it by age.
    """
    d, a = t.deliveries.c, t.attempts.c
    moment = bindparam(parameter, type_=d.created_at.type)
    old = and_(d.state == DeliveryState.OWED, d.covered_by == "", d.created_at < moment)
    deferred = and_(d.attempts == 0, d.due_at >= moment)  # then its age counts from `due_at`
    begun = exists().where(a.delivery == d.id, a.outcome == AttemptOutcome.UNCERTAIN)
    return and_(old, ~deferred, ~begun)


@cache
def channels_with(state: DeliveryState) -> Select[str]:
    """Select the channels with a delivery in a state: one probe of an index per channel.

    Built once: it is asked every few seconds.
    """
    first, other = t.deliveries.alias(), t.deliveries.alias()
    names = (
        select(func.min(first.c.channel).label("channel"))
        .where(first.c.state == state)
        .cte(f"channels_{state}", recursive=True)
    )
    after = (other.c.state == state, other.c.channel > names.c.channel)
    following = select(func.min(other.c.channel)).where(*after)
    names = names.union_all(select(following.scalar_subquery()).where(names.c.channel.is_not(None)))
    return select(names.c.channel).where(names.c.channel.is_not(None))


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


def _overdue_rows(*which: ColumnElement[bool]) -> Select[Any]:
    d = t.deliveries.c
    return select(d.number, *(d[name] for name in _OVERDUE)).where(*which)


#: Built once, because they are asked every few seconds.
_OVERDUE_NEWS = (
    _overdue_rows(t.deliveries.c.kind == DeliveryKind.ALERT, _owed_since_before("alerts_before")),
    _overdue_rows(
        t.deliveries.c.kind == DeliveryKind.DIGEST, _owed_since_before("digests_before"), ~_partly_sent()
    ),
)
_UNCOVERED_ONES = _overdue_rows(UNCOVERED)
_COUNT_AHEAD = select(func.count()).where(
    t.deliveries.c.state.in_((DeliveryState.OWED, DeliveryState.UNCERTAIN)),
    t.deliveries.c.due_at > bindparam("latest", type_=t.deliveries.c.due_at.type),
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
