"""The lexicon: what the field's words mean, read from editable TOML tables.

A table is ``[kind.id]``. Kind ``concept`` has patterns by language (``en = [...]``) and is addressed as
``@id``. The kinds of things (weapon, maker, agency, authority, programme, country, person) have a `name`,
`names`, `countries` and `lists`, and are addressed as ``@kind`` or ``@kind:id``. Names under `ambiguous`
prove nothing alone ("Patriot", "SSB"): they count only in company.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.errors import ConfigError

from .pattern import Pattern, of_name
from .pattern import parse as parse_pattern
from .tables import rows, string, strings

KINDS = ("weapon", "maker", "agency", "authority", "programme", "country", "person", "watch")
LANGUAGES = ("en", "ru", "uk", "tr", "ar", "fa", "de", "fr", "es", "zh")
_ENTITY_KEYS = {"name", "names", "ambiguous", "countries", "lists", "category", "maker", "note"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that the lexicon knows by its names; `tag` is ``kind:id``.

    What `ambiguous` patterns find is tagged with a question mark until company vouches for it.
    """

    tag: str
    kind: str
    name: str
    patterns: tuple[Pattern, ...]
    countries: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    ambiguous: tuple[Pattern, ...] = ()

    @property
    def doubtful(self) -> str:
        """The tag of an ambiguous name that nothing vouches for yet."""
        return f"{self.tag}?"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Concepts and things, and the @tags by which queries may name them."""

    concepts: Mapping[str, tuple[Pattern, ...]]
    entries: Mapping[str, Entry]

    @property
    def tags(self) -> frozenset[str]:
        kinds = {entry.kind for entry in self.entries.values()}
        return frozenset(self.concepts) | frozenset(self.entries) | kinds | {"amount", "listed", "pair"}

    def patterns(self) -> Iterator[tuple[str, Pattern]]:
        """Yield every (tag, pattern) for the spotter."""
        for tag, patterns in self.concepts.items():
            yield from ((tag, pattern) for pattern in patterns)
        for tag, entry in self.entries.items():
            yield from ((tag, pattern) for pattern in entry.patterns)
            yield from ((entry.doubtful, pattern) for pattern in entry.ambiguous)


def load(texts: Mapping[str, str]) -> Lexicon:
    """Read lexicon files, given as file name → text.

    Raises:
        ConfigError: one line for each mistake, as ``file: table: what``.
    """
    concepts: dict[str, tuple[Pattern, ...]] = {}
    entries: dict[str, Entry] = {}
    mistakes: list[str] = []
    for origin, kind, id, row in rows(texts, mistakes):
        try:
            if kind == "concept":
                concepts[id] = concepts.get(id, ()) + _concept(row)
            else:
                entry = _entry(kind, id, row)
                entries[entry.tag] = entry
        except ValueError as error:
            mistakes.append(f"{origin}: {kind}.{id}: {error}")
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return Lexicon(concepts, entries)


def _concept(row: Mapping[str, Any]) -> tuple[Pattern, ...]:
    if wrong := set(row) - set(LANGUAGES) - {"note"}:
        raise ValueError(f"no language {', '.join(sorted(wrong))}; known: {', '.join(LANGUAGES)}")
    return tuple(parse_pattern(source) for lang in LANGUAGES for source in strings(row, lang))


def _entry(kind: str, id: str, row: Mapping[str, Any]) -> Entry:
    if kind not in KINDS:
        raise ValueError(f"no kind {kind!r}; known: concept, {', '.join(KINDS)}")
    if wrong := set(row) - _ENTITY_KEYS:
        raise ValueError(f"no key {', '.join(sorted(wrong))}; known: {', '.join(sorted(_ENTITY_KEYS))}")
    name, names, ambiguous = string(row, "name", ""), strings(row, "names"), strings(row, "ambiguous")
    if not names and not ambiguous:
        names = (name,) if name else ()
    if not names and not ambiguous:
        raise ValueError("no name to look for; give name, names or ambiguous")
    return Entry(
        f"{kind}:{id}",
        kind,
        name or (*names, *ambiguous)[0].lstrip("="),
        _patterns(names, kind == "weapon"),
        strings(row, "countries") or ((id,) if kind == "country" else ()),
        strings(row, "lists"),
        _patterns(ambiguous, kind == "weapon"),
    )


def _patterns(names: Iterable[str], countable: bool = False) -> tuple[Pattern, ...]:
    return tuple(dict.fromkeys(pattern for name in names for pattern in of_name(name, countable)))


def watched(lists: Mapping[str, tuple[str, ...]]) -> dict[str, Entry]:
    """Return the operator's own watch lists as entries: each list is one @watch:NAME.

    Raises:
        ConfigError: a name has nothing to look for, as ``watch.<list>.names: what``.
    """
    entries, mistakes = {}, []
    for name, names in lists.items():
        try:
            entries[f"watch:{name}"] = Entry(f"watch:{name}", "watch", name, _patterns(names))
        except ValueError as error:
            mistakes.append(f"watch.{name}.names: {error}")
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return entries
