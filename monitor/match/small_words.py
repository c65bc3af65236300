"""Read the small words that tie verbs, objects and names together, by language.

The tables stand in ``seeds/frames/small_words.toml``, each with what it is for. A file of the lexicon adds
words of a language to one as ``[small.name] ko = ["…"]``. To add a table, add a field to `SmallWords`.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from monitor.errors import ConfigError, did_you_mean
from monitor.text import fold
from monitor.text.languages import is_language

NAME = "small_words.toml"

#: The kind of the tables in which an operator adds words.
KIND = "small"

Words = frozenset[str]
WordsByLanguage = Mapping[str, frozenset[str]]
Beginnings = tuple[str, ...]
Endings = Beginnings
EndingsByLanguage = Mapping[str, tuple[str, ...]]
Phrases = frozenset[tuple[str, ...]]

_ByLanguage = Mapping[str, tuple[str, ...]]
_NONE: Words = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallWords:
    """Folded words by their table; those of all languages together, unless the type has languages."""

    blocking: WordsByLanguage = field(default_factory=dict)
    of_nouns: Words = _NONE
    by_means_of: Words = _NONE
    instrumental: Endings = ()
    conditions: Words = _NONE
    fresh: Words = _NONE
    nominatives: Words = _NONE
    meant_for: Words = _NONE
    in_favour: WordsByLanguage = field(default_factory=dict)
    in_favour_of_arms: WordsByLanguage = field(default_factory=dict)
    offices: EndingsByLanguage = field(default_factory=dict)
    articles: Words = _NONE
    come_from: Words = _NONE
    bought_from: Words = _NONE
    periods: Words = _NONE
    put_on: Words = _NONE
    put_on_in: WordsByLanguage = field(default_factory=dict)
    owned_by: Words = _NONE
    matter: Words = _NONE
    used: Words = _NONE
    no_demand: Words = _NONE
    done_by: Words = _NONE
    bounds: Phrases = frozenset()
    numerals: Words = _NONE
    tasks: Words = _NONE
    missions: Words = _NONE
    relative: Words = _NONE
    adverbs: Words = _NONE
    auxiliaries: Words = _NONE
    being: Words = _NONE
    stopping: Words = _NONE
    stopping_finitely: Words = _NONE
    subject_pronouns: Words = _NONE
    contracted: Words = _NONE
    before_gerund: Words = _NONE
    lasting: Words = _NONE
    decisions: Words = _NONE
    wanting: Words = _NONE
    efforts: Words = _NONE
    arousing: Words = _NONE
    drafts: Words = _NONE
    rejecting: Words = _NONE
    meanwhile: Words = _NONE
    commands: Words = _NONE
    showing: Words = _NONE
    using: Words = _NONE
    keeping: Words = _NONE
    blaming: Words = _NONE
    announcing: Words = _NONE
    modals: Words = _NONE
    before_infinitive: Words = _NONE
    reporting: Words = _NONE
    determiners: Words = _NONE
    getting: Words = _NONE
    civil_goods: Beginnings = ()
    arms_made: Beginnings = ()
    adverbial_gerunds: EndingsByLanguage = field(default_factory=dict)
    fact_endings: EndingsByLanguage = field(default_factory=dict)
    reports_of_facts: Beginnings = ()
    genitives: EndingsByLanguage = field(default_factory=dict)
    behind_predicate: Words = _NONE
    phrases: WordsByLanguage = field(default_factory=dict)
    conjoining: Words = _NONE
    nouns_of_ideographs: Beginnings = ()
    parts: Words = _NONE
    orders: Words = _NONE
    behind_noun: Words = _NONE
    behind_opening_noun: Words = _NONE
    before_noun: Words = _NONE
    nouns: Words = _NONE
    participles: Words = _NONE
    of_subjects: Words = _NONE
    before_attribute: Words = _NONE
    finite: Words = _NONE
    headline_verbs: Words = _NONE
    recalling: Words = _NONE
    opening: Words = _NONE
    relative_articles: Words = _NONE
    months: Words = _NONE
    dating: Words = _NONE
    years: Words = _NONE
    denying: Words = _NONE
    saying: Words = _NONE
    acted: Words = _NONE
    armies: Words = _NONE
    bought_to: Beginnings = ()
    bought_to_ideographs: Words = _NONE
    helping: Words = _NONE
    reported: Endings = ()
    in_force: Endings = ()
    perfect: Words = _NONE


NO_SMALL_WORDS = SmallWords()


def load(text: str, own: Iterable[tuple[str, Mapping[str, Any]]] = ()) -> SmallWords:
    """Read the tables, and those of other files, given by name, whose words are added.

    Raises:
        ConfigError: every mistake, one a line, as ``file: table: what``.
    """
    try:
        shipped = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{NAME}: {error}") from error
    files = [(NAME, "", shipped), *((name, f"{KIND}.", _added(rows)) for name, rows in own)]
    mistakes: list[str] = []
    tables: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, prefix, rows in files:
        for table, row in rows.items():
            if wrong := list(_mistakes(table, row)):
                mistakes += [f"{name}: {prefix}{table}: {each}" for each in wrong]
                continue
            words = tables.setdefault(table, {})
            for lang, given in row.items():
                words[lang] = (*words.get(lang, ()), *map(fold, given))
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return SmallWords(
        **{each.name: _READ[each.type](tables.get(each.name, {})) for each in fields(SmallWords)}
    )


def _added(rows: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the tables of a file of the lexicon; what is no table at all is a mistake of the lexicon's."""
    added = rows.get(KIND, {})
    return added if isinstance(added, Mapping) else {}


def _mistakes(table: str, row: object) -> Iterator[str]:
    known = [each.name for each in fields(SmallWords)]
    if table not in known:
        hint = did_you_mean(table, known) or f"; known: {', '.join(known)}"
        yield f"no such table{hint}"
    if not isinstance(row, Mapping):
        yield 'write it as a table of languages, en = ["one", "two"]'
        return
    for lang, words in row.items():
        if not is_language(lang):
            yield f"no language {lang}; use a code of ISO 639 in small letters"
        elif not isinstance(words, list) or not all(isinstance(each, str) and each for each in words):
            yield f'{lang} is a list of words, as ["one", "two"], not {words!r}'


def _together(row: _ByLanguage) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for words in row.values() for word in words))


def _phrases(row: _ByLanguage) -> Phrases:
    return frozenset(tuple(phrase.split()) for phrase in _together(row))


def _words_by_language(row: _ByLanguage) -> WordsByLanguage:
    return {lang: frozenset(words) for lang, words in row.items()}


#: How a table is read, by the type of its field.
_READ: Mapping[Any, Callable[[_ByLanguage], Any]] = {
    Words: lambda row: frozenset(_together(row)),
    WordsByLanguage: _words_by_language,
    Beginnings: _together,
    EndingsByLanguage: dict,
    Phrases: _phrases,
}
