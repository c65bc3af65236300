"""Deadlines of stories, and the reminders of them."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "deadlines",
        sa.Column("story", _TEXT, primary_key=True),
        sa.Column("day", _TEXT, primary_key=True),
        sa.Column("stated_at", _TEXT, nullable=False),
        sa.Column("reminded_at", _TEXT),
        sa.Index("deadlines_day", "day"),
    )
