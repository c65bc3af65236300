"""Look at digests that were planned, in SQL."""

from typing import Any

from sqlalchemy import Select, func, select

from monitor.model import Delivery, DeliveryKind, PastDigest

from . import tables as t
from .database import SqlPart
from .lookup import id_beginning
from .rows import columns_of, value_of

_DELIVERY = columns_of(t.deliveries, Delivery)


class SqlPastDigests(SqlPart):
    """The `PastDigestStore` of one database."""

    def past_digests(self, limit: int = 60, subscription: str = "") -> tuple[PastDigest, ...]:
        query = digest_rows().order_by(t.digests.c.planned_at.desc(), t.digests.c.id).limit(limit)
        if subscription:
            query = query.where(t.digests.c.subscription == subscription)
        with self.database.read_transaction() as connection:
            return tuple(value_of(PastDigest, row) for row in connection.execute(query))

    def past_digest(self, id: str) -> tuple[PastDigest, tuple[Delivery, ...]] | None:
        d = t.deliveries.c
        with self.database.read_transaction() as connection:
            full = id_beginning(connection, t.digests.c.id, id)
            row = connection.execute(digest_rows().where(t.digests.c.id == full)).first()
            if row is None:
                return None
            sent = select(*_DELIVERY).where(d.ref == full, d.kind == DeliveryKind.DIGEST)
            rows = connection.execute(sent.order_by(d.number).limit(200))
            return value_of(PastDigest, row), tuple(value_of(Delivery, each) for each in rows)


def digest_rows() -> Select[Any]:
    """Return the SELECT of the fields of past digests."""
    g = t.digests.c
    alerts = select(func.count()).select_from(t.digest_alerts).where(t.digest_alerts.c.digest == g.id)
    columns = (g.id, g.subscription, g.key, g.due_at, g.planned_at, g.skipped)
    return select(*columns, func.coalesce(g.delivery_count, 0), alerts.scalar_subquery())
