"""Read the counts, earlier alerts and daily tallies that a digest shows besides its alerts, in SQL."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Text,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
)

from monitor.model import Alert, Counts, DeliveryKind, DeliveryState, FeedReach, StorySoFar, Tally, reach_of

from . import tables as t
from .database import SqlPart, chunks

#: How long before the first alert of a digest the earlier alerts of its stories are looked up.
_HISTORY_LIMIT = timedelta(days=60)

#: The beginning of a stored time, up to the minute.
_MINUTE, _MINUTE_LENGTH = "%Y-%m-%dT%H:%M", 16


class SqlHistory(SqlPart):
    """Counts, earlier alerts and tallies of the `DigestContentStore` of one database."""

    def counts(self, since: datetime, until: datetime) -> Counts:
        """A feed is failing if its last poll failed.

        Undelivered are the deliveries tried without success, except canaries and those that a person
        discarded. `placement` is the first field of a stored decision.
        """
        i, a, f, d = t.items.c, t.alerts.c, t.feeds.c, t.deliveries.c
        in_period = and_(i.first_seen_at >= since, i.first_seen_at < until)
        news = d.kind != DeliveryKind.CANARY
        flagged = and_(in_period, i.topics != ())
        uncovered = and_(flagged, ~exists().where(a.item == i.id))
        archived = cast(i.decision, Text).startswith('{"placement":0,')
        tried = or_(
            d.state.in_((DeliveryState.DEAD, DeliveryState.UNCERTAIN)),
            and_(d.state.in_((DeliveryState.OWED, DeliveryState.LEASED)), d.attempts > 0),
        )
        with self.database.read_transaction() as connection:
            feeds = select(f.feed, f.health).where(f.enrolled).order_by(f.feed)
            rows = connection.execute(feeds).all()
            reach = {row.feed: reach_of(row.health) for row in rows}
            return Counts(
                read=_count(connection, t.items, in_period),
                flagged=_count(connection, t.items, flagged),
                alerts=_count(connection, t.alerts, and_(a.raised_at >= since, a.raised_at < until)),
                feeds=len(reach),
                feeds_failing=tuple(feed for feed in reach if reach[feed] is FeedReach.FAILING),
                undelivered=_count(connection, t.deliveries, and_(tried, news)),
                duplicates=_count(connection, t.items, and_(uncovered, ~archived)),
                archived=_count(connection, t.items, and_(uncovered, archived)),
                feeds_unread=sum(each is FeedReach.UNREAD for each in reach.values()),
            )

    def so_far(self, name: str, alerts: Collection[Alert]) -> dict[str, StorySoFar]:
        s = t.stories.c
        with self.database.read_transaction() as connection:
            known = {
                row.id: StorySoFar(row.story.feeds)
                for chunk in chunks(sorted({each.story for each in alerts}))
                for row in connection.execute(select(s.id, s.story).where(s.id.in_(chunk)))
            }
            for story, sent_at, title in _last_digested(connection, name, alerts):
                known[story] = replace(known.get(story, StorySoFar()), sent_at=sent_at, title=title)
        return known

    def history(self, since: datetime, until: datetime, zone: str) -> tuple[Tally, ...]:
        """Count by minute in the database and by local date in Python."""
        a, local, found = t.alerts.c, ZoneInfo(zone), Counter[tuple[str, str]]()
        minute = func.substr(cast(a.raised_at, Text), 1, _MINUTE_LENGTH)
        query = select(minute.label("minute"), t.items.c.topics, func.count().label("alerts"))
        within = query.join_from(t.alerts, t.items, a.item == t.items.c.id).where(
            a.raised_at >= since, a.raised_at < until
        )
        with self.database.read_transaction() as connection:
            for row in connection.execute(within.group_by(minute, t.items.c.topics)):
                at = datetime.strptime(row.minute, _MINUTE).replace(tzinfo=UTC).astimezone(local)
                found.update({(at.date().isoformat(), topic): row.alerts for topic in row.topics})
        return tuple(Tally(day, topic, alerts) for (day, topic), alerts in sorted(found.items()))


def _last_digested(
    connection: Connection, name: str, alerts: Collection[Alert]
) -> Iterator[tuple[str, datetime, str]]:
    """Yield (story, time, title) of the last earlier alert in a digest, for stories with an update here."""
    a, d, in_digest = t.alerts.c, t.digests.c, t.digest_alerts.c
    updated = sorted({each.story for each in alerts if each.kind == "update"})
    if not updated:
        return
    first = min(alerts, key=lambda each: each.seq)
    earlier = and_(
        a.seq < first.seq, a.raised_at >= first.raised_at - _HISTORY_LIMIT, in_digest.subscription == name
    )
    latest = select(func.max(a.seq)).join_from(t.alerts, t.digest_alerts, in_digest.alert_seq == a.seq)
    digested = select(a.alert, d.planned_at).join_from(
        t.alerts, t.digest_alerts, in_digest.alert_seq == a.seq
    )
    for chunk in chunks(updated):
        last = connection.scalars(latest.where(earlier, a.story.in_(chunk)).group_by(a.story)).all()
        query = digested.join(t.digests, d.id == in_digest.digest).where(
            in_digest.subscription == name, a.seq.in_(last)
        )
        for row in connection.execute(query):
            yield row.alert.story, row.planned_at, row.alert.item.title


def _count(connection: Connection, table: FromClause, condition: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(condition)) or 0
