"""Parse the lexicon of concepts and named things from editable TOML tables.

A file may also hold frames, ``[frame.name]``, their words, ``[verb.class]`` and ``[status.class]``, and words
of grammar, ``[small.name]``, which `frames.tables` reads.
Names of a thing of another file by language alone, ``[country.FR] ko = [...]``, are added to it.

A table is ``[kind.id]``. Kind ``concept`` has patterns by language (``en = [...]``) and is addressed as
``@id``. The kinds of things (weapon, maker, agency, authority, programme, country, person) have a `name`,
`names` (in any language; names of one language may stand under it: ``ru = [...]``), `countries` and `lists`,
and are addressed as ``@kind`` or ``@kind:id``. Names under `ambiguous` ("Patriot",
"SSB") count only where other words support them. `namesakes` are the states that have a body of the same
ambiguous name.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from monitor.errors import ConfigError
from monitor.match.names.building import WATCH
from monitor.match.query.pattern import Pattern, of_name
from monitor.match.query.pattern import parse as parse_pattern
from monitor.match.query.pattern_index import NO_PATTERNS, PackedPatterns, Row, pack_patterns, pattern_of
from monitor.model import Entity, EntityKind, Name, Strength, iso_code, iso_id
from monitor.text import words
from monitor.text.languages import is_language, written_forms

from . import small_words
from .schema import rows, string, strings

KINDS = ("weapon", "maker", "agency", "authority", "programme", "country", "person", "watch")
#: The languages that are judged as shipped; files of an operator may add others by their ISO 639 code.
LANGUAGES = ("en", "ru", "uk", "tr", "ar", "fa", "de", "fr", "es", "zh", "sv", "it", "pl")

#: Kinds of tables that hold words of frames, frames, and words of grammar.
FRAMES = ("verb", "status", "frame", small_words.KIND)

#: A watch list of more names goes into the index of names, where there is one.
MANY = 1_000
_ENTITY_KEYS = {"name", "names", "ambiguous", "countries", "namesakes", "lists", "category", "maker", "note"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconEntry:
    """A thing with its names; `tag` is ``kind:id``.

    Spans of `ambiguous` patterns have the tag `doubtful` until other words support them.
    """

    tag: str
    kind: str
    name: str
    patterns: PackedPatterns = NO_PATTERNS
    countries: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    ambiguous: PackedPatterns = NO_PATTERNS
    namesakes: tuple[str, ...] = ()

    @property
    def doubtful(self) -> str:
        """The tag of an ambiguous name without support."""
        return f"{self.tag}?"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Concepts and things, and the @tags by which queries may name them."""

    concepts: Mapping[str, PackedPatterns]
    entries: Mapping[str, LexiconEntry]

    @property
    def tags(self) -> frozenset[str]:
        kinds = {entry.kind for entry in self.entries.values()}
        return (
            frozenset(self.concepts) | frozenset(self.entries) | kinds | {"amount", "arms", "listed", "pair"}
        )

    @property
    def states(self) -> dict[str, tuple[str, ...]]:
        """The codes of the states behind each thing, by tag."""
        return {tag: entry.countries for tag, entry in self.entries.items() if entry.countries}

    def patterns(self) -> Iterator[tuple[str, Pattern]]:
        """Yield every (tag, pattern) for the spotter."""
        return map(pattern_of, self.rows())

    def rows(self) -> Iterator[Row]:
        """Yield the same as rows."""
        for tag, patterns in self.concepts.items():
            yield from patterns.rows(tag)
        for tag, entry in self.entries.items():
            yield from entry.patterns.rows(tag)
            yield from entry.ambiguous.rows(entry.doubtful)


def load(texts: Mapping[str, str]) -> Lexicon:
    """Read lexicon files, given as file name → text.

    Raises:
        ConfigError: one line for each mistake, as ``file: table: what``.
    """
    lexicon, mistakes = load_sound(texts)
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return lexicon


def load_sound(texts: Mapping[str, str]) -> tuple[Lexicon, list[str]]:
    """Return the entries without a mistake, and every mistake of the others, which keep their @names."""
    concepts: dict[str, tuple[Pattern, ...]] = {}
    entries: dict[str, LexiconEntry] = {}
    mistakes: list[str] = []
    for origin, kind, id, row in rows(texts, mistakes):
        if kind in FRAMES:
            continue
        try:
            if kind == "concept":
                concepts[id] = concepts.get(id, ()) + _concept(row)
            else:
                entry = _entry(kind, id, row, entries.get(iso_id(f"{kind}:{id}")))
                entries[entry.tag] = entry
        except ValueError as error:
            mistakes.append(f"{origin}: {kind}.{id}: {error}")
            if kind == "concept":
                concepts.setdefault(id, ())
            else:
                tag = iso_id(f"{kind}:{id}")
                entries.setdefault(tag, LexiconEntry(tag=tag, kind=kind, name=id))
    packed = {id: pack_patterns(patterns) for id, patterns in concepts.items()}
    return Lexicon(packed, entries), mistakes


def languages_of(texts: Mapping[str, str]) -> frozenset[str]:
    """Return the languages of the concepts of files; what cannot be read has none."""
    found = rows(texts, [])
    return frozenset(key for _, kind, _, row in found if kind == "concept" for key in row if is_language(key))


def _concept(row: Mapping[str, Any]) -> tuple[Pattern, ...]:
    if wrong := {key for key in row if not is_language(key)} - {"note"}:
        raise ValueError(f"no language {', '.join(sorted(wrong))}; known: ISO 639 codes such as en, ko")
    return tuple(map(parse_pattern, _spelt(row)))


def _spelt(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the words of all languages in each of their spellings."""
    for lang in (*LANGUAGES, *sorted(set(row) - set(LANGUAGES))):
        if is_language(lang):
            yield from (each for source in strings(row, lang) for each in written_forms(lang, source))


def _entry(kind: str, id: str, row: Mapping[str, Any], before: LexiconEntry | None) -> LexiconEntry:
    if kind not in KINDS:
        raise ValueError(f"no kind {kind!r}; known: concept, {', '.join(KINDS)}")
    if wrong := {key for key in row if not is_language(key)} - _ENTITY_KEYS:
        known = (*sorted(_ENTITY_KEYS), "languages as ISO 639 codes")
        raise ValueError(f"no key {', '.join(sorted(wrong))}; known: {', '.join(known)}")
    name, ambiguous = string(row, "name", ""), strings(row, "ambiguous")
    names = (*strings(row, "names"), *_spelt(row))
    if before is not None and not set(row) & _ENTITY_KEYS:
        several = (*before.patterns, *_patterns(names, kind == "weapon"))
        return replace(before, patterns=pack_patterns(several))
    if not names and not ambiguous:
        names = (name,) if name else ()
    if not names and not ambiguous:
        raise ValueError("no name to look for; give name, names or ambiguous")
    countries = strings(row, "countries") or ((id,) if kind == "country" else ())
    return LexiconEntry(
        tag=iso_id(f"{kind}:{id}"),
        kind=kind,
        name=name or (*names, *ambiguous)[0].lstrip("="),
        patterns=pack_patterns(_patterns(names, kind == "weapon")),
        countries=tuple(map(iso_code, countries)),
        lists=strings(row, "lists"),
        ambiguous=pack_patterns(_patterns(ambiguous, kind == "weapon")),
        namesakes=tuple(map(iso_code, strings(row, "namesakes"))),
    )


def _patterns(names: Iterable[str], countable: bool = False) -> tuple[Pattern, ...]:
    return tuple(dict.fromkeys(pattern for name in names for pattern in of_name(name, countable)))


def watched(lists: Mapping[str, tuple[str, ...]], indexed: bool = False) -> dict[str, LexiconEntry]:
    """Return the operator's own watch lists as entries: each list is one @watch:NAME.

    With an index at hand, the plain names of a list of more than `MANY` are left to it.

    Raises:
        ConfigError: a name has no word, as ``watch.<list>.names: what``.
    """
    entries, mistakes = {}, []
    for name, names in lists.items():
        wanted = [each for each in names if not (indexed and len(names) > MANY and is_plain(each))]
        try:
            tag = f"watch:{name}"
            patterns = pack_patterns(_patterns(wanted))
            entries[tag] = LexiconEntry(tag=tag, kind="watch", name=name, patterns=patterns)
        except ValueError as error:
            mistakes.append(f"watch.{name}.names: {error}")
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return entries


def is_plain(name: str) -> bool:
    """Say whether a name is only words: no pattern, and no designator with several spellings."""
    return not set(name) & set("*?#=.0123456789") and bool(words(name))


def indexed(lists: Mapping[str, tuple[str, ...]]) -> Iterator[Entity]:
    """Yield as parties the names of watch lists that `watched` leaves to an index."""
    for name, names in lists.items():
        for each in filter(is_plain, names if len(names) > MANY else ()):
            yield Entity(
                id=each, list=f"{WATCH}{name}", kind=EntityKind.OTHER, names=(Name(each, Strength.PRIMARY),)
            )
