"""Stored ids and codes of countries become ISO 3166-1: ``country:UK`` is ``country:GB``."""

import json
import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: Codes that are not, or no longer, ISO 3166-1, by the code that is.
_CODES = {"UK": "GB", "EL": "GR", "BU": "MM", "DD": "DE", "FX": "FR", "TP": "TL", "YD": "YE", "ZR": "CD"}
_IDS = {f"country:{old}": f"country:{new}" for old, new in _CODES.items()}

#: Table, key and column of JSON that holds ids of entities.
_COLUMNS = (("alerts", "id", "alert"), ("items", "id", "verdict"), ("stories", "id", "story"))

#: Most rows name none of these countries: they are not parsed.
_NAMED = re.compile(rf'"(?:country:)?(?:{"|".join(_CODES)})"')

#: So many rows are rewritten at a time.
_BATCH = 1_000


def upgrade() -> None:
    for table, key, column in _COLUMNS:
        _rewrite(table, key, column)
    silences = sa.table("silences", sa.column("entity"))
    for old, new in _IDS.items():
        op.execute(silences.update().where(silences.c.entity == old).values(entity=new))


def _rewrite(table: str, key: str, column: str) -> None:
    connection = op.get_bind()
    rows = sa.table(table, sa.column(key), sa.column(column))
    id, value = rows.c[key], rows.c[column]
    write = rows.update().where(id == sa.bindparam("which")).values({column: sa.bindparam("value")})
    last = ""
    while found := connection.execute(sa.select(id, value).where(id > last).order_by(id).limit(_BATCH)).all():
        last = found[-1][0]
        changed = [{"which": which, "value": _text(text)} for which, text in found if _NAMED.search(text)]
        if changed:
            connection.execute(write, changed)


def _text(text: str) -> str:
    return json.dumps(_renamed(json.loads(text)), ensure_ascii=False, separators=(",", ":"))


def _renamed(value: Any, codes: bool = False) -> Any:
    """Return JSON with new ids, and new codes in lists of countries; items stay as their feed wrote them."""
    if isinstance(value, dict):
        return {
            name: each if name == "item" else _renamed(each, codes=name == "countries")
            for name, each in value.items()
        }
    if isinstance(value, list):
        renamed = [_renamed(each, codes) for each in value]
        return _unique(renamed) if renamed != value else value
    return (_CODES if codes else _IDS).get(value, value) if isinstance(value, str) else value


def _unique(values: list[Any]) -> list[Any]:
    """Drop values that are there already under their other name."""
    kept: list[Any] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return kept
