"""Edit config.toml as text, so that comments, order and layout are preserved. Pure.

Every change is parsed before it is returned: the new value is there and all other values are unchanged.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.errors import ConfigError

from .base import NAME, NAME_RULE
from .toml_text import comment_text, has_tables, header_of, key_text, line_end, value_text


def with_feeds(text: str, tables: Mapping[str, Mapping[str, Any]], comment: str = "") -> str:
    """Return the file with these feeds at its end, below a comment of one line if one is given.

    Raises:
        ConfigError: it is no TOML, has a feed of that name, or has a layout that cannot be extended.
    """
    before = _read(text)
    present = before.get("feeds", {})
    if odd := [name for name in tables if not NAME.fullmatch(name)]:
        raise ConfigError(f"{odd[0]!r}: {NAME_RULE}")
    if taken := [name for name in tables if name in present]:
        raise ConfigError(f"there is a feed {taken[0]!r} already; give another name")
    line = line_end(text)
    parts = [text if not text or text.endswith("\n") else text + line]
    if note := comment_text(comment):
        parts += [f"{line}# {note}"]
    parts += [line + line.join(_table(name, table)) + line for name, table in tables.items()]
    after = before | {"feeds": {**present, **{name: dict(table) for name, table in tables.items()}}}
    return _checked("".join(parts), after, "add the feed by hand")


def with_feed_switched(text: str, name: str, *, on: bool) -> str:
    """Return the file with `enabled` set for a feed, in its table or in a new one.

    Raises:
        ConfigError: it is no TOML, or has a layout that cannot be changed.
    """
    before = _read(text)
    present = before.get("feeds", {})
    if not isinstance(present.get(name), dict):
        return with_feeds(text, {name: {"enabled": on}})
    after = before | {"feeds": {**present, name: {**present[name], "enabled": on}}}
    value = value_text(on)
    for candidate in (text, *_switched(text, name, value)):
        if has_tables(candidate, after):
            return candidate
    raise ConfigError(f"[feeds.{name}]: its table was not found; write enabled = {value} into it by hand")


def _switched(text: str, name: str, value: str) -> Iterator[str]:
    """Yield the file with the key replaced or inserted after each line that looks like the feed's header."""
    for found in header_of("feeds", name).finditer(text):
        end = re.compile(r"(?m)^[ \t]*\[|\Z").search(text, found.end())
        body = text[found.end() : end.start() if end else None]
        behind = text[found.end() + len(body) :]
        for key in re.finditer(r"(?m)^([ \t]*enabled[ \t]*=[ \t]*)(?:true|false)\b", body):
            yield f"{text[: found.end()]}{body[: key.start()]}{key[1]}{value}{body[key.end() :]}{behind}"
        line = found[1] or "\n"
        gap = "" if found[1] else line
        yield f"{text[: found.end()]}{gap}enabled = {value}{line}{text[found.end() :]}"


def _table(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    yield f"[feeds.{name}]"
    nested = {key: value for key, value in table.items() if isinstance(value, Mapping)}
    yield from (f"{key_text(key)} = {value_text(value)}" for key, value in table.items() if key not in nested)
    for key, value in nested.items():
        yield f"[feeds.{name}.{key_text(key)}]"
        yield from (f"{key_text(each)} = {value_text(inner)}" for each, inner in value.items())


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the configuration cannot be changed: {error}") from error


def _checked(text: str, meant: dict[str, Any], remedy: str) -> str:
    if not has_tables(text, meant):
        raise ConfigError(f"the configuration is laid out so that the change does not fit in; {remedy}")
    return text
