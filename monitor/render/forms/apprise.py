"""Lay out a card for apprise: title and plain text."""

from typing import Any

from monitor.render.card import Card, fitted, plain

MAX_CHARACTERS = 3_500


def lay_out(card: Card) -> dict[str, Any]:
    """Return title and body; how a service shows them is up to apprise."""
    blocks = fitted(card.blocks[1:], lambda blocks: len(plain(blocks)) <= MAX_CHARACTERS)
    return {"title": card.subject, "body": plain(blocks) or card.subject}
