"""Keep the rows of the list of stories up to date: with each alert, and with each reaction to one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, exists, func, literal, select, update

from monitor.model import Alert, facets_of
from monitor.text import words

from . import tables as t
from .database import chunks, insert, insert_missing

#: Longest text of a story that is searched, in characters; more is in the archive.
MAX_WORDS = 6_000


def index_alerts(connection: Connection, alerts: Sequence[Alert]) -> None:
    """Bring the rows of the stories of some alerts up to date; doing so again changes nothing."""
    sequence: dict[str, int] = {}
    for part in chunks([alert.id for alert in alerts]):
        rows = connection.execute(select(t.alerts.c.id, t.alerts.c.seq).where(t.alerts.c.id.in_(part)))
        sequence |= {row.id: row.seq for row in rows}
    for alert in sorted(alerts, key=lambda each: sequence[each.id]):
        _put(connection, _row(alert, sequence[alert.id]))
    facets = {(kind, value, alert.story) for alert in alerts for kind, value in facets_of(alert) if value}
    keys = ("kind", "value", "story")
    insert_missing(
        connection, t.story_facets, [dict(zip(keys, each, strict=True)) for each in sorted(facets)]
    )


def record_answer(connection: Connection, alert: str, at: datetime) -> None:
    """Record that somebody reacted to an alert, if it is the newest of its story."""
    newest = select(t.alerts.c.seq).where(t.alerts.c.id == alert).scalar_subquery()
    answered = update(t.story_rows).where(t.story_rows.c.seq == newest)
    connection.execute(answered.values(answered_at=at))


def withdraw_answer(connection: Connection, alert: str) -> None:
    """Make a story open again if no reaction to its newest alert is left."""
    newest = select(t.alerts.c.seq).where(t.alerts.c.id == alert).scalar_subquery()
    reopened = update(t.story_rows).where(t.story_rows.c.seq == newest)
    connection.execute(reopened.where(~exists().where(t.actions.c.alert == alert)).values(answered_at=None))


def _put(connection: Connection, row: dict[str, Any]) -> None:
    statement = insert(connection, t.story_rows)
    new, old = statement.excluded, t.story_rows.c
    changes = {
        "seq": new.seq,
        "last_at": new.last_at,
        "severity": case((new.severity > old.severity, new.severity), else_=old.severity),
        "alerts": old.alerts + 1,
        "sanctions": case((new.sanctions, True), else_=old.sanctions),
        "arms": case((new.arms, True), else_=old.arms),
        "answered_at": literal(None),
        "words": func.substr(old.words + new.words, 1, MAX_WORDS),
    }
    newer = statement.on_conflict_do_update(index_elements=["story"], set_=changes, where=old.seq < new.seq)
    connection.execute(newer, [row])


def _row(alert: Alert, seq: int) -> dict[str, Any]:
    topics = alert.verdict.topics
    return {
        "story": alert.story,
        "seq": seq,
        "first_at": alert.raised_at,
        "last_at": alert.raised_at,
        "severity": alert.verdict.severity,
        "alerts": 1,
        "sanctions": "sanctions" in topics,
        "arms": "arms" in topics,
        "answered_at": None,
        "words": searched_words(f"{alert.item.title} {alert.item.summary}"),
    }


def searched_words(text: str) -> str:
    """Return folded words with a space before and behind each, so that a whole word is found by LIKE."""
    return f" {' '.join(words(text))} "[:MAX_WORDS]
