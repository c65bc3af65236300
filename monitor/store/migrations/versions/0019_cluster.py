"""Processes of a cluster, what one of them does at a time, and the files that they share."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "workers",
        sa.Column("id", _TEXT, primary_key=True),
        sa.Column("process", _TEXT, nullable=False),
        sa.Column("runs_jobs", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, _TEXT, nullable=False)
            for name in ("program", "config", "rules", "lexicon", "lists", "started_at", "seen_at")
        ),
    )
    op.create_table(
        "leases",
        sa.Column("name", _TEXT, primary_key=True),
        sa.Column("holder", _TEXT, nullable=False),
        sa.Column("until", _TEXT, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
    )
    op.create_table(
        "channel_rates",
        sa.Column("channel", _TEXT, primary_key=True),
        sa.Column("full_at", _TEXT, nullable=False),
    )
    op.create_table(
        "shared_files",
        sa.Column("name", _TEXT, primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("version", _TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
