"""Read recipients from a file of their own: CSV, as a spreadsheet saves it, or TOML."""

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.errors import ConfigError

from .base import NAME, NAME_RULE
from .routing import RecipientSettings

#: Columns whose cells hold several words.
_LISTS = frozenset(
    {"topics", "events", "stages", "polarity", "entities", "countries", "feeds", "tiers", "languages"}
)
_OWN = frozenset({"name", "channel", "address"})


def load_recipients(path: Path, channel: str) -> dict[str, RecipientSettings]:
    """Return the recipients of a file by name; lines of CSV that name no channel mean `channel`.

    CSV has a line of headings: `name` and `address`, then `channel` and any key of ``[recipients.<name>]``;
    words in a cell are separated by spaces. TOML has these very tables.

    Raises:
        ConfigError: it cannot be read, or one line for each mistake, as ``file: line 3: key: what``.
    """
    try:
        text = path.read_text("utf-8-sig")
        rows = _tables(text) if path.suffix.lower() == ".toml" else _lines(text, channel)
        found: dict[str, RecipientSettings] = {}
        mistakes: list[str] = []
        for place, name, table in rows:
            mistakes += _mistakes(place, name, table, found)
    except (OSError, UnicodeError, csv.Error, tomllib.TOMLDecodeError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from error
    if mistakes:
        raise ConfigError("\n".join(f"{path}: {mistake}" for mistake in mistakes))
    return found


def _mistakes(
    place: str, name: str, table: Mapping[str, Any], found: dict[str, RecipientSettings]
) -> Iterator[str]:
    """Add a recipient to `found`, or yield what is wrong with it."""
    if "" in table.get("to", ()):
        yield f"{place}: channel: name one: not exactly one channel takes addresses"
    elif not NAME.fullmatch(name):
        yield f"{place}: name: {NAME_RULE.partition(', as in')[0]}"
    elif name in found:
        yield f"{place}: name: {name} is there twice"
    else:
        try:
            found[name] = RecipientSettings.model_validate(table)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                key = ".".join(str(part) for part in each["loc"] if part != "[key]")
                what = "no such key" if each["type"] == "extra_forbidden" else each["msg"]
                yield f"{place}: {key}: {what.removeprefix('Value error, ')}"


def _tables(text: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    tables = tomllib.loads(text).get("recipients")
    if not isinstance(tables, dict):
        raise ValueError("tables [recipients.<name>] are expected")
    for name, table in tables.items():
        yield f"recipients.{name}", name, table


def _lines(text: str, channel: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    heading = text.partition("\n")[0]
    between = max(",;\t", key=heading.count)
    rows = csv.DictReader(text.splitlines(), delimiter=between, strict=True)
    names = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    if missing := {"name", "address"} - set(names):
        raise ValueError(f"line 1: a column {sorted(missing)[0]} is expected among the headings")
    rows.fieldnames = names
    for row in rows:
        if None in row:
            raise ValueError(f"line {rows.line_num}: more cells than there are headings")
        cells = {key: (cell or "").strip() for key, cell in row.items()}
        if not any(cells.values()):
            continue
        table = {key: _cell(key, cell) for key, cell in cells.items() if cell and key not in _OWN}
        to = {cells.get("channel") or channel: cells["address"]}
        yield f"line {rows.line_num}", cells["name"], table | {"to": to}


def _cell(key: str, cell: str) -> Any:
    return re.split(r"[\s,;]+", cell) if key in _LISTS else cell
