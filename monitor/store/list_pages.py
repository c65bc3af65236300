"""Read alerts, deliveries and digests page by page, in SQL."""

from collections.abc import Collection, Iterator
from datetime import datetime
from heapq import nlargest

from sqlalchemy import Connection, ScalarSelect, Select, and_, func, or_, select

from monitor.model import Alert, Delivery, DeliveryState, PastDigest, StoryFilter

from . import tables as t
from .database import SqlPart
from .past_digests import digest_rows
from .rows import ALERT, alert_in, columns_of, value_of
from .story_list import story_conditions

_DELIVERY = columns_of(t.deliveries, Delivery)


class SqlListPages(SqlPart):
    """The `ListPageStore` of one database."""

    def alert_page(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        story: str = "",
        filter: StoryFilter | None = None,
        before: int = 0,
        limit: int = 50,
    ) -> tuple[Alert, ...]:
        numbers = _alert_numbers(since, until, story, before).limit(limit)
        if filter:
            numbers = numbers.join(t.story_rows, t.story_rows.c.story == t.alerts.c.story)
            numbers = numbers.where(*story_conditions(filter))
        query = select(*ALERT).where(t.alerts.c.seq.in_(numbers)).order_by(t.alerts.c.seq.desc())
        with self.database.read_transaction() as connection:
            return tuple(alert_in(row) for row in connection.execute(query))

    def delivery_page(
        self,
        *,
        states: Collection[str] = (),
        channel: str = "",
        story: str = "",
        before: int = 0,
        limit: int = 50,
    ) -> tuple[tuple[int, Delivery], ...]:
        d = t.deliveries.c
        with self.database.read_transaction() as connection:
            query = select(d.number, *_DELIVERY).order_by(d.number.desc())
            if states or channel:
                numbers = _delivery_numbers(connection, states, channel, story, before, limit)
                query = query.where(d.number.in_(numbers))
            else:
                query = query.where(d.number.in_(_below(story, before).limit(limit)))
            return tuple((row[0], value_of(Delivery, row[1:])) for row in connection.execute(query))

    def digest_page(
        self, *, subscription: str = "", after: str = "", limit: int = 50
    ) -> tuple[PastDigest, ...]:
        g = t.digests.c
        query = digest_rows().order_by(g.planned_at.desc(), g.id).limit(limit)
        if subscription:
            query = query.where(g.subscription == subscription)
        if after:
            at = select(g.planned_at).where(g.id == after).scalar_subquery()
            query = query.where(or_(g.planned_at < at, and_(g.planned_at == at, g.id > after)))
        with self.database.read_transaction() as connection:
            return tuple(value_of(PastDigest, row) for row in connection.execute(query))


def _alert_numbers(
    since: datetime | None, until: datetime | None, story: str, before: int
) -> Select[tuple[int]]:
    """Return the SELECT of the places of alerts, the newest first; rows are read for those shown only."""
    a = t.alerts.c
    query = select(a.seq).order_by(a.seq.desc())
    if since is not None:
        query = query.where(a.raised_at >= since, a.seq >= _first_raised(since))
    if until is not None:
        query = query.where(a.raised_at < until, a.seq <= _last_raised(until))
    if story:
        query = query.where(a.story == story)
    return query.where(a.seq < before) if before else query


def _first_raised(since: datetime) -> ScalarSelect[int]:
    """Return the first place of an alert raised since then; the sum has the index of times used for it."""
    return select(func.min(t.alerts.c.seq + 0)).where(t.alerts.c.raised_at >= since).scalar_subquery()


def _last_raised(until: datetime) -> ScalarSelect[int]:
    """Return the last place of an alert raised before then."""
    return select(func.max(t.alerts.c.seq + 0)).where(t.alerts.c.raised_at < until).scalar_subquery()


def _below(story: str, before: int) -> Select[tuple[int]]:
    """Return the SELECT of the numbers of deliveries, the newest first."""
    d = t.deliveries.c
    query = select(d.number).order_by(d.number.desc())
    if story:
        query = query.where(d.story == story)
    return query.where(d.number < before) if before else query


def _delivery_numbers(
    connection: Connection, states: Collection[str], channel: str, story: str, before: int, limit: int
) -> list[int]:
    """Return the highest numbers of deliveries in some states of a channel, or of all channels.

    The index has them in order for one channel and one state, so that none is sorted that is not shown.
    """
    d, found = t.deliveries.c, list[int]()
    for name in [channel] if channel else _channels(connection):
        for state in states or DeliveryState:
            query = _below(story, before).where(d.channel == name, d.state == DeliveryState(state))
            found += connection.scalars(query.limit(limit))
    return nlargest(limit, found)


def _channels(connection: Connection) -> Iterator[str]:
    """Yield the channels that have deliveries, each by one look at the index."""
    channel, last = t.deliveries.c.channel, ""
    while found := connection.scalar(select(func.min(channel)).where(channel > last)):
        yield found
        last = found
