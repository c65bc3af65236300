"""Tables, columns and stored values take the names of the product's vocabulary."""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = (("farewells", "unsubscriptions"), ("acts", "actions"), ("pages", "articles"))

_COLUMNS = (
    ("actions", "act", "kind"),
    ("alerts", "owed", "delivery_count"),
    ("attempts", "note", "reason"),
    ("channels", "rest_until", "paused_until"),
    ("deliveries", "note", "reason"),
    ("deliveries", "told_in", "covered_by"),
    ("digests", "owed", "delivery_count"),
    ("feeds", "memory", "profile"),
    ("stories", "story", "id"),
    ("stories", "told", "story"),
    ("stories", "told_at", "updated_at"),
    ("subscriptions", "looked_at", "last_planned_at"),
)

_STORY = {"story": "id", "told_at": "updated_at", "gists": "fingerprints", "voices": "publishers"}
_PROFILE = {"lulls": "quiet_spells", "answered": "document_url"}
_MOVE = {"alike": "same_feed"}

#: So many rows are rewritten at a time.
_BATCH = 1_000


def upgrade() -> None:
    op.drop_index("stories_told", "stories")
    op.drop_index("pages_due", "pages")
    for old, new in _TABLES:
        op.rename_table(old, new)
    for table, old, new in _COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")  # SQLite keeps the table as it is
    op.create_index("stories_updated", "stories", ["updated_at", "id", "version"])
    op.create_index("articles_due", "articles", ["state", "shard", "due_at"])
    _rewrite("stories", "id", "story", _story)
    _rewrite("feeds", "feed", "profile", _profile)


def _rewrite(table: str, key: str, column: str, renamed: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Rename keys in a column of JSON, a batch of rows at a time."""
    connection = op.get_bind()
    rows = sa.table(table, sa.column(key), sa.column(column))
    id, value = rows.c[key], rows.c[column]
    write = rows.update().where(id == sa.bindparam("which")).values({column: sa.bindparam("value")})
    last = ""
    while found := connection.execute(sa.select(id, value).where(id > last).order_by(id).limit(_BATCH)).all():
        last = found[-1][0]
        changed = [
            {"which": which, "value": json.dumps(new, ensure_ascii=False, separators=(",", ":"))}
            for which, text in found
            if (new := renamed(old := json.loads(text))) != old
        ]
        if changed:
            connection.execute(write, changed)


def _story(story: dict[str, Any]) -> dict[str, Any]:
    return _with_names(story, _STORY)


def _profile(profile: dict[str, Any]) -> dict[str, Any]:
    new = _with_names(profile, _PROFILE)
    return new | {"move": _with_names(new["move"], _MOVE)} if new.get("move") else new


def _with_names(value: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(key, key): each for key, each in value.items()}
