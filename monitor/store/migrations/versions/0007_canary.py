"""Deliveries found by their channel and by their story."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("deliveries_channel", "deliveries", ["kind", "channel", "state", "closed_at"])
    op.create_index("deliveries_story", "deliveries", ["story"])
