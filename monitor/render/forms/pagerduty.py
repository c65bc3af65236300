"""An alert event for PagerDuty: updates of a story join its first event.

Source: PagerDuty, Events API v2, "Send an Alert Event".
"""

import json
from typing import Any

from monitor.render.card import Block, Card, fitted, plain_line
from monitor.render.sanitize import clip, href

MOST_SUMMARY = 1_024
MOST_KEY = 255
MOST_BYTES = 400_000

SEVERITIES = {5: "critical", 4: "error", 3: "warning"}


def laid_out(card: Card) -> dict[str, Any]:
    """Return the event, all but the routing key."""
    return _event(card, fitted(card.blocks[1:], lambda some: _fits(_event(card, some))))


def _event(card: Card, some: tuple[Block, ...]) -> dict[str, Any]:
    event: dict[str, Any] = {
        "event_action": "resolve" if card.over else "trigger",
        "dedup_key": f"sanctions-monitor/{card.key}"[:MOST_KEY],
        "client": "sanctions-monitor",
        "payload": {
            "summary": clip(card.subject, MOST_SUMMARY),
            "source": "sanctions-monitor",
            "severity": SEVERITIES.get(card.severity, "info"),
            "timestamp": card.at.isoformat(),
            "class": card.kind,
            "custom_details": {"says": [plain_line(line) for block in some for line in block.lines]},
        },
    }
    if address := href(card.url):
        event["links"] = [{"href": address, "text": "Read it"}]
    return event


def _fits(event: dict[str, Any]) -> bool:
    return len(json.dumps(event, ensure_ascii=False).encode()) <= MOST_BYTES
