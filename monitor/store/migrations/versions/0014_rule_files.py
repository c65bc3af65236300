"""The files by which items were judged, by version."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "rule_files",
        sa.Column("kind", _TEXT, primary_key=True),
        sa.Column("version", _TEXT, primary_key=True),
        sa.Column("stored_at", _TEXT, nullable=False),
        sa.Column("texts", sa.LargeBinary, nullable=False),
    )
