"""Read the answers to FETCH as imaplib returns them. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

#: A piece of an answer: a line, or a line and the literal that follows it.
Piece = bytes | tuple[bytes, bytes]

_BEGIN = re.compile(rb"\d+ \(")
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,18})\b")
_RECEIVED = re.compile(rb'\bINTERNALDATE "([^"]{1,40})"')


@dataclass(frozen=True, slots=True)
class FetchedMessage:
    """The answer of a server about one message; `text` is the part that was asked for, if it was sent."""

    uid: int
    size: int = 0
    received: str = ""
    text: bytes | None = field(default=None, repr=False)


def fetched_messages(pieces: Iterable[Piece]) -> Iterator[FetchedMessage]:
    """Yield each message; answers without a UID are about something else."""
    for lines, literal in _answers(pieces):
        if uid := _UID.search(lines):
            size, received = _SIZE.search(lines), _RECEIVED.search(lines)
            yield FetchedMessage(
                uid=int(uid[1]),
                size=int(size[1]) if size else 0,
                received=received[1].decode("ascii", "replace").strip() if received else "",
                text=literal,
            )


def _answers(pieces: Iterable[Piece]) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield the lines of each answer, joined, and its literal; attributes may stand behind the literal."""
    lines: list[bytes] = []
    literal: bytes | None = None
    for piece in pieces:
        line, text = piece if isinstance(piece, tuple) else (piece, None)
        if _BEGIN.match(line) and lines:
            yield b" ".join(lines), literal
            lines, literal = [], None
        lines.append(line)
        literal = text if text is not None else literal
    if lines:
        yield b" ".join(lines), literal


def numbers(pieces: Iterable[Piece]) -> list[int]:
    """Return the numbers of an answer to SEARCH."""
    lines = [piece for piece in pieces if isinstance(piece, bytes)]
    return [int(word) for word in b" ".join(lines).split() if word.isdigit()]
