"""Write records as CSV, JSON Lines or FollowTheMoney entities, one after another, as they come."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.model import Action, Alert, Attempt, DeliveryHistory, Entity, ExportKind, Judged

from .attachments import safe_cell
from .export_ftm import ftm_entities
from .json import alert_data, verdict_data
from .sanitize import href, without_surrogates

Record = Any
Row = Mapping[str, str]


class ExportFormat(StrEnum):
    """The formats of an export; `FTM` is that of FollowTheMoney and OpenSanctions, for items and entries."""

    CSV = "csv"
    JSONL = "jsonl"
    FTM = "ftm"


def export_lines(kind: ExportKind, format: ExportFormat, records: Iterable[Record]) -> Iterator[str]:
    """Yield the text of an export piece by piece; each ends with a line break."""
    if format is ExportFormat.CSV:
        return _csv_lines(kind, records)
    if format is ExportFormat.JSONL:
        return (_line({"record": kind.value} | JSON[kind](each)) for each in records)
    return (_line(entity) for each in records for entity in ftm_entities(each))


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _csv_lines(kind: ExportKind, records: Iterable[Record]) -> Iterator[str]:
    """Yield rows in which no spreadsheet evaluates a cell as a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS[kind])
    for each in records:
        yield _taken(buffer)
        row = CELLS[kind](each)
        writer.writerow(safe_cell(row[column]) for column in COLUMNS[kind])
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    """Return what was written into the buffer, and empty it."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


# ---------------------------------------------------------------- JSON


def item_data(judged: Judged) -> dict[str, Any]:
    """Return an item with its verdict as JSON data."""
    item = judged.item
    return {
        "id": item.id,
        "feed": item.feed,
        "title": without_surrogates(item.title),
        "url": without_surrogates(item.url),
        "lang": item.lang,
        "first_seen_at": _second(item.first_seen_at),
        "published_at": _second(item.published_at) or None,
        "verdict": verdict_data(judged.verdict, judged.decision),
    }


def _full_item(judged: Judged) -> dict[str, Any]:
    return item_data(judged) | {"summary": without_surrogates(judged.item.summary)}


def _alert(alert: Alert) -> dict[str, Any]:
    return alert_data(alert) | {"seq": alert.seq, "item": alert.item.id}


def _delivery(history: DeliveryHistory) -> dict[str, Any]:
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
        "created_at": _second(delivery.created_at),
        "due_at": _second(delivery.due_at),
        "attempts": [_attempt(each) for each in history.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "started_at": _second(attempt.started_at),
        "ended_at": _second(attempt.ended_at) or None,
        "phase": attempt.phase,
        "outcome": attempt.outcome,
        "code": attempt.code,
        "reason": attempt.reason,
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "alert": action.alert,
        "kind": action.kind,
        "channel": action.channel,
        "recipient": action.recipient,
        "at": _second(action.at),
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
    }


JSON: Mapping[ExportKind, Callable[[Record], dict[str, Any]]] = {
    ExportKind.ITEMS: _full_item,
    ExportKind.ALERTS: _alert,
    ExportKind.DELIVERIES: _delivery,
    ExportKind.FEEDBACK: _action,
    ExportKind.ENTRIES: entry_data,
}


# ---------------------------------------------------------------- CSV

ITEM_COLUMNS = (
    *("item", "first_seen_utc", "published_utc", "feed", "lang", "topics", "possible", "sanctions", "arms"),
    *("event", "polarity", "severity", "credibility", "placement", "title", "url"),
)
COLUMNS: Mapping[ExportKind, tuple[str, ...]] = {
    ExportKind.ITEMS: ITEM_COLUMNS,
    ExportKind.ALERTS: ("alert", "story", "kind", "news", "raised_utc", *ITEM_COLUMNS),
    ExportKind.DELIVERIES: (
        *("delivery", "kind", "ref", "story", "channel", "recipient", "state", "reason", "severity"),
        *("covered_by", "created_utc", "due_utc", "attempts", "last_attempt_utc", "last_answer"),
    ),
    ExportKind.FEEDBACK: ("alert", "kind", "channel", "recipient", "at_utc"),
    ExportKind.ENTRIES: (
        *("list", "id", "kind", "name", "aliases", "weak_aliases", "countries", "programmes", "listed_on"),
    ),
}


def item_row(judged: Judged) -> Row:
    """Return the cells of an item by column, before they are made safe."""
    item, verdict, event = judged.item, judged.verdict, judged.verdict.event
    return {
        "item": item.id,
        "first_seen_utc": _second(item.first_seen_at),
        "published_utc": _second(item.published_at),
        "feed": item.feed,
        "lang": item.lang,
        "topics": " ".join(verdict.topics),
        "possible": " ".join(verdict.possible),
        "sanctions": str(verdict.relevance.get("sanctions", 0)),
        "arms": str(verdict.relevance.get("arms", 0)),
        "event": event.type if event else "",
        "polarity": event.polarity if event else "",
        "severity": str(verdict.severity),
        "credibility": verdict.credibility.letter,
        "placement": judged.decision.placement.name.lower(),
        "title": item.title,
        "url": href(item.url),
    }


def _alert_row(alert: Alert) -> Row:
    own = {"alert": alert.id, "story": alert.story, "kind": alert.kind, "news": alert.news}
    judged = Judged(alert.item, alert.verdict, alert.decision)
    return {**item_row(judged), **own, "raised_utc": _second(alert.raised_at)}


def _delivery_row(history: DeliveryHistory) -> Row:
    data, last = _delivery(history), history.attempts[-1] if history.attempts else None
    row = {name: str(data[name]) for name in COLUMNS[ExportKind.DELIVERIES] if name in data}
    return row | {
        "delivery": history.delivery.id,
        "created_utc": data["created_at"],
        "due_utc": data["due_at"],
        "attempts": str(len(history.attempts)),
        "last_attempt_utc": _second(last.started_at) if last else "",
        "last_answer": last.reason if last else "",
    }


def _action_row(action: Action) -> Row:
    data = _action(action)
    return {name: str(value) for name, value in data.items()} | {"at_utc": data["at"]}


def _entry_row(entity: Entity) -> Row:
    aliases = [name.text for name in entity.names[1:] if name.strength != "weak"]
    weak = [name.text for name in entity.names[1:] if name.strength == "weak"]
    return {
        "list": entity.list,
        "id": entity.id,
        "kind": entity.kind.value,
        "name": entity.name,
        "aliases": "; ".join(aliases),
        "weak_aliases": "; ".join(weak),
        "countries": " ".join(entity.countries),
        "programmes": "; ".join(entity.programmes),
        "listed_on": entity.listed_on.isoformat() if entity.listed_on else "",
    }


CELLS: Mapping[ExportKind, Callable[[Record], Row]] = {
    ExportKind.ITEMS: item_row,
    ExportKind.ALERTS: _alert_row,
    ExportKind.DELIVERIES: _delivery_row,
    ExportKind.FEEDBACK: _action_row,
    ExportKind.ENTRIES: _entry_row,
}


def _second(at: datetime | None) -> str:
    """Return a time in ISO 8601 and UTC, to the second; "" for None."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""
