"""Say which kinds of job have something to do, by one statement, in SQL."""

from datetime import datetime
from functools import cache

from sqlalchemy import Select, exists, or_, select

from .articles import articles_due
from .database import SqlPart
from .feeds import feeds_due
from .outbox import channels_due


class SqlDueWork(SqlPart):
    """The `DueWorkStore` of one database."""

    def due_kinds(self, now: datetime) -> frozenset[str]:
        with self.database.read_transaction() as connection:
            row = connection.execute(_kinds(), {"now": now}).one()
            return frozenset(kind for kind, is_due in row._mapping.items() if is_due)


@cache
def _kinds() -> Select[bool, bool, bool]:
    """Return the query of what is due at the parameter `now`; built once, as it is asked each second."""
    deliveries = or_(*(exists(query.subquery().select()) for query in channels_due()))
    return select(
        exists(feeds_due().subquery().select()).label("poll"),
        exists(articles_due().subquery().select()).label("article"),
        deliveries.label("deliver"),
    )
