"""What judges, made from files: the built-in ones, then the operator's."""

from dataclasses import dataclass
from pathlib import Path

from .alerts import policy
from .alerts.policy import RoutingTable
from .config import Settings
from .errors import ConfigError
from .match import engine
from .match.engine import Engine
from .resources import SEEDS


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What judges: the engine, and where its verdicts go."""

    engine: Engine
    table: RoutingTable


def rulebook(settings: Settings) -> Rulebook:
    """Read lexicon, rules and scoring: the built-in files, then the operator's.

    Raises:
        ConfigError: every mistake in any of the files, one a line.
    """
    scoring = _read(SEEDS / "scoring.toml")
    texts = {
        "lexicon": _texts(SEEDS / "lexicon", "built-in ") | _texts(settings.lexicon),
        "rules": _texts(SEEDS / "rules", "built-in ") | _texts(settings.rules),
    }
    watch = {name: table.names for name, table in settings.watch.items()}
    judge = engine.build(texts["lexicon"], texts["rules"], ("scoring.toml", scoring), watch)
    return Rulebook(judge, policy.load(scoring, "scoring.toml"))


def _texts(folder: Path, whose: str = "") -> dict[str, str]:
    """Return a folder's files by name; `whose` keeps an operator's from replacing ours of the same name."""
    return {f"{whose}{folder.name}/{path.name}": _read(path) for path in sorted(folder.glob("*.toml"))}


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
