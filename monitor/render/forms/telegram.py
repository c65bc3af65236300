"""Lay out a card for Telegram: plain text, and entities for bold text and links.

Entities are used instead of HTML, so that a headline can neither imitate nor break markup. Mentions and
commands, which Telegram finds in plain text, are broken up by an invisible character. Source: Bot API,
sendMessage, MessageEntity.
"""

import re
from typing import Any

from monitor.render.card import Block, Card, Run, fitted, units

MAX_UNITS = 4_096
MAX_ENTITIES = 100

_FOUND = re.compile(r"(?<!\w)([@#/](?=\w)|\$(?=[A-Za-z]))")


def lay_out(card: Card) -> dict[str, Any]:
    """Return the parameters of sendMessage, all but the chat."""
    text, entities = _text_and_entities(
        fitted(card.blocks, lambda blocks: _fits(*_text_and_entities(blocks)))
    )
    return {"text": text, "entities": entities, "link_preview_options": {"is_disabled": True}}


def _text_and_entities(blocks: tuple[Block, ...]) -> tuple[str, list[dict[str, Any]]]:
    """Return the text and its entities; their offsets and lengths count UTF-16 units."""
    text, position = "", 0
    entities: list[dict[str, Any]] = []
    for block in blocks:
        for number, line in enumerate(block.lines):
            gap = ("\n" if number else "\n\n") if text else ""
            text, position = text + gap, position + len(gap)
            for run in line:
                shown = _FOUND.sub("\\1\u2060", run.text)
                length = units(shown)
                entities += _entities(run, block.kind, position, length)
                text, position = text + shown, position + length
    return text, entities


def _entities(run: Run, kind: str, offset: int, length: int) -> list[dict[str, Any]]:
    where = {"offset": offset, "length": length}
    bold = [{"type": "bold", **where}] if run.bold or kind == "header" else []
    return [*bold, {"type": "text_link", **where, "url": run.url}] if run.url else bold


def _fits(text: str, entities: list[dict[str, Any]]) -> bool:
    return units(text) <= MAX_UNITS and len(entities) <= MAX_ENTITIES
