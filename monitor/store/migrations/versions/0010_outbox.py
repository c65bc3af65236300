"""Who leased a delivery, and indexes by which the outbox finds what is next, however much is owed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

#: The planner finds the right index only if it knows how many rows are owed, which changes within minutes.
_STATISTICS = (
    "autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000,"
    " autovacuum_vacuum_scale_factor = 0.02"
)


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("leased_by", _TEXT))
    op.drop_index("deliveries_channel", "deliveries")
    op.create_index("deliveries_next", "deliveries", ["state", "channel", "due_at", "number", "recipient"])
    op.create_index(
        "deliveries_waiting",
        "deliveries",
        ["channel", "recipient", "kind", "state", "due_at", "number", "severity"],
    )
    op.create_index("deliveries_recent", "deliveries", ["kind", "channel", "recipient", "state", "closed_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE deliveries SET ({_STATISTICS})")
