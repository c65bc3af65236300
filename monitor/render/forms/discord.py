"""Lay out a card for a Discord webhook, as embeds.

Every character that Discord's Markdown could read is escaped, mentions are switched off, and no embed has a
`url`, because Discord merges embeds that share one. Source: Discord's documentation of
message formatting, of embed limits and of allowed mentions.
"""

import re
from typing import Any

from monitor.render.card import Block, Card, Line, Run, fitted, units
from monitor.render.sanitize import clip

MAX_EMBEDS = 10
MAX_TITLE = 256
MAX_DESCRIPTION = 4_096
MAX_FOOTER = 2_048
MAX_TOTAL = 6_000

_READ = re.compile(r"([\\*_~`|>#\[\]()<@+-]|:(?=//))")
_COLOURS = {5: 0xB3261E, 4: 0xC2570C, 3: 0x8A6D00}
_PLAIN = 0x4A5568


def lay_out(card: Card) -> dict[str, Any]:
    """Return the body of Execute Webhook."""
    embeds = _embeds(card, fitted(card.blocks, lambda blocks: _fits(_embeds(card, blocks))))
    return {"embeds": embeds, "allowed_mentions": {"parse": []}}


def escaped(text: str) -> str:
    """Return text in which nothing is read as markup, mention, emoji, time or link."""
    return _READ.sub(r"\\\1", text)


def _embeds(card: Card, blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """Return an embed for each part between dividers; the last has the footer."""
    parts: list[list[str]] = [[]]
    title, foot = "", ""
    for block in blocks:
        match block.kind:
            case "divider":
                parts.append([])
            case "header" if not title:
                title = escaped(clip(_words(block), MAX_TITLE // 2))
            case "context":
                foot = f"{foot}\n{_words(block)}".strip()
            case _:
                parts[-1].append("\n".join(_line(line) for line in block.lines))
    colour = _COLOURS.get(card.severity, _PLAIN)
    embeds: list[dict[str, Any]] = [
        {"description": "\n\n".join(texts), "color": colour} for texts in parts if texts
    ] or [{"description": title or "…", "color": colour}]
    if title:
        embeds[0] = {"title": title, **embeds[0]}
    if foot:
        embeds[-1]["footer"] = {"text": clip(foot, MAX_FOOTER)}
    return embeds


def _fits(embeds: list[dict[str, Any]]) -> bool:
    descriptions = [units(each["description"]) for each in embeds]
    around = [each.get("title", "") + each.get("footer", {}).get("text", "") for each in embeds]
    total = sum(descriptions) + sum(units(text) for text in around)
    return len(embeds) <= MAX_EMBEDS and max(descriptions) <= MAX_DESCRIPTION and total <= MAX_TOTAL


def _words(block: Block) -> str:
    return "\n".join("".join(run.text for run in line) for line in block.lines)


def _line(line: Line) -> str:
    return "".join(_run(run) for run in line)


def _run(run: Run) -> str:
    shown = escaped(run.text)
    if run.url:
        shown = f"[{shown}](<{run.url.replace('(', '%28').replace(')', '%29')}>)"
    return f"**{shown}**" if run.bold else shown
