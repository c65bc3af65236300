"""Read the words by which messages name an act, from ``seeds/event_words.toml``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from monitor.errors import ConfigError
from monitor.resources import SEEDS
from monitor.text import fold
from monitor.text.languages import is_language

NAME = "event_words.toml"

#: The patterns that the variants of acts ask for.
QUOTES = ("blacklist", "freeze", "export_rule", "sold")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWords:
    """Folded beginnings of words by the measure that they name, and patterns for quotes by their name."""

    measures: Mapping[str, tuple[str, ...]]
    quotes: Mapping[str, str]


@cache
def shipped_event_words() -> EventWords:
    """Return the words that ship.

    Raises:
        ConfigError: the file is missing or has a mistake.
    """
    try:
        return read_event_words((SEEDS / NAME).read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{NAME}: {error}") from error


def read_event_words(text: str) -> EventWords:
    """Read the words of a TOML text.

    Raises:
        ConfigError: it is not TOML, or a table has a mistake, as ``file: table: what``.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{NAME}: {error}") from error
    if missing := [name for name in QUOTES if name not in tables.get("quotes", {})]:
        raise ConfigError(f"{NAME}: write a table [quotes.{missing[0]}]")
    return EventWords(
        measures={
            name: tuple(fold(word) for lang in row for word in _words(f"measures.{name}", row, lang))
            for name, row in tables.get("measures", {}).items()
        },
        quotes={
            name: "|".join(_pattern(f"quotes.{name}", row, lang) for lang in row)
            for name, row in tables["quotes"].items()
        },
    )


def _words(table: str, row: Mapping[str, Any], lang: str) -> list[str]:
    words = _of_language(table, row, lang)
    if not isinstance(words, list) or not all(isinstance(each, str) and each for each in words):
        raise ConfigError(f'{NAME}: {table}: {lang} is a list of words, as ["one", "two"], not {words!r}')
    return words


def _pattern(table: str, row: Mapping[str, Any], lang: str) -> str:
    pattern = _of_language(table, row, lang)
    try:
        re.compile(folded := fold(pattern))
    except (TypeError, AttributeError, re.error) as error:
        raise ConfigError(f"{NAME}: {table}: {lang} is no regular expression: {error}") from error
    return folded


def _of_language(table: str, row: Mapping[str, Any], lang: str) -> Any:
    if not is_language(lang):
        raise ConfigError(f"{NAME}: {table}: no language {lang}; use a code of ISO 639 in small letters")
    return row[lang]
