"""Say which kinds of job and which checks have something to do, by one statement each, in SQL."""

from datetime import datetime
from functools import cache

from sqlalchemy import Executable, Select, exists, or_, select

from monitor.model import DeliveryState

from . import tables as t
from .articles import articles_due
from .database import SqlPart
from .feeds import feeds_due
from .outbox import channels_due
from .overdue import UNCOVERED
from .storms import in_open_summary


class SqlDueWork(SqlPart):
    """The `DueWorkStore` of one database."""

    def due_kinds(self, now: datetime) -> frozenset[str]:
        with self.database.read_transaction() as connection:
            row = connection.execute(_kinds(), {"now": now}).one()
            return frozenset(kind for kind, is_due in row._mapping.items() if is_due)

    def states_to_check(self, storms_since: datetime) -> frozenset[DeliveryState]:
        with self.database.read_transaction() as connection:
            row = connection.execute(_states_to_check(), {"since": storms_since}).one()
            return frozenset(DeliveryState(state) for state, is_there in row._mapping.items() if is_there)


@cache
def _kinds() -> Select[bool, bool, bool]:
    """Return the query of what is due at the parameter `now`; built once, as it is asked each second."""
    deliveries = or_(*(exists(query.subquery().select()) for query in channels_due()))
    return select(
        exists(feeds_due().subquery().select()).label("poll"),
        exists(articles_due().subquery().select()).label("article"),
        deliveries.label("deliver"),
    )


@cache
def _states_to_check() -> Executable:
    """Return the query of the states that checks look for, each by a probe of an index; built once."""
    which = {
        state: t.deliveries.c.state == state
        for state in (DeliveryState.OWED, DeliveryState.UNCERTAIN, DeliveryState.DEAD)
    }
    which |= {DeliveryState.EXPIRED: UNCOVERED, DeliveryState.SUPPRESSED: in_open_summary()}
    return select(*(exists().where(each).label(state.value) for state, each in which.items()))
