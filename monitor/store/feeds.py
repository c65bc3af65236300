"""Store the state of feeds, hosts and stories between polls, in SQL."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from monitor.model import Feed, FeedProfile, FeedState, Item, KnownItems, PollOutcome, Story

from . import tables as t
from .commit import write
from .database import SqlPart, chunks, execute_each, insert
from .hosts import Reservation, reserve_hosts
from .known_items import recall_items
from .rows import columns_of, value_of

_STATE = columns_of(t.feeds, FeedState)


class SqlFeeds(SqlPart):
    """The `FeedStore` and the `PollStore` of one database."""

    def enrol(self, feeds: Collection[Feed], now: datetime) -> None:
        """Reset the state of a feed whose URL changed, and make it due now.

        Its version increases, so that a poll of the old URL that is still running cannot commit.
        """
        with self.database.write_transaction() as connection:
            known = _known_feeds(connection)
            gone = known.keys() - {feed.name for feed in feeds}
            _withdraw(connection, [name for name in sorted(gone) if known[name].enrolled])
            _correct_future_times(connection, feeds, known, now)
            changed = [feed for feed in feeds if not _is_enrolled(feed, known.get(feed.name))]
            rows = [_row(feed, now) for feed in sorted(changed, key=lambda feed: feed.name)]
            execute_each(connection, _enrolment(connection), rows)

    def pull_polls_forward(self, feeds: Collection[Feed], now: datetime) -> None:
        latest = {feed.name: now + 1.2 * max(feed.every, feed.slowest) for feed in feeds}
        with self.database.write_transaction() as connection:
            known = _known_feeds(connection)
            _pull_forward(connection, _late(known, latest), now + _LONGEST_HOST_WAIT, now)

    def due_shards(self, now: datetime) -> tuple[int, ...]:
        with self.database.read_transaction() as connection:
            return tuple(connection.scalars(_DUE_SHARDS, {"now": now}))

    def due_feeds(self, shards: Collection[int], now: datetime, limit: int = 200) -> tuple[FeedState, ...]:
        wanted = {"shards": sorted(shards), "now": now, "limit": limit}
        with self.database.read_transaction() as connection:
            return tuple(value_of(FeedState, row) for row in connection.execute(_DUE_FEEDS, wanted))

    def take_feeds(
        self, shards: Collection[int], now: datetime, until: datetime, limit: int = 200
    ) -> tuple[FeedState, ...]:
        wanted = {"shards": sorted(shards), "now": now, "limit": limit}
        wanted_hosts = Reservation(self.database.session, now, until)
        with self.database.write_transaction() as connection:
            rows = connection.execute(_DUE_WITH_HOSTS, wanted).all()
            taken = reserve_hosts(connection, {row.host for row in rows}, wanted_hosts)
            return tuple(value_of(FeedState, row[:-1]) for row in rows if row.host in taken)

    def release_reservations(self, feeds: Mapping[str, datetime], free_at: datetime) -> None:
        h, session = t.hosts.c, self.database.session
        host = select(t.feeds.c.host).where(t.feeds.c.feed == bindparam("whose")).scalar_subquery()
        until = bindparam("until", type_=h.free_at.type)
        ours = (h.host == host, h.free_at == until, h.reserved_by == session)
        free = update(t.hosts).where(*ours).values(free_at=free_at, reserved_by=None)
        rows = [{"whose": feed, "until": feeds[feed]} for feed in sorted(feeds)]
        with self.database.write_transaction() as connection:
            execute_each(connection, free, rows)

    def next_due(self, among: datetime | None = None) -> datetime | None:
        with self.database.read_transaction() as connection:
            first = connection.scalar(_FIRST_FREE, {"until": among or _NEVER})
            wait = {"until": min(filter(None, (first, among)), default=_NEVER)}
            blocked = connection.scalar(_FIRST_BLOCKED, wait)
        return min(filter(None, (first, blocked)), default=None)

    def recall_items(self, feed: str, items: Sequence[Item]) -> KnownItems:
        return recall_items(self.database, feed, items)

    def stories_changed(self, since: datetime, known: Mapping[str, int]) -> tuple[Story, ...]:
        """Compare versions story by story: a later commit may carry a version that was taken earlier."""
        s = t.stories.c
        query = select(s.id, s.version).where(s.updated_at >= since)
        with self.database.read_transaction() as connection:
            anew = {row.id for row in connection.execute(query) if known.get(row.id) != row.version}
            return tuple(_stories(connection, anew))

    def accept(self, feed: str, now: datetime) -> bool:
        with self.database.write_transaction() as connection:
            query = select(t.feeds.c.profile).where(t.feeds.c.feed == feed, t.feeds.c.enrolled)
            profile: FeedProfile | None = connection.scalar(query.with_for_update())
            if profile is None:
                return False
            plain = replace(profile, usual=profile.lately, document_url="", move=None, signs={})
            changed = {"profile": plain, "next_poll_at": now, "version": t.feeds.c.version + 1}
            connection.execute(update(t.feeds).where(t.feeds.c.feed == feed).values(changed))
        return True

    def commit(self, outcomes: Sequence[PollOutcome]) -> tuple[str, ...]:
        return write(self.database, outcomes)


#: The longest wait of a feed, unless its own interval is longer.
_LONGEST_WAIT = timedelta(days=1)

#: The longest pause that is granted to a host.
_LONGEST_HOST_WAIT = timedelta(hours=2)


def _known_feeds(connection: Connection) -> dict[str, Any]:
    """Return the row of every feed by name, locked in that order, as in `commit`, against deadlocks."""
    f = t.feeds.c
    query = select(f.feed, f.next_poll_at, f.enrolled, *(f[name] for name in _FROM_SETTINGS))
    return {row.feed: row for row in connection.execute(query.order_by(f.feed).with_for_update())}


def _is_enrolled(feed: Feed, known: Any) -> bool:
    return known is not None and known.enrolled and known[-len(_FROM_SETTINGS) :] == _settings(feed)


def _withdraw(connection: Connection, feeds: Sequence[str]) -> None:
    gone = update(t.feeds).where(t.feeds.c.feed == bindparam("whose")).values(enrolled=False)
    execute_each(connection, gone, [{"whose": feed} for feed in feeds])


def _enrolment(connection: Connection) -> Executable:
    """Return the statement that stores a feed, and resets its state if its URL changed."""
    statement = insert(connection, t.feeds)
    new, old = statement.excluded, t.feeds.c
    moved = old.url != new.url
    return statement.on_conflict_do_update(
        index_elements=[old.feed],
        set_={
            **{name: new[name] for name in (*_FROM_SETTINGS, "enrolled")},
            **{name: case((moved, None), else_=old[name]) for name in _ADDRESS_COLUMNS},
            "profile": case((moved, new.profile), else_=old.profile),
            "next_poll_at": case((moved, new.next_poll_at), else_=old.next_poll_at),
            "version": case((moved, old.version + 1), else_=old.version),
        },
    )


def _correct_future_times(
    connection: Connection, feeds: Iterable[Feed], known: Mapping[str, Any], now: datetime
) -> None:
    """Make feeds due and free hosts whose times are so far ahead that only a wrong clock can have set it."""
    latest = {feed.name: now + 1.2 * max(feed.every, feed.slowest, _LONGEST_WAIT) for feed in feeds}
    _pull_forward(connection, _late(known, latest), now + 1.2 * _LONGEST_WAIT, now)


def _late(known: Mapping[str, Any], latest: Mapping[str, datetime]) -> list[str]:
    """Return the feeds that are due after their `latest`, by name.

    A tenth is allowed for jitter, another for rounding: the callers multiply by 1.2.
    """
    return sorted(name for name in known.keys() & latest.keys() if known[name].next_poll_at > latest[name])


def _pull_forward(connection: Connection, late: Iterable[str], hosts_latest: datetime, now: datetime) -> None:
    """Make feeds due now, and free the hosts that are free after a time."""
    f, free = t.feeds.c, t.hosts.c.free_at
    due = update(t.feeds).where(f.feed == bindparam("whose")).values(next_poll_at=now)
    execute_each(connection, due, [{"whose": feed} for feed in late])
    connection.execute(update(t.hosts).where(free > hosts_latest).values(free_at=now))


#: Columns that are as the settings say.
_FROM_SETTINGS = ("url", "title", "host", "shard", "tier", "lang")
_settings = attrgetter(*_FROM_SETTINGS)

#: Columns that apply to one URL only.
_ADDRESS_COLUMNS = ("etag", "last_modified", "body_hash", "read_at")

_WITH_HOST: FromClause = t.feeds.outerjoin(t.hosts, t.hosts.c.host == t.feeds.c.host)


def _stories(connection: Connection, stories: Collection[str]) -> Iterator[Story]:
    s = t.stories.c
    for part in chunks(sorted(stories)):
        for row in connection.execute(select(s.story, s.version).where(s.id.in_(part))):
            yield replace(row.story, version=row.version)


def _due() -> ColumnElement[bool]:
    """Return the condition that a feed and its host are due at the parameter `now`."""
    now = bindparam("now", type_=t.feeds.c.next_poll_at.type)
    free = or_(t.hosts.c.free_at.is_(None), t.hosts.c.free_at <= now)
    return and_(t.feeds.c.enrolled, t.feeds.c.next_poll_at <= now, free)


def feeds_due() -> Select[tuple[int]]:
    """Select the shards of the feeds that are due at the parameter `now` and whose hosts are free."""
    return select(t.feeds.c.shard).select_from(_WITH_HOST).where(_due())


def _due_shards() -> Select[tuple[int]]:
    return feeds_due().distinct().order_by(t.feeds.c.shard)


def _due_feeds(*more: ColumnElement[Any]) -> Select[Any]:
    """Return the feeds due in the parameter `shards`, one of each host, the longest overdue first."""
    longest_overdue = (t.feeds.c.next_poll_at, t.feeds.c.feed)
    turn = func.row_number().over(partition_by=t.feeds.c.host, order_by=longest_overdue).label("turn")
    in_shards = t.feeds.c.shard.in_(bindparam("shards", expanding=True))
    due = select(*_STATE, *more, turn).select_from(_WITH_HOST).where(in_shards, _due()).subquery()
    columns = (due.c[column.name] for column in (*_STATE, *more))
    first = select(*columns).where(due.c.turn == 1).order_by(due.c.next_poll_at, due.c.feed)
    return first.limit(bindparam("limit", type_=Integer))


def _first_free() -> Select[datetime]:
    """Return when the first feed is due whose host is free by then, of those due by the parameter `until`.

    It reads the feeds in the order in which they are due, and stops at the first: few hosts are not free.
    """
    f, free_at = t.feeds.c, t.hosts.c.free_at
    free = or_(free_at.is_(None), free_at <= f.next_poll_at)
    query = select(f.next_poll_at).select_from(_WITH_HOST).where(f.enrolled, f.next_poll_at <= _UNTIL, free)
    return query.order_by(f.next_poll_at).limit(1)


def _first_blocked() -> Select[datetime]:
    """Return when the first host is free for which feeds wait that are due by the parameter `until`."""
    f, free_at = t.feeds.c, t.hosts.c.free_at
    waiting = (f.enrolled, f.next_poll_at <= _UNTIL, free_at > f.next_poll_at)
    return select(func.min(free_at, type_=free_at.type)).select_from(_WITH_HOST).where(*waiting)


_UNTIL = bindparam("until", type_=t.feeds.c.next_poll_at.type)
_NEVER = datetime.max.replace(tzinfo=UTC)

#: Built once: they are asked each second, and building them costs more than asking.
_DUE_SHARDS, _DUE_FEEDS = _due_shards(), _due_feeds()
_DUE_WITH_HOSTS = _due_feeds(t.feeds.c.host)
_FIRST_FREE, _FIRST_BLOCKED = _first_free(), _first_blocked()


def _row(feed: Feed, now: datetime) -> dict[str, object]:
    fresh = FeedState(feed=feed.name, next_poll_at=now)
    state = {column.name: getattr(fresh, column.name) for column in _STATE}
    settings = dict(zip(_FROM_SETTINGS, _settings(feed), strict=True))
    return state | settings | {"enrolled": True}
