"""Make an engine of files: of all that is sound in them, with every mistake of the rest.

Lexicon and frames are kept as engines are: after the edit of a rule both are read from there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from monitor.alerts.routing import RoutingTable, table_of
from monitor.errors import ConfigError
from monitor.match import engine as engines
from monitor.match import lexicon, rules, score_tables
from monitor.match.engine import Engine
from monitor.match.frames import tables
from monitor.match.frames.tables import Tables
from monitor.match.lexicon import Lexicon
from monitor.match.score import Scoring

from .engine_cache import cached

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFiles:
    """All that an engine without listed names is made from, as texts by name.

    The tables of frames stand among the files of the lexicon; `has_index`: the engine will get an index of
    names.
    """

    lexicon: tuple[tuple[str, str], ...]
    rules: tuple[tuple[str, str], ...]
    scoring: tuple[str, str]
    own_scoring: tuple[str, str] | None
    own_names: tuple[tuple[str, tuple[str, ...]], ...]
    has_index: bool


@dataclass(frozen=True, slots=True)
class SoundScoring:
    """Scoring and routing table of the files without a mistake, and the mistakes of the operator's file."""

    scoring: Scoring
    table: RoutingTable
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SoundEngine:
    """The engine of all that has no mistake, and every mistake of the rest.

    `testable`: lexicon and scoring have no mistake, so that the examples of rules mean what they say.
    """

    engine: Engine
    mistakes: tuple[str, ...]
    testable: bool


def sound_engine(files: EngineFiles, scoring: SoundScoring) -> SoundEngine:
    """Build an engine of all that has no mistake."""
    texts = dict(files.lexicon)
    words, lexical = _sound_words(tables.others(texts))
    words, unwatched = _with_watch_lists(words, files)
    frames, unframed = _sound_frames(texts)
    ruleset, mistakes = rules.load_sound(dict(files.rules), words.tags | frames.tags)
    version = engines.version_of(texts, files.scoring, files.own_scoring)
    engine = engines.assemble(words, ruleset, scoring.scoring, version, tables=frames)
    wrong = (*lexical, *unframed, *unwatched, *scoring.mistakes)
    return SoundEngine(engine, (*wrong, *mistakes), testable=not wrong)


def sound_scoring(built_in: tuple[str, str], own: tuple[str, str] | None) -> SoundScoring:
    """Return scoring and routing by both files; with a mistake, by the built-in file alone."""
    try:
        name, scores = score_tables.merged(built_in, own)
        return SoundScoring(score_tables.load(scores, name), table_of(scores, name))
    except ConfigError as error:
        name, scores = score_tables.merged(built_in)
        mistakes = tuple(str(error).splitlines())
        return SoundScoring(score_tables.load(scores, name), table_of(scores, name), mistakes)


def words_of(texts: Mapping[str, str]) -> Lexicon:
    """Read the files of a lexicon.

    Raises:
        ConfigError: every mistake in any of them, one a line.
    """
    return _part(Lexicon, texts, lexicon.load)


def frames_of(texts: Mapping[str, str]) -> Tables:
    """Read the tables of frames, and the operator's words of frames, among the files of the lexicon.

    Raises:
        ConfigError: a file cannot be read, or names what there is not.
    """
    return _part(Tables, tables.sources_of(texts), tables.load)


def _sound_words(texts: Mapping[str, str]) -> tuple[Lexicon, list[str]]:
    try:
        return words_of(texts), []
    except ConfigError:
        return lexicon.load_sound(texts)


def _with_watch_lists(words: Lexicon, files: EngineFiles) -> tuple[Lexicon, list[str]]:
    try:
        watched = lexicon.watched(dict(files.own_names), files.has_index)
    except ConfigError as error:
        return words, str(error).splitlines()
    return replace(words, entries={**words.entries, **watched}), []


def _sound_frames(texts: Mapping[str, str]) -> tuple[Tables, list[str]]:
    """Return the frames with the operator's words; with a mistake in these, without."""
    try:
        return frames_of(texts), []
    except ConfigError as error:
        return frames_of(tables.built_in(texts)), str(error).splitlines()


#: What was read last of each kind, by the hash of its files.
_parts: dict[type, tuple[int, object]] = {}


def _part(kind: type[T], texts: Mapping[str, str], read: Callable[[Mapping[str, str]], T]) -> T:
    """Return what is read from files, kept here and in a file: most edits are of something else."""
    inputs = tuple(texts.items())
    key = hash(inputs)
    known, found = _parts.get(kind, (0, None))
    if known == key and isinstance(found, kind):
        return found
    value = cached(kind, inputs, partial(read, texts))
    _parts[kind] = key, value
    return value
