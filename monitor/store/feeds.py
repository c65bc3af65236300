"""Store the state of feeds, hosts and stories between polls, in SQL."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
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
        rows = [_row(feed, now) for feed in sorted(feeds, key=lambda feed: feed.name)]
        with self.database.write_transaction() as connection:
            # Locked in order of name, as in `commit`, so that two writers cannot deadlock.
            connection.execute(select(t.feeds.c.feed).order_by(t.feeds.c.feed).with_for_update())
            connection.execute(update(t.feeds).where(t.feeds.c.enrolled).values(enrolled=False))
            _correct_future_times(connection, feeds, now)
            statement = insert(connection, t.feeds)
            new = statement.excluded
            moved = t.feeds.c.url != new.url
            known = statement.on_conflict_do_update(
                index_elements=[t.feeds.c.feed],
                set_={
                    **{
                        name: new[name]
                        for name in ("url", "title", "host", "shard", "tier", "lang", "enrolled")
                    },
                    **{name: case((moved, None), else_=t.feeds.c[name]) for name in _ADDRESS_COLUMNS},
                    "profile": case((moved, new.profile), else_=t.feeds.c.profile),
                    "next_poll_at": case((moved, new.next_poll_at), else_=t.feeds.c.next_poll_at),
                    "version": case((moved, t.feeds.c.version + 1), else_=t.feeds.c.version),
                },
            )
            execute_each(connection, known, rows)

    def pull_polls_forward(self, feeds: Collection[Feed], now: datetime) -> None:
        latest = {feed.name: now + 1.2 * max(feed.every, feed.slowest) for feed in feeds}
        with self.database.write_transaction() as connection:
            _pull_forward(connection, latest, now + _LONGEST_HOST_WAIT, now)

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

    def has_due_feeds(self, now: datetime) -> bool:
        with self.database.read_transaction() as connection:
            return connection.scalar(_ANY_DUE, {"now": now}) is not None

    def next_due(self) -> datetime | None:
        free_later = t.hosts.c.free_at > t.feeds.c.next_poll_at
        earliest = case((free_later, t.hosts.c.free_at), else_=t.feeds.c.next_poll_at)
        query = select(func.min(earliest, type_=t.feeds.c.next_poll_at.type)).select_from(_WITH_HOST)
        with self.database.read_transaction() as connection:
            soonest: datetime | None = connection.scalar(query.where(t.feeds.c.enrolled))
        return soonest

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


def _correct_future_times(connection: Connection, feeds: Iterable[Feed], now: datetime) -> None:
    """Make feeds due and free hosts whose times are so far ahead that only a wrong clock can have set it."""
    latest = {feed.name: now + 1.2 * max(feed.every, feed.slowest, _LONGEST_WAIT) for feed in feeds}
    _pull_forward(connection, latest, now + 1.2 * _LONGEST_WAIT, now)


def _pull_forward(
    connection: Connection, latest: Mapping[str, datetime], hosts_latest: datetime, now: datetime
) -> None:
    """Make feeds due now that are due after their `latest`, and free hosts that are free after theirs.

    A tenth is allowed for jitter, another for rounding: the callers multiply by 1.2.
    """
    f, free = t.feeds.c, t.hosts.c.free_at
    late = update(t.feeds).where(f.feed == bindparam("whose"), f.next_poll_at > bindparam("latest"))
    rows = [{"whose": feed, "latest": latest[feed]} for feed in sorted(latest)]
    execute_each(connection, late.values(next_poll_at=now), rows)
    connection.execute(update(t.hosts).where(free > hosts_latest).values(free_at=now))


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


def _any_due() -> Select[tuple[str]]:
    now = bindparam("now", type_=t.feeds.c.next_poll_at.type)
    return select(t.feeds.c.feed).where(t.feeds.c.enrolled, t.feeds.c.next_poll_at <= now).limit(1)


#: Built once: they are asked each second, and building them costs more than asking.
_DUE_SHARDS, _DUE_FEEDS, _ANY_DUE = _due_shards(), _due_feeds(), _any_due()
_DUE_WITH_HOSTS = _due_feeds(t.feeds.c.host)


def _row(feed: Feed, now: datetime) -> dict[str, object]:
    fresh = FeedState(feed=feed.name, next_poll_at=now)
    state = {column.name: getattr(fresh, column.name) for column in _STATE}
    return state | {
        "url": feed.url,
        "title": feed.title,
        "host": feed.host,
        "shard": feed.shard,
        "tier": feed.tier,
        "lang": feed.lang,
        "enrolled": True,
    }
