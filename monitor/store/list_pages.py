"""Read alerts, deliveries and digests page by page, in SQL."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ScalarSelect, and_, func, or_, select

from monitor.model import Alert, Delivery, PastDigest

from . import tables as t
from .database import SqlPart
from .past_digests import digest_rows
from .rows import ALERT, alert_in, columns_of, value_of

_DELIVERY = columns_of(t.deliveries, Delivery)


class SqlListPages(SqlPart):
    """The `ListPageStore` of one database."""

    def alert_page(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        story: str = "",
        before: int = 0,
        limit: int = 50,
    ) -> tuple[Alert, ...]:
        a = t.alerts.c
        query = select(*ALERT).order_by(a.seq.desc()).limit(limit)
        if since is not None:
            query = query.where(a.raised_at >= since, a.seq >= _first_raised(since))
        if until is not None:
            query = query.where(a.raised_at < until, a.seq <= _last_raised(until))
        if story:
            query = query.where(a.story == story)
        if before:
            query = query.where(a.seq < before)
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
        query = select(d.number, *_DELIVERY).order_by(d.number.desc()).limit(limit)
        if states:
            query = query.where(d.state.in_(sorted(states)))
        if channel:
            query = query.where(d.channel == channel)
        if story:
            query = query.where(d.story == story)
        if before:
            query = query.where(d.number < before)
        with self.database.read_transaction() as connection:
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


def _first_raised(since: datetime) -> ScalarSelect[int]:
    """Return the first place of an alert raised since then; the sum has the index of times used for it."""
    return select(func.min(t.alerts.c.seq + 0)).where(t.alerts.c.raised_at >= since).scalar_subquery()


def _last_raised(until: datetime) -> ScalarSelect[int]:
    """Return the last place of an alert raised before then."""
    return select(func.max(t.alerts.c.seq + 0)).where(t.alerts.c.raised_at < until).scalar_subquery()
