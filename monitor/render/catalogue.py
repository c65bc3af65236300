"""Read the words of a language from its catalogue, ``templates/languages/<code>.toml``.

English is complete; a key that another catalogue lacks is shown in English. To add a language, translate
``en.toml`` to ``<code>.toml`` in the same folder, or in a folder ``languages`` of your own templates.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import Any

from monitor.errors import ConfigError
from monitor.resources import TEMPLATES

from .event_words import EventWords, shipped_event_words

FOLDER = "languages"
ENGLISH = "en"

#: What varies in a sentence: numbers, and the letters of credibility.
_VALUE = re.compile(r"\b(?:\d+|[A-D])\b")

#: A value with a name in a sentence of the catalogue; what `REASON` stands for is a sentence too.
_NAMED, REASON = re.compile(r"\{([a-z]+)\}"), "reason"

Tables = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one language, by table and key; `english` gives those that `tables` lack.

    `patterns` are the sentences of `phrases` that have named values, each with its translation. `event_words`
    are the words by which texts of any language name an act.
    """

    language: str
    tables: Tables
    english: Tables
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    event_words: EventWords = field(default_factory=shipped_event_words)

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

    def upper(self, text: str) -> str:
        """Return text in capitals; Turkish has a dotted and a dotless i."""
        dotted = text.replace("i", "İ") if self.language == "tr" else text
        return dotted.upper()

    def capitalized(self, text: str) -> str:
        """Return text with its first letter as a capital; the others stay as they are."""
        return self.upper(text[:1]) + text[1:]

    def phrase(self, sentence: str) -> str:
        """Return a sentence that the program states in English, in this language if the catalogue has it.

        Numbers and letters of credibility stand as ``{0}``, ``{1}`` in the catalogue, other values as
        ``{where}``. Parts of a sentence between semicolons are looked up one by one.
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
        return str(pattern).format(*values) if pattern else self._by_pattern(sentence)

    def _by_pattern(self, sentence: str) -> str:
        """Return a sentence by the first pattern that it fits; as it is if it fits none."""
        for pattern, translated in self.patterns:
            if match := pattern.fullmatch(sentence):
                values = match.groupdict()
                if REASON in values:
                    values[REASON] = self.phrase(values[REASON])
                return translated.format(**values)
        return sentence

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
    own = folder / FOLDER / f"{language}.toml" if folder else None
    if (own is None or not own.is_file()) and language not in languages():
        known = ", ".join(languages(folder))
        raise ConfigError(f"language {language!r}: there are words for {known} only; see {FOLDER}/en.toml")
    tables = _read(own if own and own.is_file() else TEMPLATES / FOLDER / f"{language}.toml")
    return Catalogue(language, tables, english, tuple(_patterns(tables.get("phrases", {}))))


def _patterns(phrases: Mapping[str, str]) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield each sentence with named values as a pattern, with its translation."""
    for english, translated in phrases.items():
        if _NAMED.search(english):
            parts = _NAMED.split(english)
            words = [re.escape(part) for part in parts[::2]]
            values = [*(f"(?P<{name}>.+?)" for name in parts[1::2]), ""]
            pattern = "".join(chain.from_iterable(zip(words, values, strict=True)))
            yield re.compile(pattern, re.DOTALL), translated


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
