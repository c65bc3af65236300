"""Break text into lines of a terminal or a mail, by the columns that its characters take. Pure."""

import re
import unicodedata
from collections.abc import Iterator

COLUMNS = 78

#: First strong isolate and pop directional isolate: the text between takes its direction from its letters.
FSI, PDI = "\u2068", "\u2069"

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_WIDE = "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60"
#: A word, or one wide character with the closing punctuation behind it: lines may break between such.
_PIECE = re.compile(rf"\s+|[{_WIDE}][，。、；：！？）】」』”’]*|[^\s{_WIDE}]+")


def isolated(text: str) -> str:
    """Return text between isolates if it has letters written from right to left, else as it is."""
    return f"{FSI}{text}{PDI}" if _RIGHT_TO_LEFT.search(text) else text


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def wrap(text: str, first: str = "", later: str | None = None, columns: int = COLUMNS) -> str:
    """Return text in lines; `first` begins the first line, `later` the others. Long words are not broken."""
    later = first if later is None else later
    return "\n".join(_with_isolates(_lines(" ".join(text.split()), first, later, columns)))


def _lines(text: str, first: str, later: str, columns: int) -> Iterator[str]:
    line, used, is_empty = first, width(first), True
    for piece in _PIECE.findall(text):
        room = columns - used
        if not is_empty and not piece.isspace() and width(piece) > room:
            yield line.rstrip()
            line, used, is_empty = later, width(later), True
        if is_empty and piece.isspace():
            continue
        line, used, is_empty = line + piece, used + width(piece), False
    yield line.rstrip()


def _with_isolates(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines that end the isolates they begin; the next line begins them again."""
    is_open = False
    for line in lines:
        begun = re.sub(r"^(\s*)", rf"\1{FSI}", line) if is_open else line
        is_open = begun.count(FSI) > begun.count(PDI)
        yield begun + PDI if is_open else begun


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Cf", "Me", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
