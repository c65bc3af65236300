"""Write the records of an export as CSV, one row a record."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from monitor.model import Action, Alert, DeliveryHistory, Entity, ExportKind, Judged

from .attachments import safe_cell
from .export_data import action_data, delivery_data, second
from .sanitize import href

Row = Mapping[str, str]

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
        "first_seen_utc": second(item.first_seen_at),
        "published_utc": second(item.published_at),
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
    return {**item_row(judged), **own, "raised_utc": second(alert.raised_at)}


def _delivery_row(history: DeliveryHistory) -> Row:
    data, last = delivery_data(history), history.attempts[-1] if history.attempts else None
    row = {name: str(data[name]) for name in COLUMNS[ExportKind.DELIVERIES] if name in data}
    return row | {
        "delivery": history.delivery.id,
        "created_utc": data["created_at"],
        "due_utc": data["due_at"],
        "attempts": str(len(history.attempts)),
        "last_attempt_utc": second(last.started_at) if last else "",
        "last_answer": last.reason if last else "",
    }


def _action_row(action: Action) -> Row:
    data = action_data(action)
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


CELLS: Mapping[ExportKind, Callable[[Any], Row]] = {
    ExportKind.ITEMS: item_row,
    ExportKind.ALERTS: _alert_row,
    ExportKind.DELIVERIES: _delivery_row,
    ExportKind.FEEDBACK: _action_row,
    ExportKind.ENTRIES: _entry_row,
}


def csv_lines(kind: ExportKind, records: Iterable[Any]) -> Iterator[str]:
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
