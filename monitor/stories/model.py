"""The grouping model: vocabulary, weights of features, and limits; scores two reports and says why. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import exp
from typing import Any

from monitor.errors import ConfigError

from .features import NAMES, Features
from .vocabulary import Vocabulary, parse, vocabulary_of

BIAS = "bias"

#: What each feature says, in words for people.
_WORDS = {
    "title": "words of the titles",
    "text": "words of title and lead",
    "cover": "one title within the other text",
    "shared": "rare words in common",
    "names": "names in common",
    "same_parties": "parties in common",
    "same_family": "the same kind of act",
    "same_figures": "a figure in common",
    "same_sums": "a sum in common",
    "other_family": "another kind of act",
    "other_status": "one done, one not",
    "other_kind": "one a report, one not",
    "other_states": "other states",
    "other_names": "other names",
    "other_actors": "another authority",
    "other_targets": "another target",
    "other_systems": "another system",
    "other_counts": "another count of the same thing",
    "other_sums": "other sums",
    "time": "time between them",
}


@dataclass(frozen=True, slots=True)
class Score:
    """How surely two reports are of one act (0-1), whether that is enough, and why, the strongest first."""

    probability: float
    joins: bool
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupingModel:
    """What reports are grouped by: at `join` (0-1) and above they are of one act, at `relate` on one matter.

    `weights` and `join` are for two texts in one language, `foreign` and `join_foreign` for two languages.
    """

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    weights: Mapping[str, float] = field(default_factory=dict)
    foreign: Mapping[str, float] = field(default_factory=dict)
    join: float = 0.5
    join_foreign: float = 0.5
    relate: float = 0.1

    def score(self, features: Features, *, foreign: bool = False) -> Score:
        """Return the score of two reports with these features."""
        weights = self.foreign if foreign else self.weights
        parts = {name: weights.get(name, 0.0) * getattr(features, name) for name in NAMES}
        logit = weights.get(BIAS, 0.0) + sum(parts.values())
        strongest = sorted((name for name in NAMES if parts[name]), key=lambda name: -abs(parts[name]))
        because = ", ".join(f"{_WORDS[name]} {parts[name]:+.1f}" for name in strongest)
        probability = 1 / (1 + exp(-max(-30.0, min(30.0, logit))))
        limit = self.join_foreign if foreign else self.join
        return Score(probability, probability >= limit, f"{probability:.2f} ({because})")


def model_of(text: str, countries: str, background: str, topical: str, origin: str) -> GroupingModel:
    """Return the model of a TOML text, the lexicon's countries and two tables, as `vocabulary_of` reads them.

    Raises:
        ConfigError: a table is missing or cannot be read.
    """
    tables, states = parse(text, origin), parse(countries, origin)
    try:
        limits = tables["limits"]
        return GroupingModel(
            vocabulary=vocabulary_of(tables["vocabulary"], states["country"], background, topical, origin),
            weights=_weights(tables["weights"], origin),
            foreign=_weights(tables["foreign"], origin),
            join=float(limits["join"]),
            join_foreign=float(limits["join_foreign"]),
            relate=float(limits["relate"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"{origin}: {error!r}: missing, or no number") from error


def _weights(table: Mapping[str, Any], origin: str) -> dict[str, float]:
    if unknown := table.keys() - {BIAS, *(each.name for each in fields(Features))}:
        raise ConfigError(f"{origin}: no feature is called {', '.join(sorted(unknown))}")
    return {name: float(weight) for name, weight in table.items()}
