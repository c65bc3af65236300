"""Write keys, values and comments as TOML, and compare texts with tables. Pure."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def key_text(key: str) -> str:
    """Return a key as TOML, in quotation marks where it needs them."""
    return key if _BARE_KEY.fullmatch(key) else value_text(key)


def value_text(value: Any) -> str:
    """Return a string, number, boolean or list of them as TOML; JSON writes all but U+007F the same."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(value_text(each) for each in value)}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def comment_text(comment: str) -> str:
    """Return a comment as one line of printable text, without its sign."""
    return " ".join("".join(char if char.isprintable() else " " for char in comment).split())


def line_end(text: str) -> str:
    """Return the line end that a file uses."""
    return "\r\n" if "\r\n" in text else "\n"


def header_of(kind: str, name: str) -> re.Pattern[str]:
    """Return the pattern of lines that may be the header ``[kind.name]``; group 1 is the line end."""
    return re.compile(
        rf"""(?m)^[ \t]*\[[ \t]*{kind}[ \t]*\.[ \t]*["']?{re.escape(name)}["']?[ \t]*\][^\r\n]*(\r?\n|\Z)"""
    )


def has_tables(text: str, tables: Mapping[str, Any]) -> bool:
    """Say whether a text is TOML with exactly these tables."""
    try:
        return tomllib.loads(text) == tables
    except tomllib.TOMLDecodeError:
        return False
