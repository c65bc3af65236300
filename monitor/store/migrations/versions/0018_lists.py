"""Indexes by which items of a feed and deliveries of a channel are listed, the newest first."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("items_feed", "items", ["feed", "number"])
    op.create_index("deliveries_listed", "deliveries", ["channel", "state", "number"])
