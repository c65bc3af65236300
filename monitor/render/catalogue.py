"""Read the words of a language from its catalogue, ``templates/languages/<code>.toml``.

English is complete; a key that another catalogue lacks is shown in English. To add a language, translate
``en.toml`` to ``<code>.toml`` in the same folder, or in a folder ``languages`` of your own templates.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from monitor.errors import ConfigError
from monitor.resources import TEMPLATES

FOLDER = "languages"
ENGLISH = "en"

#: What varies in a sentence: numbers, and the letters of credibility.
_VALUE = re.compile(r"\b(?:\d+|[A-D])\b")

Tables = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one language, by table and key; `english` gives those that `tables` lack."""

    language: str
    tables: Tables
    english: Tables

    def word(self, table: str, key: str) -> str:
        """Return a word; for an unknown key the key itself, with spaces for underscores."""
        return str(self.find(table, key) or key.replace("_", " "))

    def find(self, table: str, key: str) -> Any:
        """Return what a table has under a key, here or else in English; None if neither has it."""
        own = self.tables.get(table, {}).get(key)
        return self.english.get(table, {}).get(key) if own is None else own

    def table(self, name: str) -> Mapping[str, Any]:
        """Return a whole table, with the English words for keys that this language lacks."""
        return {**self.english.get(name, {}), **self.tables.get(name, {})}

    def phrase(self, sentence: str) -> str:
        """Return a sentence that the program states in English, in this language if the catalogue has it.

        Numbers and letters of credibility stand as ``{0}``, ``{1}`` in the catalogue.
        """
        phrases = self.tables.get("phrases", {})
        if not phrases:
            return sentence
        if (found := phrases.get(sentence)) is not None:
            return str(found)
        if "; " in sentence:
            return "; ".join(self.phrase(part) for part in sentence.split("; "))
        values = _VALUE.findall(sentence)
        numbers = count()
        pattern = phrases.get(_VALUE.sub(lambda value: f"{{{next(numbers)}}}", sentence))
        return str(pattern).format(*values) if pattern else sentence

    def missing(self) -> Iterator[str]:
        """Yield each key that this language lacks, as "table.key"."""
        for table, words in self.english.items():
            own = self.tables.get(table, {})
            yield from (f"{table}.{key}" for key in _keys(words) if key not in set(_keys(own)))


def catalogue_of(language: str, folder: Path | None = None) -> Catalogue:
    """Return the catalogue of a language; a file in `folder` of your own templates is preferred.

    Raises:
        ConfigError: there is no such file, or it is not TOML.
    """
    return _catalogue(language or ENGLISH, folder)


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """Return the codes of all languages that have a catalogue, sorted."""
    folders = (TEMPLATES, folder) if folder else (TEMPLATES,)
    return tuple(sorted({path.stem for each in folders for path in (each / FOLDER).glob("*.toml")}))


@cache
def _catalogue(language: str, folder: Path | None) -> Catalogue:
    english = _read(TEMPLATES / FOLDER / f"{ENGLISH}.toml")
    if folder and (own := folder / FOLDER / f"{language}.toml").is_file():
        return Catalogue(language, _read(own), english)
    if language not in languages():
        known = ", ".join(languages(folder))
        raise ConfigError(f"language {language!r}: there are words for {known} only; see {FOLDER}/en.toml")
    return Catalogue(language, _read(TEMPLATES / FOLDER / f"{language}.toml"), english)


def _read(path: Path) -> Tables:
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{FOLDER}/{path.name}: {error}") from error
    return {name: table for name, table in tables.items() if isinstance(table, dict)}


def _keys(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys of a table; of tables in it their own, as "name.key"."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from (f"{key}.{inner}" for inner in value)
        else:
            yield key
