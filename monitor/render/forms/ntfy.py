"""Lay out a card for ntfy, published as JSON, so that text cannot become a header.

Source: ntfy's documentation, "Publish as JSON" and "Limitations".
"""

import json
from typing import Any

from monitor.render.card import Block, Card, fitted, plain
from monitor.render.sanitize import clip, href

MAX_TITLE = 200
MAX_MESSAGE_BYTES = 4_000  # longer ones become attachments
MAX_BYTES = 7_500  # of the JSON: servers read twice what a message may have, and the topic is to come

_PRIORITIES = {5: 5, 4: 4, 3: 3, 2: 3, 1: 2, 0: 2}


def lay_out(card: Card) -> dict[str, Any]:
    """Return what to publish, all but the topic."""
    return _body(card, fitted(card.blocks[1:], lambda blocks: _fits(_body(card, blocks))))


def _body(card: Card, blocks: tuple[Block, ...]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "title": clip(card.subject, MAX_TITLE),
        "message": plain(blocks) or card.subject,
        "priority": _PRIORITIES.get(card.severity, 3) if card.kind == "alert" else 3,
        "markdown": False,
    }
    return body | ({"click": address} if (address := href(card.url)) else {})


def _fits(body: dict[str, Any]) -> bool:
    size = len(json.dumps(body, ensure_ascii=False).encode())
    return len(body["message"].encode()) <= MAX_MESSAGE_BYTES and size <= MAX_BYTES
