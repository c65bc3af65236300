"""What judges, made from files: lexicon, rules and scoring, the built-in ones and then the operator's."""

from dataclasses import dataclass
from pathlib import Path

from monitor.alerts import routing as policy
from monitor.alerts.routing import RoutingTable
from monitor.config import Settings
from monitor.errors import ConfigError
from monitor.match import engine, lexicon, rules
from monitor.match import score_tables as scoring_files
from monitor.match.engine import Engine
from monitor.match.lexicon import Lexicon
from monitor.match.rules import RuleSet
from monitor.resources import SEEDS

from . import lists as list_settings
from .names import OnRebuild, ignore_rebuild


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What judges: the engine, and where its verdicts go."""

    engine: Engine
    table: RoutingTable


def rulebook(settings: Settings, on_rebuild: OnRebuild = ignore_rebuild) -> Rulebook:
    """Read lexicon, rules and scoring, the built-in files, then the operator's; and the names of the lists.

    Raises:
        ConfigError: every mistake in any of the files, one a line; a list's copy cannot be read.
    """
    scoring = "scoring.toml", _read(SEEDS / "scoring.toml")
    own = (str(settings.scoring), _read(settings.scoring)) if _wanted(settings.scoring) else None
    texts = {
        "lexicon": _texts(SEEDS / "lexicon", "built-in ") | _texts(settings.lexicon),
        "rules": _texts(SEEDS / "rules", "built-in ") | _texts(settings.rules),
    }
    watch, names = list_settings.own_names_of(settings), list_settings.names_of(settings, on_rebuild)
    judge = engine.build(texts["lexicon"], texts["rules"], scoring, watch, own, names)
    name, tables = scoring_files.merged(scoring, own)
    return Rulebook(judge, policy.table_of(tables, name))


def built_in() -> tuple[Lexicon, RuleSet]:
    """Read what ships with the program, without anything of the operator's."""
    words = lexicon.load(_texts(SEEDS / "lexicon", "built-in "))
    return words, rules.load(_texts(SEEDS / "rules", "built-in "), words.tags)


def _wanted(scoring: Path) -> bool:
    """A file of the usual name need not be there; any other was meant."""
    return scoring.exists() or scoring != Settings.model_fields["scoring"].default


def _texts(folder: Path, whose: str = "") -> dict[str, str]:
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
