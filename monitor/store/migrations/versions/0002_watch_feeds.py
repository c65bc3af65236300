"""What polling learns of feeds, other names of items, pages read in full, documents kept, incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: Added in place: a table made anew would lose the triggers that keep its words.
_ADDED = (
    ("feeds", sa.Column("read_at", _TEXT)),
    ("feeds", sa.Column("memory", _TEXT, nullable=False, server_default="{}")),
    ("items", sa.Column("body", _TEXT, nullable=False, server_default="")),
    ("items", sa.Column("hashes", _TEXT, nullable=False, server_default="[]")),
    ("items", sa.Column("link_key", _TEXT, nullable=False, server_default="")),
    ("items", sa.Column("title_key", _TEXT, nullable=False, server_default="")),
    ("alerts", sa.Column("document", _TEXT)),
)


def upgrade() -> None:
    for table, column in _ADDED:
        op.add_column(table, column)
    op.create_index("items_link", "items", ["feed", "link_key"])
    op.create_index("items_title", "items", ["feed", "title_key"])
    _items()
    _incidents()


def _items() -> None:
    op.create_table(
        "aliases",
        sa.Column("id", _TEXT, primary_key=True),
        sa.Column("item", _TEXT, sa.ForeignKey("items.id"), nullable=False),
        sa.Column("last_seen_at", _TEXT, nullable=False),
    )
    op.create_index("aliases_item", "aliases", ["item"])
    op.create_table(
        "forgotten",
        sa.Column("id", _TEXT, primary_key=True),
        sa.Column("content_hash", _TEXT, nullable=False),
        sa.Column("last_seen_at", _TEXT, nullable=False),
    )
    op.create_index("forgotten_last_seen", "forgotten", ["last_seen_at"])
    op.create_table(
        "pages",
        sa.Column("item", _TEXT, sa.ForeignKey("items.id"), primary_key=True),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("host", _TEXT, nullable=False),
        sa.Column("shard", sa.Integer, nullable=False),
        sa.Column("due_at", _TEXT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
    )
    op.create_index("pages_due", "pages", ["state", "shard", "due_at"])
    op.create_table(
        "documents",
        sa.Column("hash", _TEXT, primary_key=True),
        sa.Column("feed", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("fetched_at", _TEXT, nullable=False),
        sa.Column("headers", _TEXT, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("number", _NUMBER, primary_key=True),
        sa.Column("subject", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("opened_at", _TEXT, nullable=False),
        sa.Column("closed_at", _TEXT),
        sa.UniqueConstraint("subject", "kind", "opened_at", name="one_incident_at_a_time"),
        sqlite_autoincrement=True,
    )
    op.create_index("incidents_closed", "incidents", ["closed_at"])
