"""Read the tables of lexicon and rule files, and values of the right type from them."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

Row = tuple[str, str, str, Mapping[str, Any]]


def rows(texts: Mapping[str, str], mistakes: list[str]) -> Iterator[Row]:
    """Yield (file, kind, id, row) of each table ``[kind.id]``; what is none is added to `mistakes`."""
    for origin, text in texts.items():
        try:
            tables = _parsed(text)
        except tomllib.TOMLDecodeError as error:
            mistakes.append(f"{origin}: {error}")
            continue
        for kind, members in tables.items():
            for id, row in (members if isinstance(members, dict) else {"": None}).items():
                if isinstance(row, dict):
                    yield origin, kind, id, row
                else:
                    mistakes.append(f"{origin}: {kind}: write a table [{kind}.name], not a value")


@lru_cache(maxsize=64)
def _parsed(text: str) -> Mapping[str, Any]:
    """Parse TOML, cached: most files are unchanged at a reload. Callers do not change the result."""
    return tomllib.loads(text)


def strings(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return a row's list of texts, empty when the key is absent.

    Raises:
        ValueError: the value is not a list of texts.
    """
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ValueError(f'{key} is a list of texts, as ["one", "two"], not {value!r}')
    return tuple(value)


def string(row: Mapping[str, Any], key: str, default: str | None = None) -> str:
    """Return a row's text; without a `default` it must be there.

    Raises:
        KeyError: it is not there.
        ValueError: the value is no text.
    """
    value = row[key] if default is None else row.get(key, default)
    if not isinstance(value, str):
        raise ValueError(f'{key} is a text, as "one", not {value!r}')
    return value


def number(row: Mapping[str, Any], key: str, least: int, most: int, default: float | None = None) -> float:
    """Return a row's number between `least` and `most`; without a `default` it must be there.

    Raises:
        KeyError: it is not there.
        ValueError: the value is no such number.
    """
    value = row[key] if default is None else row.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError(f"{key} is a number between {least} and {most}, not {value!r}")
    return value
