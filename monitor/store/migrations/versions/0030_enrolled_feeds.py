"""Find the feeds that are due without reading those that were removed."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("feeds_next", "feeds")
    op.create_index(
        "feeds_next",
        "feeds",
        ["next_poll_at", "shard"],
        sqlite_where=sa.text("enrolled = 1"),
        postgresql_where=sa.text("enrolled"),
    )
