"""Rows for the list of stories, made from the alerts raised so far; an index of alerts by story."""

import sqlalchemy as sa
from alembic import op

from monitor.model import Alert
from monitor.store.codec import from_json
from monitor.store.story_index import index_alerts

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_BATCH = 500


def upgrade() -> None:
    op.create_index("alerts_story", "alerts", ["story", "seq"])
    op.create_table(
        "story_rows",
        sa.Column("story", _TEXT, primary_key=True),
        sa.Column("seq", sa.BigInteger, sa.ForeignKey("alerts.seq"), nullable=False),
        sa.Column("first_at", _TEXT, nullable=False),
        sa.Column("last_at", _TEXT, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("alerts", sa.Integer, nullable=False),
        sa.Column("sanctions", sa.Boolean, nullable=False),
        sa.Column("arms", sa.Boolean, nullable=False),
        sa.Column("answered_at", _TEXT),
        sa.Column("words", _TEXT, nullable=False),
    )
    op.create_index("story_rows_seq", "story_rows", ["seq"])
    op.create_index("story_rows_open", "story_rows", ["answered_at", "seq"])
    op.create_table(
        "story_facets",
        *(sa.Column(name, _TEXT, primary_key=True) for name in ("kind", "value", "story")),
    )
    _index_alerts(op.get_bind())


def _index_alerts(connection: sa.Connection) -> None:
    last = 0
    newer = sa.text("SELECT seq, alert FROM alerts WHERE seq > :last ORDER BY seq LIMIT :most")
    while rows := connection.execute(newer, {"last": last, "most": _BATCH}).all():
        index_alerts(connection, [from_json(Alert, row.alert) for row in rows])
        last = rows[-1].seq
    connection.execute(sa.text(_ANSWERED))


_ANSWERED = """
UPDATE story_rows SET answered_at = (
    SELECT min(actions.at) FROM actions JOIN alerts ON alerts.id = actions.alert
    WHERE alerts.seq = story_rows.seq
)
"""
