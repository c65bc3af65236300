"""How far each subscription has come, and what its digests held."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from monitor.model import Alert, Counts, DigestPlan, StorySoFar, Subscription, SubscriptionState, Tally

from . import tables as t
from .database import Kept, chunks, execute_each, insert_missing
from .fates import tell
from .rows import ALERT, alert_in, columns_of, row_of

#: How long a transaction that already took its number may stay open, and a clock be wrong.
_LOOK_BACK = timedelta(hours=1)

#: A digest planned later than this from now was planned by a clock that was ahead: it holds none up.
_AHEAD = timedelta(days=2)

#: A story told longer ago than this may go on without a word on what was said of it.
_REMEMBERED = timedelta(days=60)

#: The beginning of a moment as it is stored.
_MINUTE, _MINUTE_LENGTH = "%Y-%m-%dT%H:%M", 16

_STATE = columns_of(t.subscriptions, SubscriptionState)


class SqlDigests(Kept):
    """The `DigestStore` of one database."""

    def subscribe(self, subscriptions: Collection[Subscription], now: datetime) -> None:
        with self.database.writing() as connection:
            end = connection.scalar(_LAST_SEQ)
            begun = {
                "since": now,
                "looked_at": now,
                "began_seq": end,
                "upto_seq": end,
                "last_key": "",
                "digests": 0,
            }
            rows = [{"name": name} | begun for name in sorted({s.name for s in subscriptions})]
            insert_missing(connection, t.subscriptions, rows)
            ahead = t.subscriptions.c.last_due_at > now + _AHEAD
            connection.execute(
                update(t.subscriptions).where(ahead).values(last_due_at=now, last_key="", looked_at=now)
            )

    def subscription(self, name: str) -> SubscriptionState | None:
        with self.database.reading() as connection:
            row = connection.execute(select(*_STATE).where(t.subscriptions.c.name == name)).first()
        return SubscriptionState(*row) if row else None

    def waiting(self, name: str, topics: Collection[str] = ()) -> tuple[Alert, ...]:
        """The watermark only bounds the search: what decides is that no digest has the alert. PostgreSQL may
        show number 11 before number 10, and the digest planned between them must not pass over 10."""
        a, s = t.alerts.c, t.subscriptions.c
        with self.database.reading() as connection:
            place = connection.execute(
                select(s.began_seq, s.upto_seq, s.looked_at).where(s.name == name)
            ).first()
            if place is None:
                return ()
            news = or_(a.seq > place.upto_seq, a.raised_at >= place.looked_at - _LOOK_BACK)
            query = select(*ALERT).where(a.seq > place.began_seq, news, ~_digested(name)).order_by(a.seq)
            found = [alert_in(row) for row in connection.execute(query)]
        wanted = frozenset(topics)
        return tuple(alert for alert in found if not wanted or wanted & frozenset(alert.verdict.topics))

    def last_seq(self) -> int:
        with self.database.reading() as connection:
            return connection.scalar(_LAST_SEQ) or 0

    def plan(self, plan: DigestPlan) -> bool:
        """Also False if one of its alerts is in another digest of the subscription: look again what waits."""
        s = t.subscriptions.c
        name = plan.occasion.subscription
        with self.database.writing() as connection:
            connection.execute(select(s.name).where(s.name == name).with_for_update())
            if connection.scalar(select(_planned_before(plan))):
                return False
            _write_digest(connection, plan)
            insert_missing(connection, t.deliveries, [row_of(delivery) for delivery in plan.deliveries])
            tell(connection, plan.tells, plan.id)
            connection.execute(update(t.subscriptions).where(s.name == name).values(_place_after(plan)))
        return True

    def counts(self, since: datetime, until: datetime) -> Counts:
        """A feed fails when its last poll did; undelivered is what was tried in vain and is not given up by
        a person; canaries are no news. A verdict's placement is the first thing written of its decision."""
        i, a, f, d = t.items.c, t.alerts.c, t.feeds.c, t.deliveries.c
        read = and_(i.first_seen_at >= since, i.first_seen_at < until)
        news = d.kind != "canary"
        flagged = and_(read, i.topics != ())
        untold = and_(flagged, ~exists().where(a.item == i.id))
        quiet = cast(i.decision, Text).startswith('{"placement":0,')
        tried = or_(d.state.in_(("dead", "uncertain")), and_(d.state.in_(("owed", "leased")), d.attempts > 0))
        with self.database.reading() as connection:
            failing = select(f.feed).where(f.enrolled, f.failures > 0).order_by(f.feed)
            return Counts(
                read=_count(connection, t.items, read),
                flagged=_count(connection, t.items, flagged),
                alerts=_count(connection, t.alerts, and_(a.raised_at >= since, a.raised_at < until)),
                feeds=_count(connection, t.feeds, f.enrolled),
                feeds_failing=tuple(connection.scalars(failing)),
                undelivered=_count(connection, t.deliveries, and_(tried, news)),
                retold=_count(connection, t.items, and_(untold, ~quiet)),
                archived=_count(connection, t.items, and_(untold, quiet)),
            )

    def so_far(self, name: str, alerts: Collection[Alert]) -> dict[str, StorySoFar]:
        s = t.stories.c
        with self.database.reading() as connection:
            known = {
                row.story: StorySoFar(row.told.feeds)
                for chunk in chunks(sorted({each.story for each in alerts}))
                for row in connection.execute(select(s.story, s.told).where(s.story.in_(chunk)))
            }
            for story, told_at, title in _told_before(connection, name, alerts):
                known[story] = replace(known.get(story, StorySoFar()), told_at=told_at, title=title)
        return known

    def history(self, since: datetime, until: datetime, zone: str) -> tuple[Tally, ...]:
        """Summed up by the minute in the database, and by local dates here."""
        a, local, found = t.alerts.c, ZoneInfo(zone), Counter[tuple[str, str]]()
        minute = func.substr(cast(a.raised_at, Text), 1, _MINUTE_LENGTH)
        query = select(minute.label("minute"), t.items.c.topics, func.count().label("alerts"))
        within = query.join_from(t.alerts, t.items, a.item == t.items.c.id).where(
            a.raised_at >= since, a.raised_at < until
        )
        with self.database.reading() as connection:
            for row in connection.execute(within.group_by(minute, t.items.c.topics)):
                at = datetime.strptime(row.minute, _MINUTE).replace(tzinfo=UTC).astimezone(local)
                found.update({(at.date().isoformat(), topic): row.alerts for topic in row.topics})
        return tuple(Tally(day, topic, alerts) for (day, topic), alerts in sorted(found.items()))


_LAST_SEQ = select(func.coalesce(func.max(t.alerts.c.seq), 0))


def _digested(name: str) -> ColumnElement[bool]:
    held = t.digest_alerts.c
    return exists().where(held.subscription == name, held.alert_seq == t.alerts.c.seq)


def _told_before(
    connection: Connection, name: str, alerts: Collection[Alert]
) -> Iterator[tuple[str, datetime, str]]:
    """Yield story, time and title of what the subscription's digests last said of the stories that go on."""
    a, d, held = t.alerts.c, t.digests.c, t.digest_alerts.c
    going_on = sorted({each.story for each in alerts if each.kind == "update"})
    if not going_on:
        return
    first = min(alerts, key=lambda each: each.seq)
    earlier = and_(a.seq < first.seq, a.raised_at >= first.raised_at - _REMEMBERED, held.subscription == name)
    told = select(func.max(a.seq)).join_from(t.alerts, t.digest_alerts, held.alert_seq == a.seq)
    digested = select(a.alert, d.planned_at).join_from(t.alerts, t.digest_alerts, held.alert_seq == a.seq)
    for chunk in chunks(going_on):
        last = connection.scalars(told.where(earlier, a.story.in_(chunk)).group_by(a.story)).all()
        query = digested.join(t.digests, d.id == held.digest).where(
            held.subscription == name, a.seq.in_(last)
        )
        for row in connection.execute(query):
            yield row.alert.story, row.planned_at, row.alert.item.title


def _planned_before(plan: DigestPlan) -> ColumnElement[bool]:
    d, held, name = t.digests.c, t.digest_alerts.c, plan.occasion.subscription
    return or_(
        exists().where(d.subscription == name, d.key == plan.occasion.key),
        exists().where(held.subscription == name, held.alert_seq.in_(plan.alert_seqs)),
    )


def _write_digest(connection: Connection, plan: DigestPlan) -> None:
    occasion = plan.occasion
    digest = row_of(plan) | row_of(occasion) | {"owed": len(plan.deliveries)}
    held = {"digest": plan.id, "subscription": occasion.subscription}
    connection.execute(insert(t.digests), {column.name: digest[column.name] for column in t.digests.c})
    execute_each(connection, insert(t.digest_alerts), [held | {"alert_seq": seq} for seq in plan.alert_seqs])


def _place_after(plan: DigestPlan) -> dict[str, Any]:
    """A skipped occasion moves the watermark; the reader's last digest stays the one before."""
    s = t.subscriptions.c
    place = {
        "upto_seq": case((s.upto_seq < plan.to_seq, plan.to_seq), else_=s.upto_seq),
        "looked_at": plan.planned_at,
        "last_key": plan.occasion.key,
        "last_due_at": plan.occasion.due_at,
    }
    return place if plan.skipped else place | {"since": plan.planned_at, "digests": s.digests + 1}


def _count(connection: Connection, table: FromClause, condition: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(condition)) or 0
