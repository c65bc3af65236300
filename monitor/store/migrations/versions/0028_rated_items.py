"""Find the few items in which something was recognised without reading the others."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_RATED = sa.text("severity IS NOT NULL")

_SQLITE = """
    UPDATE items SET severity = coalesce(json_extract(verdict, '$.event.severity'), 0)
    WHERE topics != '[]' OR json_extract(verdict, '$.event') IS NOT NULL
        OR coalesce(json_extract(verdict, '$.possible'), '[]') != '[]'
"""
_POSTGRESQL = """
    UPDATE items SET severity = coalesce((verdict::json #>> '{event,severity}')::integer, 0)
    WHERE topics != '[]' OR verdict::json #>> '{event}' IS NOT NULL
        OR coalesce(verdict::json #>> '{possible}', '[]') != '[]'
"""


def upgrade() -> None:
    op.add_column("items", sa.Column("severity", sa.Integer))
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(_SQLITE if sqlite else _POSTGRESQL)
    op.create_index(
        "items_rated", "items", ["number", "severity"], sqlite_where=_RATED, postgresql_where=_RATED
    )
