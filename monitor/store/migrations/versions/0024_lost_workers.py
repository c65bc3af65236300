"""What each process of a cluster runs at the moment, and since when it is lost."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("workers", sa.Column("lanes", _TEXT, nullable=False, server_default="[]"))
    op.add_column("workers", sa.Column("lost_at", _TEXT))
