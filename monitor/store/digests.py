"""Store the positions of subscriptions and the digests planned for them, in SQL."""

import typing
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import chain, compress
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    Update,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from monitor.model import Alert, DigestPlan, Subscription, SubscriptionState

from . import tables as t
from .database import SqlPart, chunks, execute_each, insert_missing
from .overdue import mark_covered
from .rows import ALERT, alert_in, columns_of, row_of, value_of

#: The longest time between taking a match sequence number and the commit, clock errors included.
_COMMIT_WINDOW = timedelta(hours=1)

#: A last digest further ahead than this was planned by a wrong clock and must not delay the next one.
_MAX_AHEAD = timedelta(days=2)

_STATE = columns_of(t.subscriptions, SubscriptionState)


class SqlDigests(SqlPart):
    """The `DigestStore` of one database."""

    def subscribe(self, subscriptions: Collection[Subscription], now: datetime) -> None:
        with self.database.write_transaction() as connection:
            begins = {each.name: now - each.backfill for each in subscriptions}
            ends = {since: connection.scalar(_last_before(since, now)) for since in set(begins.values())}
            rows = [
                {
                    "name": name,
                    "since": since,
                    "last_planned_at": now,
                    "began_seq": ends[since],
                    "upto_seq": ends[since],
                    "last_key": "",
                    "digests": 0,
                }
                for name, since in sorted(begins.items())
            ]
            insert_missing(connection, t.subscriptions, rows)
            ahead = t.subscriptions.c.last_due_at > now + _MAX_AHEAD
            connection.execute(
                update(t.subscriptions).where(ahead).values(last_due_at=now, last_key="", last_planned_at=now)
            )

    def subscription_states(self, names: Collection[str]) -> dict[str, SubscriptionState]:
        with self.database.read_transaction() as connection:
            rows = chain.from_iterable(
                connection.execute(select(*_STATE).where(t.subscriptions.c.name.in_(some)))
                for some in chunks(tuple(names))
            )
            return {row[0]: value_of(SubscriptionState, row) for row in rows}

    def waiting(self, names: Collection[str]) -> dict[str, tuple[Alert, ...]]:
        """An alert waits if no digest contains it; the watermark only bounds the search.

        PostgreSQL may show number 11 before number 10: a digest planned, or a subscription begun, between
        the two must not skip number 10.
        """
        found: dict[str, tuple[Alert, ...]] = {}
        with self.database.read_transaction() as connection:
            for (upto, planned_at), places in _by_position(connection, tuple(names)).items():
                alerts = _recent_alerts(connection, upto, planned_at)
                digested = _digested(connection, tuple(places), [alert.seq for alert in alerts])
                for name, (began, since) in places.items():
                    found[name] = tuple(
                        alert
                        for alert in alerts
                        if (alert.seq > began or alert.raised_at > since)
                        and (name, alert.seq) not in digested
                    )
        return found

    def last_seq(self) -> int:
        with self.database.read_transaction() as connection:
            return connection.scalar(_LAST_SEQ) or 0

    def plan_each(self, plans: Sequence[DigestPlan]) -> tuple[bool, ...]:
        with self.database.write_transaction() as connection:
            _lock(connection, sorted(plan.occasion.subscription for plan in plans))
            before = _planned_before(connection, plans)
            written = tuple(plan.occasion.subscription not in before for plan in plans)
            fresh = list(compress(plans, written))
            _write_digests(connection, fresh)
            owed = [row_of(delivery) for plan in fresh for delivery in plan.deliveries]
            insert_missing(connection, t.deliveries, owed)
            for plan in fresh:
                mark_covered(connection, plan.overdue_ids, plan.id)
            for skipped in (False, True):
                rows = [_position_after(plan) for plan in fresh if plan.skipped is skipped]
                execute_each(connection, _ADVANCE_SKIPPED if skipped else _ADVANCE_PLANNED, rows)
            known = [_position_after(plan) for plan, was in zip(plans, written, strict=True) if not was]
            execute_each(connection, _ADVANCE_REPEATED, known)
        return written


_LAST_SEQ = select(func.coalesce(func.max(t.alerts.c.seq), 0))


def _last_before(since: datetime, now: datetime) -> Select[int]:
    """Select the number after which a subscription begins: the last one, or the last one raised before."""
    return _LAST_SEQ if since >= now else _LAST_SEQ.where(t.alerts.c.raised_at < since)


Positions = dict[tuple[int, datetime], dict[str, tuple[int, datetime]]]


def _by_position(connection: Connection, names: Sequence[str]) -> Positions:
    """Group subscriptions by (watermark, time of the last plan); each has the start of its window.

    The start is (number of the last alert before it, time).
    """
    s = t.subscriptions.c
    groups: Positions = {}
    for some in chunks(names):
        query = select(s.name, s.began_seq, s.since, s.upto_seq, s.last_planned_at).where(s.name.in_(some))
        for name, began, since, *place in connection.execute(query):
            groups.setdefault(typing.cast("tuple[int, datetime]", tuple(place)), {})[name] = (began, since)
    return groups


def _recent_alerts(connection: Connection, upto: int, planned_at: datetime) -> list[Alert]:
    a = t.alerts.c
    recent = or_(a.seq > upto, a.raised_at >= planned_at - _COMMIT_WINDOW)
    return [alert_in(row) for row in connection.execute(select(*ALERT).where(recent).order_by(a.seq))]


def _digested(connection: Connection, names: Sequence[str], seqs: Sequence[int]) -> set[tuple[str, int]]:
    """Return pairs of a subscription and an alert that is in one of its digests."""
    in_digest, digested = t.digest_alerts.c, set[tuple[str, int]]()
    for some in chunks(names) if seqs else ():
        query = select(in_digest.subscription, in_digest.alert_seq).where(
            in_digest.subscription.in_(some), in_digest.alert_seq.between(min(seqs), max(seqs))
        )
        digested.update((name, seq) for name, seq in connection.execute(query))
    return digested


def _lock(connection: Connection, names: Sequence[str]) -> None:
    s = t.subscriptions.c
    for some in chunks(names):
        connection.execute(select(s.name).where(s.name.in_(some)).order_by(s.name).with_for_update())


def _planned_before(connection: Connection, plans: Sequence[DigestPlan]) -> set[str]:
    """Return the subscriptions whose occasion is already planned, or one of whose alerts is in a digest."""
    d, known, digested = t.digests.c, set[tuple[str, str]](), set[tuple[str, int]]()
    names_by_seqs: dict[tuple[int, ...], list[str]] = {}
    for plan in plans:
        names_by_seqs.setdefault(plan.alert_seqs, []).append(plan.occasion.subscription)
    for seqs, names in names_by_seqs.items():
        digested |= _digested(connection, names, seqs)
    for some in chunks([plan.occasion.subscription for plan in plans]):
        keys = {plan.occasion.key for plan in plans}
        query = select(d.subscription, d.key).where(d.subscription.in_(some), d.key.in_(keys))
        known.update((name, key) for name, key in connection.execute(query))
    return {
        name
        for plan in plans
        if ((name := plan.occasion.subscription), plan.occasion.key) in known
        or any((name, seq) in digested for seq in plan.alert_seqs)
    }


def _write_digests(connection: Connection, plans: Sequence[DigestPlan]) -> None:
    digests, contents = [], []
    for plan in plans:
        row, name = row_of(plan) | row_of(plan.occasion), plan.occasion.subscription
        row["delivery_count"] = len(plan.deliveries)
        digests.append({column.name: row[column.name] for column in t.digests.c})
        contents += [{"digest": plan.id, "subscription": name, "alert_seq": seq} for seq in plan.alert_seqs]
    execute_each(connection, insert(t.digests), digests)
    execute_each(connection, insert(t.digest_alerts), contents)


def _position_after(plan: DigestPlan) -> dict[str, Any]:
    return {
        "of": plan.occasion.subscription,
        "to_seq": plan.to_seq,
        "planned_at": plan.planned_at,
        "key": plan.occasion.key,
        "due_at": plan.occasion.due_at,
    }


def _advance(**further: Any) -> Update:
    """Return the statement that writes `_position_after`; it never moves the watermark back."""
    s = t.subscriptions.c
    to_seq = bindparam("to_seq", type_=s.upto_seq.type)
    place = {
        "upto_seq": case((s.upto_seq < to_seq, to_seq), else_=s.upto_seq),
        "last_planned_at": bindparam("planned_at"),
        "last_key": bindparam("key"),
        "last_due_at": bindparam("due_at"),
    }
    return update(t.subscriptions).where(s.name == bindparam("of")).values(place | further)


#: A skipped occasion moves the watermark, but changes neither `since` nor the number of digests.
_ADVANCE_SKIPPED = _advance()
_ADVANCE_PLANNED = _advance(since=bindparam("planned_at"), digests=t.subscriptions.c.digests + 1)

#: Moves past an occasion that was already planned while the clock was ahead.
_ADVANCE_REPEATED = (
    update(t.subscriptions)
    .where(
        t.subscriptions.c.name == bindparam("of"),
        t.subscriptions.c.last_due_at < bindparam("due_at"),
        exists().where(t.digests.c.subscription == bindparam("of"), t.digests.c.key == bindparam("key")),
    )
    .values(last_key=bindparam("key"), last_due_at=bindparam("due_at"))
)
