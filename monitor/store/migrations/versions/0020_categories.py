"""The categories and tags that publishers give their items."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("items", sa.Column("categories", _TEXT, nullable=False, server_default="[]"))
