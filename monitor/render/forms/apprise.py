"""Title and plain text, for the services that apprise knows."""

from typing import Any

from monitor.render.card import Card, fitted, plain

MOST_CHARACTERS = 3_500


def laid_out(card: Card) -> dict[str, Any]:
    """Return what apprise is given; how a service shows it is between the two of them."""
    some = fitted(card.blocks[1:], lambda some: len(plain(some)) <= MOST_CHARACTERS)
    return {"title": card.subject, "body": plain(some) or card.subject}
