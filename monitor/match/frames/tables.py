"""Read the frame tables: verbs and their forms, marks of status, frames, and what acts become by status."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from monitor.errors import ConfigError
from monitor.match import small_words
from monitor.match.small_words import NO_SMALL_WORDS, SmallWords
from monitor.text import fold
from monitor.text.languages import written_forms

from .language import LATIN
from .lexemes import MEMORY, Lexemes
from .own_frames import classes_of, own_frames

OBJECT = "object-"

#: Where a mark stands, other than before its act: `perfect` and `since` count together, and without `record`;
#: a `predicate` behind measures that are the subject.
PLACES = ("near", "active", "after", "predicate", "perfect", "since", "record")

#: A file of the lexicon that holds words of frames or of grammar, or frames; and a class of objects in one.
_OWN = re.compile(r"(?m)^\s*\[(verb|status|frame|small)\.")
_OWN_OBJECT = re.compile(rf"(?m)^\s*\[concept\.{OBJECT}([a-z_]+)\]")


class Parties(StrEnum):
    """Which parties an event of sanctions has."""

    ACTING = "acting"  # who acts, and on whom
    ANSWERING = "answering"  # the same; the measures that it names are those of another
    MEASURES = "measures"  # whose measures somebody evades or contests


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A verb class and the object classes with which it is an act of `type`.

    `needs` must stand in the sentence as well; `alone` verbs bring their object with them; `anywhere` lets
    verb and object share a sentence only. Objects are instruments (`by_means`), stand behind "for" (`via`) or
    any preposition (`about`), or do what the verb says (`subject`), which `ahead` stand before the verb in
    every language. A `first` frame leaves its object to no other; else the lower `order` wins.
    """

    id: str
    type: str
    verbs: tuple[str, ...]
    objects: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    alone: bool = False
    anywhere: bool = False
    by_means: bool = False
    subject: bool = False
    ahead: bool = False
    first: bool = False
    via: bool = False
    about: bool = False
    order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All frame tables, with the lexemes of each language that has any."""

    frames: Mapping[tuple[str, str], tuple[Frame, ...]]
    governed: Mapping[str, str]
    became: Mapping[str, Mapping[str, str]]
    stopped: Mapping[str, str]
    words: Mapping[str, Lexemes]
    parties: Mapping[str, Parties] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    small: SmallWords = NO_SMALL_WORDS
    _languages: dict[str, tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def tags(self) -> frozenset[str]:
        """The @names by which queries may ask for acts."""
        frames = [frame for several in self.frames.values() for frame in several]
        types = {frame.type for frame in frames} | set(self.governed.values())
        types |= {type for row in (*self.became.values(), self.stopped) for type in row.values()}
        named = {f"frame:{frame.id}" for frame in frames} | {
            f"frame:governed-{thing}" for thing in self.governed
        }
        return frozenset({f"act:{type}" for type in types} | named)

    def objects_of(self, frame: str) -> frozenset[str]:
        """Return the classes of objects of which each act of a frame has one; none for a frame without."""
        several = (each for row in self.frames.values() for each in row if each.id == frame)
        return frozenset(thing for each in several if not each.alone for thing in each.objects)

    def frames_of(self, verb: str, thing: str = "") -> tuple[str, ...]:
        """Return the frames of a class of verbs, with a class of objects if one is given."""
        rows = (row for pair, row in self.frames.items() if pair[0] == verb and thing in {"", pair[1]})
        return tuple(dict.fromkeys(frame.id for row in rows for frame in row))

    @property
    def types(self) -> frozenset[str]:
        """The types of events that frames have."""
        return frozenset(frame.type for row in self.frames.values() for frame in row)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self.words))

    def verb_of(self, word: str) -> tuple[str, ...]:
        """Return the languages in Latin script of which a word begins a verb or a mark."""
        known = self._languages.get(word)
        if known is None:
            folded = fold(word)
            known = tuple(lang for lang in LATIN if self.lexemes(lang).knows(folded))
            if len(self._languages) < MEMORY:
                self._languages[word] = known
        return known

    def lexemes(self, lang: str) -> Lexemes:
        """Return the words of one language; none for a language without tables."""
        return self.words.get(lang, _NO_WORDS)


_NO_WORDS = Lexemes(())

NAMES = ("frames.toml", "verbs.toml", "statuses.toml", "forms.txt", small_words.NAME)


def load(texts: Mapping[str, str]) -> Tables:
    """Read the tables by file name (see `NAMES`) among other files; without any there are no frames.

    Raises:
        ConfigError: a file is missing or cannot be read; a frame names an unknown class.
    """
    if not any(name in texts for name in NAMES):
        return Tables(frames={}, governed={}, became={}, stopped={}, words={})
    if missing := [name for name in NAMES if name not in texts]:
        raise ConfigError(f"frames: {', '.join(missing)} is missing")
    more = {name: text for name, text in texts.items() if name not in NAMES}
    own = ((name, text) for name, text in more.items() if _OWN.search(text))
    objects = frozenset(found for text in more.values() for found in _OWN_OBJECT.findall(text))
    return _load(*(texts[name] for name in NAMES), own=tuple(own), objects=objects)


def built_in(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Return the tables that ship, without words of frames in other files."""
    return {name: text for name, text in texts.items() if name in NAMES}


def sources_of(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Return the files by which the tables are made: of the same ones `load` makes the same."""
    return {
        name: text
        for name, text in texts.items()
        if name in NAMES or _OWN.search(text) or _OWN_OBJECT.search(text)
    }


def others(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Return the files that are no tables of frames."""
    return {name: text for name, text in texts.items() if name not in NAMES}


@lru_cache(maxsize=4)
def _load(*texts: str, own: tuple[tuple[str, str], ...], objects: frozenset[str]) -> Tables:
    """Most reloads find the same tables, and reading the forms is the larger part of a reload."""
    try:
        frames, verbs, statuses = (tomllib.loads(text) for text in texts[:3])
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"frames: {error}") from error
    forms = _forms(texts[3])
    parsed = [(name, _parsed(name, text)) for name, text in own]
    added = own_frames(parsed, classes_of(frames, set(verbs), objects))
    sources: dict[str, list[tuple[str, str]]] = {}
    found = [*_verb_sources(verbs, forms), *_status_sources(statuses)]
    found += [each for name, rows in parsed for each in _own_sources(name, rows, verbs, statuses)]
    for lang, source, tag in found:
        sources.setdefault(lang, []).extend((each, tag) for each in written_forms(lang, source))
    return Tables(
        frames=_frames({**frames.get("frame", {}), **added}, verbs),
        governed={key: value for key, value in frames.get("governed", {}).items() if key != "note"},
        became=frames.get("became", {}),
        stopped=frames.get("stopped", {}),
        answered=frozenset(f"country:{code}" for code in frames.get("answered", {}).get("states", ())),
        parties={type: Parties(name) for type, name in frames.get("parties", {}).items() if type != "note"},
        words={lang: _lexemes_of(tuple(each)) for lang, each in sources.items()},
        small=small_words.load(texts[4], parsed),
    )


#: The words of the languages read last, by the hash of their sources: an operator adds to few languages.
_lexemes: dict[int, Lexemes] = {}
_MAX_LEXEMES = 32


def _lexemes_of(sources: tuple[tuple[str, str], ...]) -> Lexemes:
    """Return the words of one language, kept without their sources."""
    key = hash(sources)
    known = _lexemes.pop(key, None)
    _lexemes[key] = Lexemes(sources) if known is None else known
    for oldest in tuple(_lexemes)[:-_MAX_LEXEMES]:
        _lexemes.pop(oldest, None)
    return _lexemes[key]


def _parsed(name: str, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}") from error


def _own_sources(
    name: str, rows: Mapping[str, Any], verbs: Mapping[str, Any], statuses: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Yield the words of frames in a file of the lexicon; verbs stand there in each of their forms.

    Raises:
        ConfigError: a table is of no verb class and no status.
    """
    for kind, known in (("verb", verbs), ("status", statuses)):
        if unknown := set(rows.get(kind, {})) - set(known):
            names = ", ".join(sorted(known))
            raise ConfigError(f"{name}: {kind}.{min(unknown)}: no such class; known: {names}")
    yield from _verb_sources(rows.get("verb", {}), {})
    yield from _status_sources(rows.get("status", {}))


def _frames(rows: Mapping[str, Any], verbs: Mapping[str, Any]) -> Mapping[tuple[str, str], tuple[Frame, ...]]:
    found: dict[tuple[str, str], tuple[Frame, ...]] = {}
    for order, (id, row) in enumerate(rows.items()):
        frame = Frame(
            id=id,
            type=row["type"],
            verbs=tuple(row["verbs"]),
            objects=tuple(row.get("objects", ())),
            needs=tuple(row.get("with", ())),
            alone=row.get("alone", False),
            anywhere=row.get("reach") == "sentence",
            by_means=row.get("by_means", False),
            subject=row.get("subject", False),
            ahead=row.get("ahead", False),
            first=row.get("first", False),
            via=row.get("via", False),
            about=row.get("about", False),
            order=order - 1_000 * row.get("first", False),
        )
        if unknown := set(frame.verbs) - set(verbs):
            raise ConfigError(f"frames.toml: {id}: no verb class {', '.join(sorted(unknown))} in verbs.toml")
        for verb in frame.verbs:
            for thing in frame.objects or ("",):
                found[verb, thing] = (*found.get((verb, thing), ()), frame)
    return found


def _forms(text: str) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """Return (kind, form) pairs by language and lemma."""
    found = {}
    for line in text.splitlines():
        lang, lemma, kinds = line.split("\t")
        pairs = []
        for row in kinds.split(";"):
            kind, _, forms = row.partition("=")
            pairs += [(kind, form) for form in forms.split(",") if form]
        found[lang, lemma] = tuple(pairs)
    return found


def _verb_sources(
    verbs: Mapping[str, Any], forms: Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
) -> Iterator[tuple[str, str, str]]:
    """Yield (language, words, "v:class:kind"); a lemma without forms stands for itself."""
    for name, row in verbs.items():
        for lang, lemma in _lemmas(row):
            for kind, form in forms.get((lang, lemma), (("f", lemma),)):
                yield lang, form, f"v:{name}:{kind}"
        for lang, words in _lemmas(row.get("fixed", {})):
            yield lang, words, f"v:{name}:f"
        for lang, lemma in _lemmas(row.get("nouns", {})):
            for kind, form in forms.get((lang, f"{lemma}~"), (("n", lemma),)):
                yield lang, form, f"v:{name}:{kind}"


def _lemmas(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((lang, each) for lang, lemmas in row.items() if isinstance(lemmas, list) for each in lemmas)


def _status_sources(statuses: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (language, words, "s:status:place"), the place being before or one of `PLACES`."""
    for name, row in statuses.items():
        places = {"before": row, **{place: row.get(place, {}) for place in PLACES}}
        for place, table in places.items():
            for lang, sources in table.items():
                for source in sources if isinstance(sources, list) else ():
                    yield lang, source, f"s:{name}:{place}"
