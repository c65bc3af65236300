"""Deadlines of stories and the reminders of them, in SQL."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, exists, select, update

from monitor.model import Alert, Deadline, Reminder

from . import tables as t
from .commit import write_alerts
from .database import SqlPart, chunks, insert_missing
from .rows import ALERT, alert_in, row_of

#: So many deadlines are read at once, the soonest first.
_MOST = 500


class SqlDeadlines(SqlPart):
    """The `DeadlineStore` of one database."""

    def deadlines(self, first: date, last: date, waiting: bool = False) -> tuple[Deadline, ...]:
        d, other = t.deadlines.c, t.deadlines.alias()
        later = (other.c.story == d.story, other.c.day > d.day, other.c.stated_at > d.stated_at)
        query = select(d.story, d.day, d.stated_at).where(
            d.day >= first.isoformat(), d.day <= last.isoformat(), ~exists().where(*later)
        )
        if waiting:
            query = query.where(d.reminded_at.is_(None))
        with self.database.read_transaction() as connection:
            rows = connection.execute(query.order_by(d.day, d.story).limit(_MOST)).all()
            alerts = _alerts_by_story(connection, {row.story for row in rows})
        found: list[Deadline] = []
        for row in rows:
            if row.story in alerts:
                alert = _stating(alerts[row.story], row.day)
                found.append(Deadline(row.story, date.fromisoformat(row.day), row.stated_at, alert))
        return tuple(found)

    def remind(self, reminder: Reminder, now: datetime) -> bool:
        d, deadline = t.deadlines.c, reminder.deadline
        waiting = (d.story == deadline.story, d.day == deadline.day.isoformat(), d.reminded_at.is_(None))
        with self.database.write_transaction() as connection:
            taken = connection.execute(update(t.deadlines).where(*waiting).values(reminded_at=now))
            if taken.rowcount != 1:
                return False
            write_alerts(connection, [reminder])
            insert_missing(connection, t.deliveries, [row_of(each) for each in reminder.deliveries])
            _copy_document(connection, deadline.alert.id, reminder.alerts)
        return True


def _alerts_by_story(connection: Connection, stories: Iterable[str]) -> dict[str, list[Alert]]:
    """Return the alerts of stories in match order."""
    found: dict[str, list[Alert]] = {}
    for part in chunks(sorted(stories)):
        query = select(*ALERT).where(t.alerts.c.story.in_(part)).order_by(t.alerts.c.seq)
        for row in connection.execute(query):
            alert = alert_in(row)
            found.setdefault(alert.story, []).append(alert)
    return found


def _stating(alerts: list[Alert], day: str) -> Alert:
    """Return the newest alert that states a day, or else the newest."""
    return next((each for each in reversed(alerts) if day in each.deadlines), alerts[-1])


def _copy_document(connection: Connection, of: str, alerts: Iterable[Alert]) -> None:
    """Write to reminders the document of the alert that states the deadline."""
    a = t.alerts.c
    document = connection.scalar(select(a.document).where(a.id == of))
    ids = [alert.id for alert in alerts]
    connection.execute(update(t.alerts).where(a.id.in_(ids)).values(document=document))
