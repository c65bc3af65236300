"""The subscriptions of feeds at their WebSub hubs."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "hub_subscriptions",
        sa.Column("feed", _TEXT, sa.ForeignKey("feeds.feed"), primary_key=True),
        sa.Column("hub", _TEXT, nullable=False),
        sa.Column("topic", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("token", _TEXT, nullable=False),
        sa.Column("secret", _TEXT, nullable=False),
        sa.Column("due_at", _TEXT, nullable=False),
        sa.Column("expires_at", _TEXT),
        sa.Column("notified_at", _TEXT),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
    )
    op.create_index("hub_subscriptions_due", "hub_subscriptions", ["due_at"])
    op.create_index("hub_subscriptions_token", "hub_subscriptions", ["token"])
