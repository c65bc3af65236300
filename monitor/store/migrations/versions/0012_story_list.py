"""Rows for the list of stories, made from the alerts raised so far; an index of alerts by story.

The program keeps these rows by code of its own, which may change. Here stored alerts are read as plain JSON,
as they were when this migration was written.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.text import words

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
        alerts = [(row.seq, json.loads(row.alert)) for row in rows]
        connection.execute(sa.text(_PUT), [_row(seq, alert) for seq, alert in alerts])
        facets = {(kind, value, alert["story"]) for _, alert in alerts for kind, value in _facets(alert)}
        named = [
            {"kind": kind, "value": value, "story": story} for kind, value, story in sorted(facets) if value
        ]
        if named:
            connection.execute(sa.text(_ADD_FACET), named)
        last = rows[-1].seq
    connection.execute(sa.text(_ANSWERED))


def _row(seq: int, alert: dict[str, Any]) -> dict[str, Any]:
    item, verdict = alert["item"], alert["verdict"]
    event = verdict.get("event") or {}
    return {
        "story": alert["story"],
        "seq": seq,
        "at": alert["raised_at"],
        "severity": event.get("severity", 0),
        "sanctions": "sanctions" in verdict["topics"],
        "arms": "arms" in verdict["topics"],
        "words": f" {' '.join(words(item['title'] + ' ' + item['summary']))} "[:_MAX_WORDS],
    }


def _facets(alert: dict[str, Any]) -> Iterator[tuple[str, str]]:
    item, verdict = alert["item"], alert["verdict"]
    yield "feed", item["feed"]
    yield "language", item.get("lang", "").lower().partition("-")[0]
    for each in verdict.get("entities", ()):
        yield "party", each["id"]
        yield "party", each["name"].casefold()
    if event := verdict.get("event"):
        yield "event", event["type"]
        yield "status", "denied" if event.get("negated") else event.get("status", "done")
        yield "polarity", event["polarity"]
        yield from _event_parties(event)


def _event_parties(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    imposer = event.get("imposer", "")
    for id in (imposer, event.get("supplier", ""), event.get("buyer", "")):
        yield "authority", id
    for target in event.get("targets", ())[:10] if imposer else ():
        yield "imposer>target", f"{imposer} {target}"
    for system in event.get("systems", ())[:10]:
        yield "system>stage", f"{system} {event.get('stage') or event['type']}"


_MAX_WORDS = 6_000

_PUT = f"""
INSERT INTO story_rows (story, seq, first_at, last_at, severity, alerts, sanctions, arms, words)
VALUES (:story, :seq, :at, :at, :severity, 1, :sanctions, :arms, :words)
ON CONFLICT (story) DO UPDATE SET
    seq = excluded.seq,
    last_at = excluded.last_at,
    severity = CASE WHEN excluded.severity > story_rows.severity
        THEN excluded.severity ELSE story_rows.severity END,
    alerts = story_rows.alerts + 1,
    sanctions = story_rows.sanctions OR excluded.sanctions,
    arms = story_rows.arms OR excluded.arms,
    words = substr(story_rows.words || excluded.words, 1, {_MAX_WORDS})
"""  # noqa: S608  a number of ours

_ADD_FACET = """
INSERT INTO story_facets (kind, value, story) VALUES (:kind, :value, :story)
ON CONFLICT (kind, value, story) DO NOTHING
"""

_ANSWERED = """
UPDATE story_rows SET answered_at = (
    SELECT min(actions.at) FROM actions JOIN alerts ON alerts.id = actions.alert
    WHERE alerts.seq = story_rows.seq
)
"""
