"""Read the model by which reports of one act are grouped, and the reasons not to interrupt."""

import gzip
from functools import cache

from monitor.alerts.interruption import InterruptionRule, rules_of
from monitor.errors import ConfigError
from monitor.resources import SEEDS
from monitor.stories.model import GroupingModel, model_of

from .engine_cache import cached


@cache
def grouping_model() -> GroupingModel:
    """Return the shipped model.

    Raises:
        ConfigError: a file is missing or cannot be read.
    """
    tables, background, topical = (
        SEEDS / name for name in ("stories.toml", "background.txt.gz", "story_terms.txt.gz")
    )
    try:
        common, usual = (gzip.decompress(file.read_bytes()).decode() for file in (background, topical))
        countries = (SEEDS / "lexicon/countries.toml").read_text("utf-8")
        texts = (tables.read_text("utf-8"), countries, common, usual, str(tables))
    except (OSError, EOFError, UnicodeError) as error:
        raise ConfigError(f"{tables.parent}: {error}") from error
    return cached(GroupingModel, texts, lambda: model_of(*texts))


@cache
def interruption_rules() -> tuple[InterruptionRule, ...]:
    """Return the shipped reasons not to interrupt.

    Raises:
        ConfigError: the file is missing or cannot be read.
    """
    file = SEEDS / "interruption.toml"
    try:
        return rules_of(file.read_text("utf-8"), str(file))
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"{file}: {error}") from error
