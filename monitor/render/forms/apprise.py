"""Title and plain text, for the services that apprise knows."""

from typing import Any

from monitor.render.card import Card, fitted, plain

MAX_CHARACTERS = 3_500


def lay_out(card: Card) -> dict[str, Any]:
    """Return what apprise is given; how a service shows it is between the two of them."""
    blocks = fitted(card.blocks[1:], lambda blocks: len(plain(blocks)) <= MAX_CHARACTERS)
    return {"title": card.subject, "body": plain(blocks) or card.subject}
