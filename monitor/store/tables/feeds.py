"""Tables of feeds, their polls and hosts, the items they bring, full texts and stored documents."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, Table, text

from monitor.errors import FeedHealth
from monitor.model import ArticleState, Decision, FeedProfile, Verdict
from monitor.store.codec import Choice, Moment, Stored, Words

from .base import NAMES, NUMBER, POSTGRESQL_WHERE, metadata

feeds = Table(
    "feeds",
    metadata,
    Column("feed", Words, primary_key=True),
    Column("url", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("host", Words, nullable=False),
    Column("shard", Integer, nullable=False),
    Column("tier", Words, nullable=False),
    Column("lang", Words, nullable=False),
    Column("enrolled", Boolean, nullable=False),
    Column("next_poll_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("body_hash", Words),
    Column("failures", Integer, nullable=False),
    Column("health", Choice(FeedHealth), nullable=False),
    Column("reason", Words, nullable=False),
    Column("polled_at", Moment),
    Column("good_at", Moment),
    Column("items_seen", Integer, nullable=False),
    Column("read_at", Moment),
    Column("profile", Stored(FeedProfile), nullable=False, server_default="{}"),
    Index(
        "feeds_next",
        "next_poll_at",
        "shard",
        sqlite_where=text("enrolled = 1"),
        info={POSTGRESQL_WHERE: text("enrolled")},
    ),
    Index("feeds_polled", "polled_at"),
)

#: The latest polls of each feed that brought news or another answer than before, by the version they wrote.
polls = Table(
    "polls",
    metadata,
    Column("feed", Words, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("health", Choice(FeedHealth), nullable=False),
    Column("reason", Words, nullable=False),
    Column("size", Integer, nullable=False),
    Column("items", Integer, nullable=False),
    Column("news", Integer, nullable=False),
    Column("took_s", Float, nullable=False),
)

#: When a host may be asked again, by any of its feeds; `reserved_by` is the process that asks it now.
hosts = Table(
    "hosts",
    metadata,
    Column("host", Words, primary_key=True),
    Column("free_at", Moment, nullable=False),
    Column("reserved_by", Words),
)

#: Something was recognised. A query must have the condition in these words, or the index is not used.
RATED = text("severity IS NOT NULL")

#: `words` are the folded words people search by; `topics` are the verdict's, for counting; `hashes` are of
#: the versions before this one; `link_key` and `title_key` are short names of the link and the title, by
#: which an item is known again when its guid changes. `severity` is that of the event, 0 without one, and
#: NULL where nothing was recognised: no event, no topic, no near miss.
items = Table(
    "items",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("id", Words, nullable=False, unique=True),
    Column("feed", Words, ForeignKey("feeds.feed"), nullable=False),
    Column("guid", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("published_at", Moment),
    Column("lang", Words, nullable=False),
    Column("content_hash", Words, nullable=False),
    Column("revisions", Integer, nullable=False),
    Column("topics", NAMES, nullable=False),
    Column("verdict", Stored(Verdict), nullable=False),
    Column("decision", Stored(Decision), nullable=False),
    Column("words", Words, nullable=False),
    Column("body", Words, nullable=False, server_default=""),
    Column("hashes", NAMES, nullable=False, server_default="[]"),
    Column("link_key", Words, nullable=False, server_default=""),
    Column("title_key", Words, nullable=False, server_default=""),
    Column("categories", NAMES, nullable=False, server_default="[]"),
    Column("severity", Integer),
    Index("items_first_seen", "first_seen_at"),
    Index("items_rated", "number", "severity", sqlite_where=RATED, info={POSTGRESQL_WHERE: RATED}),
    Index("items_link", "feed", "link_key"),
    Index("items_title", "feed", "title_key"),
    Index("items_feed", "feed", "number"),
    sqlite_autoincrement=True,
)

#: Other names of items, by which their feeds called them later.
aliases = Table(
    "aliases",
    metadata,
    Column("id", Words, primary_key=True),
    Column("item", Words, ForeignKey("items.id"), nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Index("aliases_item", "item"),
)

#: Items that left the archive, by id: listed again with the same words they are no news.
forgotten = Table(
    "forgotten",
    metadata,
    Column("id", Words, primary_key=True),
    Column("content_hash", Words, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Index("forgotten_last_seen", "last_seen_at"),
)

#: Pages behind items that are to be read in full.
articles = Table(
    "articles",
    metadata,
    Column("item", Words, ForeignKey("items.id"), primary_key=True),
    Column("url", Words, nullable=False),
    Column("host", Words, nullable=False),
    Column("shard", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Choice(ArticleState), nullable=False),
    Column("reason", Words, nullable=False),
    Index("articles_due", "state", "shard", "due_at"),
)

#: Documents that alerts came from, as they were received; `body` is compressed.
documents = Table(
    "documents",
    metadata,
    Column("hash", Words, primary_key=True),
    Column("feed", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("headers", Stored(tuple[tuple[str, ...], ...]), nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("documents_feed", "feed", "fetched_at"),
)
