"""What lowered a decision, in fields of their own; it stood in its reasons in words.

Decisions are read as plain JSON, as they were when this migration was written: a doubt stood behind the first
semicolon. Alerts that are placed above the digest were lowered by no doubt.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_BATCH = 500
_DIGEST = 2
_BACKLOG = "older than the backlog when the feed was first polled"


def upgrade() -> None:
    connection = op.get_bind()
    for table, key, column in (("items", "number", "decision"), ("alerts", "seq", "alert")):
        put = sa.text(f"UPDATE {table} SET {column} = :value WHERE {key} = :key")  # noqa: S608 - our names
        for rows in _batches(connection, table, key, column):
            values = ((row.key, json.loads(row.value)) for row in rows)
            changed = [{"key": key, "value": _text(value)} for key, value in values if _fill(value)]
            if changed:
                connection.execute(put, changed)


def _batches(connection: sa.Connection, table: str, key: str, column: str) -> Iterator[Any]:
    """Yield the rows that may name what lowered a decision."""
    named = f"({column} LIKE '%; %' OR {column} LIKE '%{_BACKLOG}%')"
    newer = sa.text(
        f"SELECT {key} AS key, {column} AS value FROM {table}"  # noqa: S608 - our names
        f" WHERE {key} > :last AND {named} ORDER BY {key} LIMIT :most"
    )
    last = 0
    while rows := connection.execute(newer, {"last": last, "most": _BATCH}).all():
        yield rows
        last = rows[-1].key


def _fill(value: dict[str, Any]) -> bool:
    """Fill the fields of a decision, or of that of an alert; return whether it was lowered."""
    decision = value.get("decision", value)
    if decision["because"] == _BACKLOG:
        decision["from_backlog"] = True
        return True
    doubt = decision["because"].partition("; ")[2]
    if not doubt or (value is not decision and decision["placement"] > _DIGEST):
        return False
    decision["doubt"] = doubt
    return True


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
