"""Lay out a card as a PagerDuty event; updates of a story join its first event.

Source: PagerDuty, Events API v2, "Send an Alert Event".
"""

import json
from typing import Any

from monitor.render.card import Block, Card, fitted, plain_line
from monitor.render.sanitize import clip, href

MAX_SUMMARY = 1_024
MAX_KEY = 255
MAX_BYTES = 400_000

SEVERITIES = {5: "critical", 4: "error", 3: "warning"}


def lay_out(card: Card) -> dict[str, Any]:
    """Return the event, all but the routing key."""
    return _event(card, fitted(card.blocks[1:], lambda blocks: _fits(_event(card, blocks))))


def _event(card: Card, blocks: tuple[Block, ...]) -> dict[str, Any]:
    event: dict[str, Any] = {
        "event_action": "resolve" if card.over else "trigger",
        "dedup_key": f"sanctions-monitor/{card.key}"[:MAX_KEY],
        "client": "sanctions-monitor",
        "payload": {
            "summary": clip(card.subject, MAX_SUMMARY),
            "source": "sanctions-monitor",
            "severity": SEVERITIES.get(card.severity, "info"),
            "timestamp": card.at.isoformat(),
            "class": card.kind,
            "custom_details": {"says": [plain_line(line) for block in blocks for line in block.lines]},
        },
    }
    if address := href(card.url):
        event["links"] = [{"href": address, "text": "Read it"}]
    return event


def _fits(event: dict[str, Any]) -> bool:
    return len(json.dumps(event, ensure_ascii=False).encode()) <= MAX_BYTES
