"""Build engine and routing table from lexicon, rules and scoring: built-in files, then the operator's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from monitor.alerts.routing import RoutingTable, table_of
from monitor.config import Settings
from monitor.errors import ConfigError
from monitor.match import lexicon, rules, score_tables, small_words
from monitor.match.engine import Engine
from monitor.match.lexicon import Lexicon
from monitor.match.rules import RuleSet
from monitor.model import FileRole, RuleFile
from monitor.resources import SEEDS

from . import list_settings
from .engine_cache import cached_engine, keep_engine, kept_engine
from .names import OnRebuild, ignore_rebuild
from .sound_engine import (
    EngineFiles,
    SoundEngine,
    SoundScoring,
    frames_of,
    sound_engine,
    sound_scoring,
    words_of,
)

#: What the names of files begin with that ship with the program.
BUILT_IN = "built-in "


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The engine, the routing table, and the files that both were made from."""

    engine: Engine
    table: RoutingTable
    files: tuple[RuleFile, ...] = ()


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts of all files by name; the operator's scoring, if any, as (name, text)."""

    lexicon: dict[str, str]
    rules: dict[str, str]
    frames: dict[str, str]
    scoring: tuple[str, str]
    own_scoring: tuple[str, str] | None


def rulebook(settings: Settings, on_rebuild: OnRebuild = ignore_rebuild, seeds: Path = SEEDS) -> Rulebook:
    """Read lexicon, rules and scoring, the files in `seeds`, then the operator's; and the names of the lists.

    Raises:
        ConfigError: every mistake in any of the files, one a line; a list's copy cannot be read.
    """
    return _rulebook(_texts_of(settings, seeds), settings, on_rebuild)


def rulebook_from(files: Iterable[RuleFile], settings: Settings) -> Rulebook:
    """Return the rulebook of files of another version; its names are those of the present lists.

    Raises:
        ConfigError: a file is no longer understood.
    """
    return _rulebook(_texts_from(tuple(files)), settings, ignore_rebuild)


def _rulebook(texts: _Texts, settings: Settings, on_rebuild: OnRebuild) -> Rulebook:
    names = list_settings.names_of(settings, on_rebuild)
    engine = _engine_of(_engine_files(texts, settings, has_index=names is not None))
    if names is not None:
        engine = engine.with_names(names)
    name, scores = score_tables.merged(texts.scoring, texts.own_scoring)
    return Rulebook(engine, table_of(scores, name), tuple(_files_of(texts)))


def _engine_files(texts: _Texts, settings: Settings, *, has_index: bool) -> EngineFiles:
    return EngineFiles(
        lexicon=tuple({**texts.lexicon, **texts.frames}.items()),
        rules=tuple(texts.rules.items()),
        scoring=texts.scoring,
        own_scoring=texts.own_scoring,
        own_names=tuple(list_settings.own_names_of(settings).items()),
        has_index=has_index,
    )


#: The engines used last, by the hash of their files: most are unchanged at a reload.
_engines: dict[int, Engine] = {}
_MAX_ENGINES = 2


def _engine_of(files: EngineFiles) -> Engine:
    """Return the engine of files, kept without their texts, which take as much memory as the engine."""
    engine = _engines.get(hash(files)) or cached_engine(files, partial(_built, files))
    _remember(files, engine)
    return engine


def _known(files: EngineFiles) -> Engine | None:
    """Return the engine of files that was built before."""
    engine = _engines.get(hash(files)) or kept_engine(files)
    if engine is not None:
        _remember(files, engine)
    return engine


def _remember(files: EngineFiles, engine: Engine) -> None:
    key = hash(files)
    _engines.pop(key, None)
    _engines[key] = engine
    for oldest in tuple(_engines)[:-_MAX_ENGINES]:
        del _engines[oldest]


def _built(files: EngineFiles) -> Engine:
    built = sound_engine(files, sound_scoring(files.scoring, files.own_scoring))
    if built.mistakes:
        raise ConfigError("\n".join(built.mistakes))
    return built.engine


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is sound in the files of a rulebook, and every mistake of the rest.

    `testable`: lexicon and scoring have no mistake, so that the examples of rules mean what they say.
    `is_built_in`: the operator adds no rule, word, score or name to what ships. `has_own_words`: words or
    names are added, by which rules that ship may find something else.
    """

    rulebook: Rulebook
    mistakes: tuple[str, ...]
    testable: bool
    is_built_in: bool
    has_own_words: bool


def inspect(settings: Settings) -> Inspection:
    """Read the files as `rulebook` does, and leave out what has a mistake.

    Files of which an engine was built before have none, apart from scoring.

    Raises:
        ConfigError: a file or a list's copy cannot be read.
    """
    texts = _texts_of(settings)
    names = list_settings.names_of(settings, ignore_rebuild)
    has_names = names is not None or bool(list_settings.own_names_of(settings))
    has_own_words = has_names or _says_something(texts.lexicon)
    has_own_rules = _says_something(texts.rules) or texts.own_scoring is not None
    scoring = sound_scoring(texts.scoring, texts.own_scoring)
    found = _inspected(_engine_files(texts, settings, has_index=names is not None), scoring)
    engine = found.engine if names is None else found.engine.with_names(names)
    return Inspection(
        Rulebook(engine, scoring.table),
        found.mistakes,
        found.testable,
        is_built_in=not has_own_rules and not has_own_words,
        has_own_words=has_own_words,
    )


def _inspected(files: EngineFiles, scoring: SoundScoring) -> SoundEngine:
    """Return an engine of all that has no mistake; one of which nothing had to be left out is kept."""
    known = _known(files) if not scoring.mistakes else None
    if known is not None:
        return SoundEngine(known, (), testable=True)
    found = sound_engine(files, scoring)
    if not found.mistakes:
        keep_engine(files, found.engine)
        _remember(files, found.engine)
    return found


def _says_something(files: Mapping[str, str]) -> bool:
    """Return whether a file of the operator is more than comments."""
    own = (text for name, text in files.items() if not name.startswith(BUILT_IN))
    lines = (line.strip() for text in own for line in text.splitlines())
    return any(line and not line.startswith("#") for line in lines)


def judged_languages(settings: Settings) -> frozenset[str]:
    """Return the languages that are judged: those that ship, and those of the operator's lexicon.

    Raises:
        ConfigError: a file of the lexicon cannot be read.
    """
    return frozenset(lexicon.LANGUAGES) | lexicon.languages_of(_texts_in(settings.lexicon))


def _texts_of(settings: Settings, seeds: Path = SEEDS) -> _Texts:
    own = (str(settings.scoring), _read(settings.scoring)) if _is_wanted(settings.scoring) else None
    return _Texts(
        lexicon=_texts_in(seeds / "lexicon", BUILT_IN) | _texts_in(settings.lexicon),
        rules=_texts_in(seeds / "rules", BUILT_IN) | _texts_in(settings.rules),
        frames=_frames(seeds),
        scoring=("scoring.toml", _read(seeds / "scoring.toml")),
        own_scoring=own,
    )


def _files_of(texts: _Texts) -> Iterator[RuleFile]:
    yield from (RuleFile(FileRole.RULES, name, text) for name, text in texts.rules.items())
    words = {**texts.lexicon, **texts.frames}
    yield from (RuleFile(FileRole.LEXICON, name, text) for name, text in words.items())
    yield RuleFile(FileRole.SCORING, *texts.scoring)
    if texts.own_scoring:
        yield RuleFile(FileRole.OWN_SCORING, *texts.own_scoring)


def _texts_from(files: tuple[RuleFile, ...]) -> _Texts:
    """Return the texts of files; frames stand among those of the lexicon.

    Small words, which files of earlier versions of the program lack, are those that ship.
    """
    own_scoring = [(each.name, each.text) for each in files if each.role is FileRole.OWN_SCORING]
    (scoring,) = [(each.name, each.text) for each in files if each.role is FileRole.SCORING]
    words = {each.name: each.text for each in files if each.role is FileRole.LEXICON}
    return _Texts(
        lexicon={small_words.NAME: _read(SEEDS / "frames" / small_words.NAME), **words},
        rules={each.name: each.text for each in files if each.role is FileRole.RULES},
        frames={},
        scoring=scoring,
        own_scoring=own_scoring[0] if own_scoring else None,
    )


def built_in() -> tuple[Lexicon, RuleSet]:
    """Read what ships with the program, without anything of the operator's."""
    texts = _texts_in(SEEDS / "lexicon", BUILT_IN)
    words = words_of(texts)
    tags = words.tags | frames_of({**texts, **_frames()}).tags
    return words, rules.load(_texts_in(SEEDS / "rules", BUILT_IN), tags)


def _frames(seeds: Path = SEEDS) -> dict[str, str]:
    """Return the tables of frames that ship, and the forms of their verbs, by file name."""
    return {path.name: _read(path) for path in sorted((seeds / "frames").glob("*.t*"))}


def _is_wanted(scoring: Path) -> bool:
    """Say whether the operator's scoring is to be read; only the file of the usual name may be missing."""
    return scoring.exists() or scoring != Settings.model_fields["scoring"].default


def _texts_in(folder: Path, whose: str = "") -> dict[str, str]:
    """Return a folder's files by name; `whose` keeps an operator's from replacing ours of the same name.

    In place of a folder one file may be given.
    """
    if folder.is_file():
        return {f"{whose}{folder}": _read(folder)}
    return {f"{whose}{folder.name}/{path.name}": _read(path) for path in sorted(folder.glob("*.toml"))}


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
