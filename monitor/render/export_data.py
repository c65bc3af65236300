"""Convert the records of an export to JSON data."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from monitor.model import Action, Alert, Attempt, DeliveryHistory, Entity, ExportKind, Judged

from .json import alert_data, verdict_data
from .sanitize import without_surrogates


def judged_data(judged: Judged) -> dict[str, Any]:
    """Return an item with its verdict as JSON data."""
    item = judged.item
    return {
        "id": item.id,
        "feed": item.feed,
        "title": without_surrogates(item.title),
        "url": without_surrogates(item.url),
        "lang": item.lang,
        "first_seen_at": second(item.first_seen_at),
        "published_at": second(item.published_at) or None,
        "verdict": verdict_data(judged.verdict, judged.decision),
    }


def _full_item(judged: Judged) -> dict[str, Any]:
    item = judged.item
    categories = [without_surrogates(each) for each in item.categories]
    return judged_data(judged) | {"summary": without_surrogates(item.summary), "categories": categories}


def _alert(alert: Alert) -> dict[str, Any]:
    return alert_data(alert) | {"seq": alert.seq, "item": alert.item.id}


def delivery_data(history: DeliveryHistory) -> dict[str, Any]:
    """Return a delivery without its message, which holds links that act for the recipient."""
    delivery = history.delivery
    return {
        "id": delivery.id,
        "kind": delivery.kind,
        "ref": delivery.ref,
        "story": delivery.story,
        "channel": delivery.channel,
        "recipient": delivery.recipient,
        "state": delivery.state,
        "reason": delivery.reason,
        "severity": delivery.severity,
        "covered_by": delivery.covered_by,
        "created_at": second(delivery.created_at),
        "due_at": second(delivery.due_at),
        "attempts": [_attempt(each) for each in history.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "started_at": second(attempt.started_at),
        "ended_at": second(attempt.ended_at) or None,
        "phase": attempt.phase,
        "outcome": attempt.outcome,
        "code": attempt.code,
        "reason": attempt.reason,
    }


def action_data(action: Action) -> dict[str, Any]:
    """Return the feedback of a recipient as JSON data."""
    return {
        "alert": action.alert,
        "kind": action.kind,
        "channel": action.channel,
        "recipient": action.recipient,
        "at": second(action.at),
    }


def entry_data(entity: Entity) -> dict[str, Any]:
    """Return an entry of a sanctions list as JSON data."""
    return {
        "list": entity.list,
        "id": entity.id,
        "name": entity.name,
        "kind": entity.kind.value,
        "names": [{"text": n.text, "strength": n.strength.value, "lang": n.lang} for n in entity.names],
        "countries": list(entity.countries),
        "programmes": list(entity.programmes),
        "listed_on": entity.listed_on.isoformat() if entity.listed_on else None,
        "identifiers": [{"kind": each.kind, "number": each.number} for each in entity.identifiers],
    }


#: The JSON data of a record, by the kind of record.
DATA: Mapping[ExportKind, Callable[[Any], dict[str, Any]]] = {
    ExportKind.ITEMS: _full_item,
    ExportKind.ALERTS: _alert,
    ExportKind.DELIVERIES: delivery_data,
    ExportKind.FEEDBACK: action_data,
    ExportKind.ENTRIES: entry_data,
}


def second(at: datetime | None) -> str:
    """Return a time in ISO 8601 and UTC, to the second; "" for None."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""
