"""Find the feeds that are due, and those polled lately, without reading all feeds."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("feeds_due", "feeds")
    op.create_index("feeds_next", "feeds", ["next_poll_at", "shard"])
    op.create_index("feeds_polled", "feeds", ["polled_at"])
