"""The log of the latest polls of each feed, written with their outcomes, in SQL."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, select

from monitor.model import LoggedPoll, PollOutcome

from . import tables as t
from .database import SqlPart, execute_each, insert_missing
from .rows import columns_of, row_of, value_of

#: Polls kept of each feed.
KEPT_POLLS = 40

_POLL = columns_of(t.polls, LoggedPoll)
_NEWEST = t.polls.alias("newest")
_LAST_KEPT = (
    select(_NEWEST.c.version)
    .where(_NEWEST.c.feed == t.polls.c.feed)
    .order_by(_NEWEST.c.version.desc())
    .limit(1)
    .offset(KEPT_POLLS - 1)
    .scalar_subquery()
)
_OLD_POLLS = delete(t.polls).where(t.polls.c.feed == bindparam("whose"), t.polls.c.version < _LAST_KEPT)


class SqlPollLog(SqlPart):
    """The `PollLogStore` of one database."""

    def feed_polls(self, feed: str) -> tuple[LoggedPoll, ...]:
        p = t.polls.c
        with self.database.read_transaction() as connection:
            rows = connection.execute(select(*_POLL).where(p.feed == feed).order_by(p.version.desc()))
            return tuple(value_of(LoggedPoll, row) for row in rows)


def write_polls(connection: Connection, outcomes: Iterable[PollOutcome]) -> None:
    """Write the polls that are logged, and delete the oldest of their feeds; nothing if none is."""
    logged = [outcome.logged for outcome in outcomes if outcome.logged]
    if not logged:
        return
    insert_missing(connection, t.polls, [row_of(each) for each in logged])
    execute_each(connection, _OLD_POLLS, [{"whose": each.feed} for each in logged])
