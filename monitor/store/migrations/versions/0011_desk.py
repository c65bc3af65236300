"""Users of the desk, their sessions, what they did, notes, assignments and saved views."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, _TEXT, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("name", _TEXT, primary_key=True),
        *_texts("role", "password_hash", "created_at"),
    )
    op.create_table(
        "sessions",
        sa.Column("id_hash", _TEXT, primary_key=True),
        sa.Column("user", _TEXT, sa.ForeignKey("users.name", ondelete="CASCADE"), nullable=False),
        *_texts("created_at", "expires_at"),
    )
    op.create_index("sessions_user", "sessions", ["user"])
    op.create_index("sessions_expire", "sessions", ["expires_at"])
    op.create_table(
        "audit",
        sa.Column("number", _NUMBER, primary_key=True),
        *_texts("at", "who", "what", "subject", "detail"),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_subject", "audit", ["subject", "number"])
    op.create_table(
        "notes",
        sa.Column("id", _TEXT, primary_key=True),
        *_texts("story", "who", "at", "text"),
    )
    op.create_index("notes_story", "notes", ["story", "at"])
    op.create_table("assignments", sa.Column("story", _TEXT, primary_key=True), *_texts("who", "by", "at"))
    op.create_table("saved_views", sa.Column("name", _TEXT, primary_key=True), *_texts("query", "by", "at"))
