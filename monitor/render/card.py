"""Read a rendered card template into blocks, lines and runs, from which each chat service's form is made.

A template marks where a block begins as for Slack, and puts bold text and links between control characters,
which sanitized feed text does not contain. So feed text is never read as markup, and each form writes the
plain runs in its own notation.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from .sanitize import clip, href

MAX_LABEL = 200
MAX_LINE = 700

_BOLD, _PLAIN, _ADDRESS, _LABEL, _END = "\x02", "\x03", "\x04", "\x05", "\x06"
_MARK = re.compile("([\x02-\x06])")


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style; with `url` it is a link, whose address `href` has checked."""

    text: str
    url: str = ""
    bold: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. `kind` is ``header``, ``section``, ``context`` or ``divider``."""

    kind: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A short message before it is written in a service's form.

    `kind` is ``alert``, ``digest`` or ``health``. Later messages about the same story share `key`. `url` is
    the item's address, "" if it has none; `severity` is 0 to 5; `over` says that no incident is open.
    """

    subject: str
    blocks: tuple[Block, ...]
    kind: str
    id: str
    key: str
    at: datetime
    url: str = ""
    severity: int = 0
    over: bool = False


def bold(text: str) -> str:
    """Return text marked as bold."""
    return f"{_BOLD}{text}{_PLAIN}"


def link(url: str, label: str) -> str:
    """Return text marked as a link, or just the text when the address is not http or https."""
    words = clip(label, MAX_LABEL) or "(no title)"
    address = href(url)
    return f"{_ADDRESS}{address}{_LABEL}{words}{_END}" if address else words


def blocks(rendered: str) -> tuple[Block, ...]:
    """Return the blocks of a rendered template; text before the first mark is a section."""
    parts = re.split("\x1e([a-z]+)\x1f", f"\x1esection\x1f{rendered}")
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    found = (Block(kind, tuple(_lines(words))) for kind, words in pairs)
    return tuple(block for block in found if block.lines or block.kind == "divider")


def plain(all_blocks: Iterable[Block]) -> str:
    """Return the text alone, with a blank line between blocks and each link followed by its address."""
    texts = ("\n".join(plain_line(line) for line in block.lines) for block in all_blocks)
    return "\n\n".join(text for text in texts if text)


def plain_line(line: Line) -> str:
    """Return the text of one line."""
    return "".join(f"{run.text} {run.url}" if run.url else run.text for run in line)


def units(text: str) -> int:
    """Return the length in UTF-16 units: what Telegram counts, and no less than what Discord counts."""
    return len(text.encode("utf-16-le", "replace")) // 2


def fitted(whole: tuple[Block, ...], fits: Callable[[tuple[Block, ...]], bool]) -> tuple[Block, ...]:
    """Return as much of a card as fits: lines before the last block are dropped from the end, and counted."""
    head, middle, foot = whole[:1], whole[1:-1], whole[1:][-1:]
    lines = sum(len(block.lines) for block in middle)
    for kept in range(lines, -1, -1):
        shown = (*head, *_first(middle, kept), *_left_out(lines - kept), *foot)
        if fits(shown):
            return shown
    return tuple(replace(block, lines=block.lines[:1]) for block in head)


def _first(some: Iterable[Block], lines: int) -> Iterator[Block]:
    """Yield blocks up to a number of lines, without a divider at the end."""
    for block in some:
        if lines <= 0:
            return
        yield replace(block, lines=block.lines[:lines])
        lines -= len(block.lines)


def _left_out(lines: int) -> Iterator[Block]:
    if lines:
        words = f"… {lines} {'line' if lines == 1 else 'lines'} left out for lack of space"
        yield Block("section", ((Run(words),),))


def _lines(words: str) -> Iterator[Line]:
    for line in words.split("\n"):
        if runs := tuple(_runs(" ".join(line.split()))):
            yield tuple(_clipped(runs))


def _runs(line: str) -> Iterator[Run]:
    url, strong, address = "", False, False
    for part in _MARK.split(line):
        match part:
            case "\x02" | "\x03":
                strong = part == _BOLD
            case "\x04" | "\x05":
                address = part == _ADDRESS
            case "\x06":
                url = ""
            case _ if address:
                url = part
            case _ if part:
                yield Run(part, url, strong)


def _clipped(runs: Iterable[Run]) -> Iterator[Run]:
    room = MAX_LINE
    for run in runs:
        if room <= 0:
            return
        yield replace(run, text=clip(run.text, room))
        room -= len(run.text)
