"""Lay out a card for a Teams workflow, as an Adaptive Card.

Text is in TextRuns, which Teams does not read as Markdown, so that feed text never becomes a link; a mention
needs an entity, and there is none. Source: Adaptive Cards schema, RichTextBlock.
"""

import json
import re
from typing import Any

from monitor.render.card import Block, Card, Line, Run, fitted
from monitor.render.sanitize import href

#: Teams documents 28 KB; refusals were seen from 21 KB.
MAX_BYTES = 20_000

_FILLED_IN = re.compile(r"([{$])(?=\{)")


def lay_out(card: Card) -> dict[str, Any]:
    """Return the body for a workflow's webhook."""
    return _body(card, fitted(card.blocks, lambda blocks: _size(_body(card, blocks)) <= MAX_BYTES))


def _body(card: Card, blocks: tuple[Block, ...]) -> dict[str, Any]:
    content: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": _text(card.subject),
        "msteams": {"width": "Full"},
        "body": [element for block in blocks for element in _elements(block)],
    }
    if address := href(card.url):
        content["actions"] = [{"type": "Action.OpenUrl", "title": "Read it", "url": address}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {"type": "message", "attachments": [attachment]}


def _elements(block: Block) -> list[dict[str, Any]]:
    styles: dict[str, dict[str, Any]] = {
        "header": {"size": "Medium", "weight": "Bolder"},
        "context": {"size": "Small", "isSubtle": True},
    }
    rows = [_row(line, styles.get(block.kind, {})) for line in block.lines]
    for row in rows[1:]:
        row["spacing"] = "Small"
    return rows


def _row(line: Line, style: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [_run(run, style) for run in line]}


def _run(run: Run, style: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": "TextRun", "text": _text(run.text), **style}
    if run.bold:
        shown["weight"] = "Bolder"
    if run.url:
        shown["selectAction"] = {"type": "Action.OpenUrl", "url": run.url}
    return shown


def _text(text: str) -> str:
    """Separate double braces and ``${``, which a renderer would evaluate as expressions."""
    return _FILLED_IN.sub("\\1\u2060", text)


def _size(body: dict[str, Any]) -> int:
    return len(json.dumps(body, ensure_ascii=False).encode())
