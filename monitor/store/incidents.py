"""Store incidents, with the deliveries that report them, in SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from monitor.model import Delivery, Incident

from . import tables as t
from .database import SqlPart, execute_each, insert_missing
from .rows import columns_of, row_of, value_of

_INCIDENT = columns_of(t.incidents, Incident)
_OPEN = select(*_INCIDENT).where(t.incidents.c.closed_at.is_(None)).order_by(t.incidents.c.number)


class SqlIncidents(SqlPart):
    """The `HealthStore` of one database, except `accounting`."""

    def open_incidents(self) -> tuple[Incident, ...]:
        with self.database.read_transaction() as connection:
            return tuple(value_of(Incident, row) for row in connection.execute(_OPEN))

    def report(
        self, opened: Collection[Incident], closed: Collection[Incident], deliveries: Sequence[Delivery]
    ) -> None:
        i = t.incidents.c
        which = (i.subject == bindparam("whose"), i.kind == bindparam("what"), i.closed_at.is_(None))
        ends = [{"whose": each.subject, "what": each.kind, "at": each.closed_at} for each in closed]
        with self.database.write_transaction() as connection:
            insert_missing(connection, t.incidents, [row_of(each) for each in opened])
            execute_each(
                connection, update(t.incidents).where(*which).values(closed_at=bindparam("at")), ends
            )
            insert_missing(connection, t.deliveries, [row_of(each) for each in deliveries])

    def incidents(self, since: datetime, limit: int = 100) -> tuple[Incident, ...]:
        i = t.incidents.c
        open_then = or_(i.closed_at.is_(None), i.closed_at >= since)
        query = select(*_INCIDENT).where(open_then).order_by(i.opened_at.desc(), i.number.desc()).limit(limit)
        with self.database.read_transaction() as connection:
            return tuple(value_of(Incident, row) for row in connection.execute(query))
