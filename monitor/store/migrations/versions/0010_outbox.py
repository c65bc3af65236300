"""Who leased a delivery, and indexes by which the outbox finds what is next, however much is owed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("leased_by", _TEXT))
    op.drop_index("deliveries_channel", "deliveries")
    op.create_index("deliveries_next", "deliveries", ["state", "channel", "due_at", "number", "recipient"])
    op.create_index(
        "deliveries_waiting",
        "deliveries",
        ["channel", "recipient", "kind", "state", "due_at", "number", "severity"],
    )
    op.create_index("deliveries_recent", "deliveries", ["channel", "recipient", "kind", "state", "closed_at"])
    op.create_index("deliveries_kind", "deliveries", ["kind", "channel", "number"])
