"""Words to a card: blocks of lines of runs, from which the forms of chat services are laid out.

A template marks where a block begins as it does for Slack; what is bold or a link stands between control
characters, which no feed text has once it is neutral. So nothing that a feed says is taken for markup, and
each form writes plain runs in its own notation.
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
    """Words of one look; with `url` they are a link to an address that may be shown."""

    text: str
    url: str = ""
    bold: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. `kind` is ``header``, ``section``, ``context`` or ``divider``."""

    kind: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A short message before it takes the form of a service.

    `kind` is ``alert``, ``digest`` or ``health``; `id` its own, `key` what later messages of the same matter
    share; `url` leads to the item, if there is one; `severity` is 0 to 5; `over` says that nothing is wrong
    any more.
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
    """Return words marked as bold."""
    return f"{_BOLD}{text}{_PLAIN}"


def link(url: str, label: str) -> str:
    """Return words marked as a link, or just the words when the address may not be shown."""
    words = clip(label, MAX_LABEL) or "(no title)"
    address = href(url)
    return f"{_ADDRESS}{address}{_LABEL}{words}{_END}" if address else words


def blocks(rendered: str) -> tuple[Block, ...]:
    """Return the blocks of a rendered template; words before the first mark are a section."""
    parts = re.split("\x1e([a-z]+)\x1f", f"\x1esection\x1f{rendered}")
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    found = (Block(kind, tuple(_lines(words))) for kind, words in pairs)
    return tuple(block for block in found if block.lines or block.kind == "divider")


def plain(all_blocks: Iterable[Block]) -> str:
    """Return the words alone, a blank line between blocks, each link followed by its address."""
    texts = ("\n".join(plain_line(line) for line in block.lines) for block in all_blocks)
    return "\n\n".join(text for text in texts if text)


def plain_line(line: Line) -> str:
    """Return the words of one line."""
    return "".join(f"{run.text} {run.url}" if run.url else run.text for run in line)


def units(text: str) -> int:
    """Return the length in UTF-16 units: what Telegram counts, and no less than what Discord counts."""
    return len(text.encode("utf-16-le", "replace")) // 2


def fitted(whole: tuple[Block, ...], fits: Callable[[tuple[Block, ...]], bool]) -> tuple[Block, ...]:
    """Return as much of a card as fits; lines go from the end, but for the last block, and are counted."""
    head, middle, foot = whole[:1], whole[1:-1], whole[1:][-1:]
    lines = sum(len(block.lines) for block in middle)
    for kept in range(lines, -1, -1):
        shown = (*head, *_first(middle, kept), *_left_out(lines - kept), *foot)
        if fits(shown):
            return shown
    return tuple(replace(block, lines=block.lines[:1]) for block in head)


def _first(some: Iterable[Block], lines: int) -> Iterator[Block]:
    """Yield blocks until so many lines are spent; a divider that would end them is none."""
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
