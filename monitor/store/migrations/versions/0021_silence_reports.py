"""When it was reported what a silence left open; those that ended before are not reported any more."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

#: The database knows no moment later than the last of its deliveries.
_REPORTED = """
    UPDATE silences SET reported_at = expires_at
    WHERE ended_at IS NOT NULL OR expires_at < (SELECT coalesce(max(created_at), '') FROM deliveries)
"""


def upgrade() -> None:
    op.add_column("silences", sa.Column("reported_at", _TEXT))
    op.execute(_REPORTED)
