"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: Compared byte by byte, as SQLite does anyway.
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: The words of items for SQLite, kept by triggers in the transaction that changes the item. They are folded
#: and stand between spaces: no tokenizer has to know any script.
_SQLITE_WORDS = (
    """CREATE VIRTUAL TABLE items_words
        USING fts5(words, content='items', content_rowid='number', tokenize='ascii')""",
    """CREATE TRIGGER items_words_new AFTER INSERT ON items BEGIN
        INSERT INTO items_words(rowid, words) VALUES (new.number, new.words);
    END""",
    """CREATE TRIGGER items_words_gone AFTER DELETE ON items BEGIN
        INSERT INTO items_words(items_words, rowid, words) VALUES ('delete', old.number, old.words);
    END""",
    """CREATE TRIGGER items_words_revised AFTER UPDATE OF words ON items BEGIN
        INSERT INTO items_words(items_words, rowid, words) VALUES ('delete', old.number, old.words);
        INSERT INTO items_words(rowid, words) VALUES (new.number, new.words);
    END""",
)

#: An expression index: a stored tsvector takes four times the room.
_POSTGRESQL_WORDS = ("CREATE INDEX items_words ON items USING gin (to_tsvector('simple'::regconfig, words))",)


def upgrade() -> None:
    _meta()
    _feeds()
    _items()
    _alerts()
    _outbox()
    _digests()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_WORDS if sqlite else _POSTGRESQL_WORDS:
        op.execute(statement)


def _meta() -> None:
    meta = op.create_table(
        "meta", sa.Column("key", _TEXT, primary_key=True), sa.Column("value", _TEXT, nullable=False)
    )
    op.bulk_insert(meta, [{"key": "product", "value": "sanctions-monitor"}])


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("feed", _TEXT, primary_key=True),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("title", _TEXT, nullable=False),
        sa.Column("host", _TEXT, nullable=False),
        sa.Column("shard", sa.Integer, nullable=False),
        sa.Column("tier", _TEXT, nullable=False),
        sa.Column("lang", _TEXT, nullable=False),
        sa.Column("enrolled", sa.Boolean, nullable=False),
        sa.Column("next_poll_at", _TEXT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("etag", _TEXT),
        sa.Column("last_modified", _TEXT),
        sa.Column("body_hash", _TEXT),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("health", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("polled_at", _TEXT),
        sa.Column("good_at", _TEXT),
        sa.Column("items_seen", sa.Integer, nullable=False),
    )
    op.create_index("feeds_due", "feeds", ["shard", "next_poll_at"])
    op.create_table(
        "hosts", sa.Column("host", _TEXT, primary_key=True), sa.Column("free_at", _TEXT, nullable=False)
    )


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("number", _NUMBER, primary_key=True),
        sa.Column("id", _TEXT, nullable=False, unique=True),
        sa.Column("feed", _TEXT, sa.ForeignKey("feeds.feed"), nullable=False),
        sa.Column("guid", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("title", _TEXT, nullable=False),
        sa.Column("summary", _TEXT, nullable=False),
        sa.Column("first_seen_at", _TEXT, nullable=False),
        sa.Column("last_seen_at", _TEXT, nullable=False),
        sa.Column("published_at", _TEXT),
        sa.Column("lang", _TEXT, nullable=False),
        sa.Column("content_hash", _TEXT, nullable=False),
        sa.Column("revisions", sa.Integer, nullable=False),
        sa.Column("topics", _TEXT, nullable=False),
        sa.Column("verdict", _TEXT, nullable=False),
        sa.Column("decision", _TEXT, nullable=False),
        sa.Column("words", _TEXT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("items_first_seen", "items", ["first_seen_at"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("seq", _NUMBER, primary_key=True),
        sa.Column("id", _TEXT, nullable=False, unique=True),
        sa.Column("item", _TEXT, sa.ForeignKey("items.id"), nullable=False),
        sa.Column("story", _TEXT, nullable=False),
        sa.Column("raised_at", _TEXT, nullable=False),
        sa.Column("alert", _TEXT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("alerts_item", "alerts", ["item"])
    op.create_index("alerts_raised", "alerts", ["raised_at"])
    op.create_table(
        "stories",
        sa.Column("story", _TEXT, primary_key=True),
        sa.Column("told_at", _TEXT, nullable=False),
        sa.Column("told", _TEXT, nullable=False),
    )
    op.create_index("stories_told", "stories", ["told_at"])


def _outbox() -> None:
    op.create_table(
        "deliveries",
        sa.Column("number", _NUMBER, primary_key=True),
        sa.Column("id", _TEXT, nullable=False, unique=True),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("ref", _TEXT, nullable=False),
        sa.Column("channel", _TEXT, nullable=False),
        sa.Column("recipient", _TEXT, nullable=False),
        sa.Column("message", _TEXT, nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("due_at", _TEXT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("note", _TEXT, nullable=False),
        sa.Column("story", _TEXT, nullable=False),
        sa.Column("leased_until", _TEXT),
        sa.Column("closed_at", _TEXT),
        sqlite_autoincrement=True,
    )
    op.create_index("deliveries_due", "deliveries", ["state", "due_at"])
    op.create_table(
        "attempts",
        sa.Column("delivery", _TEXT, sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("started_at", _TEXT, nullable=False),
        sa.Column("phase", _TEXT, nullable=False),
        sa.Column("ended_at", _TEXT),
        sa.Column("outcome", _TEXT, nullable=False),
        sa.Column("code", _TEXT, nullable=False),
        sa.Column("note", _TEXT, nullable=False),
    )


def _digests() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("name", _TEXT, primary_key=True),
        sa.Column("since", _TEXT, nullable=False),
        sa.Column("began_seq", sa.BigInteger, nullable=False),
        sa.Column("upto_seq", sa.BigInteger, nullable=False),
        sa.Column("looked_at", _TEXT, nullable=False),
        sa.Column("last_key", _TEXT, nullable=False),
        sa.Column("last_due_at", _TEXT),
        sa.Column("digests", sa.Integer, nullable=False),
    )
    op.create_table(
        "digests",
        sa.Column("id", _TEXT, primary_key=True),
        sa.Column("subscription", _TEXT, sa.ForeignKey("subscriptions.name"), nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("covers", _TEXT, nullable=False),
        sa.Column("due_at", _TEXT, nullable=False),
        sa.Column("planned_at", _TEXT, nullable=False),
        sa.Column("from_seq", sa.BigInteger, nullable=False),
        sa.Column("to_seq", sa.BigInteger, nullable=False),
        sa.Column("skipped", sa.Boolean, nullable=False),
        sa.UniqueConstraint("subscription", "key", name="one_digest_per_occasion"),
    )
    op.create_table(
        "digest_alerts",
        sa.Column("digest", _TEXT, sa.ForeignKey("digests.id"), nullable=False),
        sa.Column("subscription", _TEXT, sa.ForeignKey("subscriptions.name"), primary_key=True),
        sa.Column(
            "alert_seq", sa.BigInteger, sa.ForeignKey("alerts.seq"), primary_key=True, autoincrement=False
        ),
    )
