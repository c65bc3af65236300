"""Which process has reserved a host, so that the host is free again when that process is lost."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("hosts", sa.Column("reserved_by", _TEXT))
