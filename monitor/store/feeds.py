"""What is remembered of feeds, hosts and stories between two polls."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, and_, case, func, or_, select, update

from monitor.model import Feed, FeedState, Item, PollOutcome, Told

from . import tables as t
from .commit import write
from .database import Kept, chunks, execute_each, insert
from .rows import columns_of

_STATE = columns_of(t.feeds, FeedState)


class SqlFeeds(Kept):
    """The `FeedStore` of one database."""

    def enrol(self, feeds: Collection[Feed], now: datetime) -> None:
        """A feed whose URL changed forgets what its old address said and is due now; a poll of the old
        address that is still under way is fenced out."""
        rows = [_row(feed, now) for feed in sorted(feeds, key=lambda feed: feed.name)]
        with self.database.writing() as connection:
            # In order of name, as `commit` holds them: two writers then never wait for each other.
            connection.execute(select(t.feeds.c.feed).order_by(t.feeds.c.feed).with_for_update())
            connection.execute(update(t.feeds).where(t.feeds.c.enrolled).values(enrolled=False))
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
                    **{name: case((moved, None), else_=t.feeds.c[name]) for name in _OF_ADDRESS},
                    "next_poll_at": case((moved, new.next_poll_at), else_=t.feeds.c.next_poll_at),
                    "version": case((moved, t.feeds.c.version + 1), else_=t.feeds.c.version),
                },
            )
            execute_each(connection, known, rows)

    def due_shards(self, now: datetime) -> tuple[int, ...]:
        query = (
            select(t.feeds.c.shard).select_from(_HOSTED).where(_due(now)).distinct().order_by(t.feeds.c.shard)
        )
        with self.database.reading() as connection:
            return tuple(connection.scalars(query))

    def due_feeds(self, shard: int, now: datetime, limit: int = 200) -> tuple[FeedState, ...]:
        longest_overdue = (t.feeds.c.next_poll_at, t.feeds.c.feed)
        turn = func.row_number().over(partition_by=t.feeds.c.host, order_by=longest_overdue).label("turn")
        due = select(*_STATE, turn).select_from(_HOSTED).where(t.feeds.c.shard == shard, _due(now)).subquery()
        query = (
            select(*(due.c[column.name] for column in _STATE))
            .where(due.c.turn == 1)
            .order_by(due.c.next_poll_at, due.c.feed)
            .limit(limit)
        )
        with self.database.reading() as connection:
            return tuple(FeedState(*row) for row in connection.execute(query))

    def next_due(self) -> datetime | None:
        free_later = t.hosts.c.free_at > t.feeds.c.next_poll_at
        askable = case((free_later, t.hosts.c.free_at), else_=t.feeds.c.next_poll_at)
        query = select(func.min(askable, type_=t.feeds.c.next_poll_at.type)).select_from(_HOSTED)
        with self.database.reading() as connection:
            soonest: datetime | None = connection.scalar(query.where(t.feeds.c.enrolled))
        return soonest

    def unseen(self, items: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        """Of items with the same guid in one document the first counts."""
        first = {item.id: item for item in reversed(items)}
        document = dict.fromkeys(item.id for item in items)
        known = self._hashes(list(document))
        new = tuple(first[id] for id in document if id not in known)
        revised = tuple(first[id] for id in document if id in known and known[id] != first[id].content_hash)
        return new, revised

    def told(self, stories: Collection[str]) -> dict[str, Told]:
        found: dict[str, Told] = {}
        with self.database.reading() as connection:
            for part in chunks(sorted(stories)):
                told = connection.scalars(select(t.stories.c.told).where(t.stories.c.story.in_(part)))
                found |= {one.story: one for one in told}
        return found

    def told_since(self, since: datetime) -> tuple[Told, ...]:
        newest_first = (t.stories.c.told_at.desc(), t.stories.c.story)
        query = select(t.stories.c.told).where(t.stories.c.told_at >= since).order_by(*newest_first)
        with self.database.reading() as connection:
            return tuple(connection.scalars(query))

    def commit(self, outcomes: Sequence[PollOutcome]) -> tuple[str, ...]:
        return write(self.database, outcomes)

    def _hashes(self, ids: list[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        with self.database.reading() as connection:
            for part in chunks(ids):
                rows = connection.execute(
                    select(t.items.c.id, t.items.c.content_hash).where(t.items.c.id.in_(part))
                )
                found |= {row.id: row.content_hash for row in rows}
                gone = select(t.forgotten.c.id, t.forgotten.c.content_hash).where(t.forgotten.c.id.in_(part))
                found = {row.id: row.content_hash for row in connection.execute(gone)} | found
        return found


#: What an address said of itself, and another address knows nothing of.
_OF_ADDRESS = ("etag", "last_modified", "body_hash")

_HOSTED: FromClause = t.feeds.outerjoin(t.hosts, t.hosts.c.host == t.feeds.c.host)


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(t.hosts.c.free_at.is_(None), t.hosts.c.free_at <= now)
    return and_(t.feeds.c.enrolled, t.feeds.c.next_poll_at <= now, free)


def _row(feed: Feed, now: datetime) -> dict[str, object]:
    fresh = FeedState(feed.name, next_poll_at=now)
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
