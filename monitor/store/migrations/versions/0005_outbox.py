"""How grave a delivery is, what told it instead, how many are owed, and how channels fare."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_ADDED = (
    ("deliveries", sa.Column("severity", sa.Integer, nullable=False, server_default="0")),
    ("deliveries", sa.Column("told_in", _TEXT, nullable=False, server_default="")),
    ("alerts", sa.Column("owed", sa.Integer)),
    ("digests", sa.Column("owed", sa.Integer)),
)


def upgrade() -> None:
    for table, column in _ADDED:
        op.add_column(table, column)
    op.create_index("deliveries_closed", "deliveries", ["state", "closed_at"])
    op.create_index("deliveries_ref", "deliveries", ["ref"])
    op.create_table(
        "channels",
        sa.Column("channel", _TEXT, primary_key=True),
        sa.Column("faults", sa.Integer, nullable=False),
        sa.Column("permanent", sa.Boolean, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("since", _TEXT),
        sa.Column("rest_until", _TEXT),
        sa.Column("sent_at", _TEXT),
    )
