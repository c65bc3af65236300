"""Put a table into a TOML file as text, so that everything else in the file stays as it is. Pure.

The change is parsed before it is returned: the table is there and all other values are unchanged.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.errors import ConfigError

from .toml_text import comment_text, has_tables, header_of, key_text, line_end, value_text

_HEADER = re.compile(r"(?m)^[ \t]*\[")
_TRAILING = re.compile(r"(?m)(?:^[ \t]*(?:#[^\r\n]*)?\r?\n)+\Z")


def with_table(
    text: str, kind: str, name: str, table: Mapping[str, Any], *, comment: str = "", file: str = "the file"
) -> str:
    """Return the file with ``[kind.name]`` in place of the table of that name, or at the end.

    Tables within it stay. A comment of one line replaces the comment lines above the table; without one these
    stay. The values are strings, numbers, booleans and lists of them.

    Raises:
        ConfigError: it is no TOML, or has a layout in which the table cannot be found or added.
    """
    before = _read(text, file)
    tables = before.get(kind, {})
    present = tables.get(name, {})
    inner = {key: value for key, value in present.items() if isinstance(value, dict)}
    after = before | {kind: {**tables, name: _plain(table) | inner}}
    line = line_end(text)
    rows = [
        f"[{kind}.{key_text(name)}]",
        *(f"{key_text(key)} = {value_text(value)}" for key, value in table.items()),
    ]
    note = comment_text(comment)
    for candidate in _candidates(text, kind, name, line.join(rows) + line, f"# {note}{line}" if note else ""):
        if has_tables(candidate, after):
            return candidate
    raise ConfigError(f"{file}: [{kind}.{name}]: its table does not fit in; write it by hand")


def _candidates(text: str, kind: str, name: str, block: str, note: str) -> Iterator[str]:
    """Yield the text with the block in place of each table that looks like the one meant, then at the end."""
    for found in header_of(kind, name).finditer(text):
        later = _HEADER.search(text, found.end())
        body = text[found.end() : later.start() if later else None]
        kept = _TRAILING.search(body)
        end = found.end() + (kept.start() if kept and later else len(body))
        begin = _without_comment(text, found.start()) if note else found.start()
        yield text[:begin] + note + block + text[end:]
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    yield f"{text}{gap}{note}{block}"


def _without_comment(text: str, at: int) -> int:
    """Return where the comment lines directly above a place begin."""
    lines = text[:at].splitlines(keepends=True)
    while lines and lines[-1].lstrip().startswith("#"):
        at -= len(lines.pop())
    return at


def _plain(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in table.items()}


def _read(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: {error}; mend it by hand first") from error
