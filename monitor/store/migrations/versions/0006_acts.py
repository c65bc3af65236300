"""Silences, farewells, what readers did about alerts, and escalations."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_CRITERIA = ("story", "feed", "entity", "event", "topic", "words")


def upgrade() -> None:
    op.create_table(
        "silences",
        sa.Column("id", _TEXT, primary_key=True),
        sa.Column("who", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("expires_at", _TEXT, nullable=False),
        *(sa.Column(name, _TEXT, nullable=False) for name in _CRITERIA),
        sa.Column("break_through", sa.Integer, nullable=False),
        sa.Column("flips", sa.Boolean, nullable=False),
        sa.Column("channel", _TEXT, nullable=False),
        sa.Column("recipient", _TEXT, nullable=False),
        sa.Column("ended_at", _TEXT),
    )
    op.create_table(
        "farewells",
        sa.Column("channel", _TEXT, primary_key=True),
        sa.Column("recipient", _TEXT, primary_key=True),
        sa.Column("at", _TEXT, nullable=False),
        sa.Column("how", _TEXT, nullable=False),
    )
    op.create_table(
        "acts",
        sa.Column("alert", _TEXT, sa.ForeignKey("alerts.id"), primary_key=True),
        sa.Column("act", _TEXT, primary_key=True),
        sa.Column("channel", _TEXT, primary_key=True),
        sa.Column("recipient", _TEXT, primary_key=True),
        sa.Column("at", _TEXT, nullable=False),
    )
    op.create_table(
        "escalations",
        sa.Column("alert", _TEXT, sa.ForeignKey("alerts.id"), primary_key=True),
        sa.Column("step", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _TEXT, nullable=False),
    )
