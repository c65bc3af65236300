"""Build Slack Block Kit messages within Slack's limits from a rendered template; feed text is escaped.

A template marks where a block begins by `{{ header }}`, `{{ section }}`, `{{ context }}` or `{{ divider }}`;
the marks hold control characters, which sanitized feed text does not contain.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from markupsafe import Markup, escape

from .sanitize import clip, href

MAX_BLOCKS = 45
MAX_SECTION = 2_900
MAX_CONTEXT = 1_900
MAX_HEADER = 150
MAX_MESSAGE = 12_000
MAX_LABEL = 200

BLOCK_SIGNS = {kind: f"\x1e{kind}\x1f" for kind in ("header", "section", "context", "divider")}

Block = dict[str, Any]


def link(url: str, label: str) -> Markup:
    """Return a link whose text is `label`, or just the label when the address is not http or https."""
    words = clip(label.replace("|", "¦"), MAX_LABEL) or "(no title)"
    address = href(url).replace("|", "%7C")
    return Markup("<{}|{}>").format(address, words) if address else escape(words)


def blocks(rendered: str) -> tuple[Block, ...]:
    """Return the blocks of a rendered template, none longer than Slack accepts."""
    parts = re.split("\x1e([a-z]+)\x1f", _unquoted(rendered))
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return tuple(block for kind, words in pairs for block in _blocks(kind, _collapsed(words)))


def pack(all_blocks: Iterable[Block]) -> tuple[tuple[Block, ...], ...]:
    """Return blocks in as few messages as possible, in order, with room for a line that counts the parts."""
    messages: list[tuple[Block, ...]] = []
    current: tuple[Block, ...] = ()
    for block in all_blocks:
        if current and not _fits((*current, block)):
            messages.append(current)
            current = ()
        current = (*current, block)
    return (*messages, current) if current else tuple(messages)


def counted(message: tuple[Block, ...], words: str) -> tuple[Block, ...]:
    """Return a message with a last line that says which part of several it is."""
    return (*message, _context(_unquoted(str(escape(words)))))


def plain(message: Iterable[Block]) -> str:
    """Return the text of a message without layout or escapes, for when Slack refuses the blocks."""
    texts = (re.sub(r"<([^<>|]+)\|([^<>]*)>", r"\2 \1", _text(block)) for block in message)
    return "\n\n".join(unescape(text) for text in texts if text)


def size(message: Iterable[Mapping[str, Any]]) -> int:
    """Return the number of characters of text in a message."""
    return sum(len(_text(block)) for block in message)


def _fits(message: tuple[Block, ...]) -> bool:
    return len(message) < MAX_BLOCKS and size(message) <= MAX_MESSAGE - MAX_HEADER


def _text(block: Mapping[str, Any]) -> str:
    texts = [block["text"]] if "text" in block else block.get("elements", [])
    return "".join(each["text"] for each in texts)


def _blocks(kind: str, words: str) -> Iterator[Block]:
    if kind == "divider":
        yield {"type": "divider"}
    elif not words:
        return
    elif kind == "header":
        plain = clip(unescape(words), MAX_HEADER)
        yield {"type": "header", "text": {"type": "plain_text", "text": plain, "emoji": False}}
    elif kind == "context":
        yield from (_context(piece) for piece in _pieces(words, MAX_CONTEXT))
    else:
        for piece in _pieces(words, MAX_SECTION):
            yield {"type": "section", "text": {"type": "mrkdwn", "text": piece, "verbatim": True}}


def _context(words: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": words, "verbatim": True}]}


def _pieces(words: str, most: int) -> Iterator[str]:
    """Cut text at line ends; a line that is too long is cut between words, never in a link or an escape."""
    piece = ""
    for line in (part for whole in words.split("\n") for part in _cut(whole, most)):
        if piece and len(piece) + 1 + len(line) > most:
            yield piece
            piece = line
        else:
            piece = f"{piece}\n{line}" if piece else line
    if piece:
        yield piece


def _cut(line: str, most: int) -> Iterator[str]:
    while len(line) > most:
        stop = next((at for at in _cut_positions(line[:most]) if at > 0), most)
        yield line[:stop].rstrip()
        line = line[stop:].lstrip()
    yield line


def _cut_positions(head: str) -> Iterator[int]:
    """Yield positions where a line may be cut, best first."""
    opened = head.rfind("<")
    if opened > head.rfind(">"):
        yield opened
        head = head[:opened]
    escape_at = head.rfind("&")
    if escape_at > head.rfind(";"):
        head = head[:escape_at]
    yield head.rfind(" ")
    yield len(head)


def _collapsed(words: str) -> str:
    lines = (" ".join(line.split()) for line in words.strip().split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines))


def _unquoted(text: str) -> str:
    return text.replace("&#34;", '"').replace("&#39;", "'")
