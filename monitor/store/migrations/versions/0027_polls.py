"""The log of the latest polls of each feed."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "polls",
        sa.Column("feed", _TEXT, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _TEXT, nullable=False),
        sa.Column("health", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("news", sa.Integer, nullable=False),
        sa.Column("took_s", sa.Float, nullable=False),
    )
