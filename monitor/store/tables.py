"""The tables, the same on every database. A column has the name of the field it holds.

What is compared, sorted or counted has a column; what is only read whole is JSON. To change anything here
takes a migration, see `monitor.store`.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
)

from monitor.model import (
    Alert,
    ArticleState,
    AttemptOutcome,
    AttemptPhase,
    Decision,
    DeliveryKind,
    DeliveryState,
    FeedProfile,
    Message,
    Story,
    Verdict,
)

from .codec import Choice, Moment, Stored, Words

metadata = MetaData()

#: Numbers given by the database; SQLite counts only in a column of exactly this type.
_Number = BigInteger().with_variant(Integer(), "sqlite")
_Names = Stored(tuple[str, ...])

#: `product` tells our database from someone else's.
meta = Table(
    "meta",
    metadata,
    Column("key", Words, primary_key=True),
    Column("value", Words, nullable=False),
)

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
    Column("health", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("polled_at", Moment),
    Column("good_at", Moment),
    Column("items_seen", Integer, nullable=False),
    Column("read_at", Moment),
    Column("profile", Stored(FeedProfile), nullable=False, server_default="{}"),
    Index("feeds_due", "shard", "next_poll_at"),
)

#: When a host may be asked again, by any of its feeds.
hosts = Table(
    "hosts",
    metadata,
    Column("host", Words, primary_key=True),
    Column("free_at", Moment, nullable=False),
)

#: `words` are the folded words people search by; `topics` are the verdict's, for counting; `hashes` are of
#: the versions before this one; `link_key` and `title_key` are short names of the link and the title, by
#: which an item is known again when its guid changes.
items = Table(
    "items",
    metadata,
    Column("number", _Number, primary_key=True),
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
    Column("topics", _Names, nullable=False),
    Column("verdict", Stored(Verdict), nullable=False),
    Column("decision", Stored(Decision), nullable=False),
    Column("words", Words, nullable=False),
    Column("body", Words, nullable=False, server_default=""),
    Column("hashes", _Names, nullable=False, server_default="[]"),
    Column("link_key", Words, nullable=False, server_default=""),
    Column("title_key", Words, nullable=False, server_default=""),
    Index("items_first_seen", "first_seen_at"),
    Index("items_link", "feed", "link_key"),
    Index("items_title", "feed", "title_key"),
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
)

#: What was wrong with the monitor's own senses; `closed_at` is empty while it is.
incidents = Table(
    "incidents",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("subject", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    UniqueConstraint("subject", "kind", "opened_at", name="one_incident_at_a_time"),
    Index("incidents_closed", "closed_at"),
    sqlite_autoincrement=True,
)

#: `alert` is the whole of it as it was raised: a later revision of the item does not change what was said.
#: `document` is the one in which it was found; `owed` how many deliveries were written with it.
alerts = Table(
    "alerts",
    metadata,
    Column("seq", _Number, primary_key=True),
    Column("id", Words, nullable=False, unique=True),
    Column("item", Words, ForeignKey("items.id"), nullable=False),
    Column("story", Words, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("alert", Stored(Alert), nullable=False),
    Column("document", Words),
    Column("delivery_count", Integer),
    Index("alerts_item", "item"),
    Index("alerts_raised", "raised_at"),
    sqlite_autoincrement=True,
)

#: What was last told of each story; `version` counts how often it was written.
stories = Table(
    "stories",
    metadata,
    Column("id", Words, primary_key=True),
    Column("updated_at", Moment, nullable=False),
    Column("story", Stored(Story), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("stories_updated", "updated_at", "id", "version"),
)

#: `number` is the order in which they were owed.
deliveries = Table(
    "deliveries",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("id", Words, nullable=False, unique=True),
    Column("kind", Choice(DeliveryKind), nullable=False),
    Column("ref", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("message", Stored(Message), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Choice(DeliveryState), nullable=False),
    Column("reason", Words, nullable=False),
    Column("story", Words, nullable=False),
    Column("leased_until", Moment),
    Column("closed_at", Moment),
    Column("severity", Integer, nullable=False, server_default="0"),
    Column("covered_by", Words, nullable=False, server_default=""),
    Index("deliveries_due", "state", "due_at"),
    Index("deliveries_channel", "kind", "channel", "state", "closed_at"),
    Index("deliveries_story", "story"),
    Index("deliveries_closed", "state", "closed_at"),
    Index("deliveries_ref", "ref"),
    sqlite_autoincrement=True,
)

#: How channels fare, whether or not they are configured now.
channels = Table(
    "channels",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("faults", Integer, nullable=False),
    Column("permanent", Boolean, nullable=False),
    Column("reason", Words, nullable=False),
    Column("since", Moment),
    Column("paused_until", Moment),
    Column("sent_at", Moment),
)

attempts = Table(
    "attempts",
    metadata,
    Column("delivery", Words, ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("started_at", Moment, nullable=False),
    Column("phase", Choice(AttemptPhase), nullable=False),
    Column("ended_at", Moment),
    Column("outcome", Choice(AttemptOutcome), nullable=False),
    Column("code", Words, nullable=False),
    Column("reason", Words, nullable=False),
)

#: `began_seq` is where a subscription began, `looked_at` when it was last planned, with or without a digest.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("name", Words, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("began_seq", BigInteger, nullable=False),
    Column("upto_seq", BigInteger, nullable=False),
    Column("last_planned_at", Moment, nullable=False),
    Column("last_key", Words, nullable=False),
    Column("last_due_at", Moment),
    Column("digests", Integer, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("id", Words, primary_key=True),
    Column("subscription", Words, ForeignKey("subscriptions.name"), nullable=False),
    Column("key", Words, nullable=False),
    Column("covers", _Names, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("from_seq", BigInteger, nullable=False),
    Column("to_seq", BigInteger, nullable=False),
    Column("skipped", Boolean, nullable=False),
    Column("delivery_count", Integer),
    UniqueConstraint("subscription", "key", name="one_digest_per_occasion"),
)

#: An alert is in one digest of a subscription, or in none.
digest_alerts = Table(
    "digest_alerts",
    metadata,
    Column("digest", Words, ForeignKey("digests.id"), nullable=False),
    Column("subscription", Words, ForeignKey("subscriptions.name"), primary_key=True),
    Column("alert_seq", BigInteger, ForeignKey("alerts.seq"), primary_key=True, autoincrement=False),
)
