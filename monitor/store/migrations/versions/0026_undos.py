"""How to undo what was done at the desk, which was kept in memory; documents are found by their feed."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "undos",
        sa.Column("token", _TEXT, primary_key=True),
        sa.Column("until", _TEXT, nullable=False),
        sa.Column("undo", _TEXT, nullable=False),
    )
    op.create_index("undos_until", "undos", ["until"])
    op.create_index("documents_feed", "documents", ["feed", "fetched_at"])
