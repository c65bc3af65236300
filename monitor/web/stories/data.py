"""Stories as JSON for programs. Pure."""

from typing import Any

from monitor.render.sanitize import clip

from .rows import RowView


def row_data(row: RowView) -> dict[str, Any]:
    """Return a row of the list as JSON."""
    event = row.alert.verdict.event
    return {
        "id": row.story,
        "act": row.plain,
        "severity": row.severity,
        "topics": list(row.alert.verdict.topics),
        "possible": list(row.alert.verdict.possible),
        "event": event.type if event else None,
        "status": event.status if event else None,
        "direction": event.polarity if event else None,
        "source": row.alert.source,
        "sources": row.source,
        "title": row.alert.item.title,
        "url": row.link,
        "language": row.lang,
        "at": row.at.isoformat(),
        "alert": row.alert.id,
        "update": clip(row.alert.news, 200) or None,
        "answered": row.is_answered,
        "silenced": row.is_silenced,
        "assigned": row.assigned or None,
    }
