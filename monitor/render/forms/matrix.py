"""Lay out a card for Matrix: plain text, and the subset of HTML that clients show.

Source: Matrix specification 1.11, m.room.message, "HTML formatting" and "User and room mentions".
"""

from html import escape
from typing import Any

from monitor.render.card import Block, Card, Line, Run, fitted, plain

#: The limit of an event is 65,536 bytes, with all that servers add.
MAX_BYTES = 40_000


def lay_out(card: Card) -> dict[str, Any]:
    """Return the content of an m.room.message event; it mentions nobody."""
    blocks = fitted(card.blocks, lambda blocks: len((plain(blocks) + _html(blocks)).encode()) <= MAX_BYTES)
    return {
        "msgtype": "m.text",
        "body": plain(blocks),
        "format": "org.matrix.custom.html",
        "formatted_body": _html(blocks),
        "m.mentions": {},
    }


def _html(blocks: tuple[Block, ...]) -> str:
    return "".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    if block.kind == "divider":
        return "<hr>"
    words = "<br>".join(_line(line) for line in block.lines)
    match block.kind:
        case "header":
            return f"<h4>{words}</h4>"
        case "context":
            return f"<p><em>{words}</em></p>"
    return f"<p>{words}</p>"


def _line(line: Line) -> str:
    return "".join(_run(run) for run in line)


def _run(run: Run) -> str:
    shown = escape(run.text)
    if run.url:
        shown = f'<a href="{escape(run.url)}">{shown}</a>'
    return f"<strong>{shown}</strong>" if run.bold else shown
