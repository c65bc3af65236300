"""Convert an evidence pack to JSON data: the record that programs read and that the page shows."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from monitor.model import (
    AlertEvidence,
    Attempt,
    Delivery,
    EvidencePack,
    Exhibit,
    Item,
    Message,
    Replay,
    RuleFile,
)
from monitor.text.secrets import without_secrets

from .attachments import canonical
from .json import alert_data, verdict_data
from .sanitize import without_surrogates

#: Rises when a key is renamed or removed.
FORMAT = 1


def evidence_data(
    pack: EvidencePack, messages: Mapping[str, tuple[str, ...]], files: Mapping[str, tuple[str, RuleFile]]
) -> dict[str, Any]:
    """Return a pack as JSON data.

    `messages` names the files of each delivery's message, `files` holds path → (version, file).
    """
    return {
        "format": FORMAT,
        "program": pack.program,
        "item": item_data(pack.judged.item),
        "verdict": verdict_data(pack.judged.verdict, pack.judged.decision),
        "replay": replay_data(pack.replay),
        "alerts": [_alert(each, messages) for each in pack.alerts],
        "rules": [asdict(each) for each in pack.excerpts],
        "files": [
            {"path": path, "version": version, "role": file.role.value, "name": file.name}
            for path, (version, file) in files.items()
        ],
    }


def item_data(item: Item) -> dict[str, Any]:
    """Return an item with all of its stored text; `content_hash` is of title, summary and page."""
    return {
        "id": item.id,
        "feed": item.feed,
        "guid": without_surrogates(item.guid),
        "url": without_secrets(without_surrogates(item.url)),
        "lang": item.lang,
        "published_at": _time(item.published_at),
        "first_seen_at": _time(item.first_seen_at),
        "content_hash": item.content_hash,
        "categories": [without_surrogates(each) for each in item.categories],
        "title": without_surrogates(item.title),
        "summary": without_surrogates(item.summary),
        "body": without_surrogates(item.body),
    }


def replay_data(replay: Replay) -> dict[str, Any]:
    """Return the outcome of a replay."""
    return {"outcome": replay.outcome.value, "differs": list(replay.differs), "reason": replay.reason}


def message_hash(message: Message) -> str:
    """Return the SHA-256 of a message as it is stored, in JSON with sorted keys."""
    return hashlib.sha256(canonical(asdict(message)).encode("utf-8", "surrogatepass")).hexdigest()


def document_data(exhibit: Exhibit) -> dict[str, Any] | None:
    """Return where a document came from; None if it is not stored."""
    document = exhibit.document
    if document is None:
        return None
    return {
        "sha256": document.hash,
        "bytes": len(document.body),
        "fetched_at": _time(document.fetched_at),
        "url": without_secrets(document.url),
        "headers": {name: without_secrets(value) for name, value in document.headers},
        "path": document_path(document.hash),
    }


def document_path(hash: str) -> str:
    """Return the name of a document's file; no program opens one with this ending by itself."""
    return f"documents/{hash[:16]}.raw"


def _alert(each: AlertEvidence, messages: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    alert = each.alert
    return alert_data(alert) | {
        "url": without_secrets(without_surrogates(alert.item.url)),
        "tier": alert.tier,
        "grouped_because": without_surrogates(alert.grouped_because),
        "item": item_data(alert.item),
        "document_sha256": each.exhibit.hash or None,
        "document": document_data(each.exhibit),
        "replay": replay_data(each.replay),
        "deliveries": [
            _delivery(history.delivery)
            | {"files": list(messages.get(history.delivery.id, ()))}
            | {"attempts": [_attempt(attempt) for attempt in history.attempts]}
            for history in each.deliveries
        ],
        "actions": [
            {"at": _time(action.at), "kind": action.kind, "channel": action.channel, "who": action.recipient}
            for action in each.actions
        ],
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "kind": delivery.kind,
        "channel": delivery.channel,
        "recipient": delivery.recipient,
        "state": delivery.state,
        "reason": without_surrogates(delivery.reason),
        "covered_by": delivery.covered_by or None,
        "created_at": _time(delivery.created_at),
        "due_at": _time(delivery.due_at),
        "subject": without_surrogates(delivery.message.subject),
        "message_sha256": message_hash(delivery.message),
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "started_at": _time(attempt.started_at),
        "ended_at": _time(attempt.ended_at),
        "phase": attempt.phase,
        "outcome": attempt.outcome,
        "code": attempt.code,
        "reason": without_surrogates(attempt.reason),
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
