"""Read the tables of lexicon and rule files, and values of the right type from them."""

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from monitor.errors import did_you_mean

T = TypeVar("T")
M = TypeVar("M", bound=StrEnum)

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


class Collector:
    """Reads the values of one row; a wrong one is added to `mistakes` and replaced by a harmless value."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row
        self.mistakes: list[str] = []

    def string(self, key: str, default: str | None = None) -> str:
        """Return a text, "" in place of a mistake; without a `default` it must be there."""
        return self._value(lambda: string(self.row, key, default), "")

    def strings(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty in place of a mistake."""
        return self._value(lambda: strings(self.row, key), ())

    def number(self, key: str, least: int, most: int, default: float | None = None) -> float:
        """Return a number, 0 in place of a mistake; without a `default` it must be there."""
        return self._value(lambda: number(self.row, key, least, most, default), 0.0)

    def choice(self, key: str, known: Collection[str]) -> str:
        """Return a text that must be among those known."""
        value = self.string(key)
        if isinstance(self.row.get(key), str):
            self._refuse_other(value, key, known)
        return value

    def member(self, key: str, members: type[M], default: M | None = None) -> M:
        """Return the member of a closed vocabulary, any of them in place of a mistake; "" is never written.

        Without a `default` it must be there.
        """
        value = self.string(key, default)
        if isinstance(self.row.get(key), str):
            self._refuse_other(value, key, [each for each in members if each])
        return next((each for each in members if each == value), next(iter(members)))

    def choices(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        """Return a list of texts that must be among those known."""
        texts = self.strings(key)
        for value in texts:
            self._refuse_other(value, key, known)
        return texts

    def _refuse_other(self, value: str, key: str, known: Collection[str]) -> None:
        if value not in known:
            hint = did_you_mean(value, known)
            self.mistakes.append(f"{key} is one of {', '.join(known)}, not {value!r}{hint}")

    def refuse_unknown(self, keys: Collection[str]) -> None:
        """Add a mistake for keys that are not among those known."""
        if wrong := set(self.row) - set(keys):
            self.mistakes.append(f"no key {', '.join(sorted(wrong))}; known: {', '.join(sorted(keys))}")

    def _value(self, value_of: Callable[[], T], fallback: T) -> T:
        try:
            return value_of()
        except KeyError as error:
            self.mistakes.append(f"the key {error} is missing")
        except ValueError as error:
            self.mistakes.append(str(error))
        return fallback
