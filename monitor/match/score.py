"""How relevant, how grave, how credible: three answers, each with its reasons, from editable tables."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.errors import ConfigError
from monitor.model import Credibility, Event, Evidence, Tier

from .query import Match
from .rules import EventType, Rule
from .spotting import Doc

LONGEST_QUOTE = 14
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Scoring:
    """Marks of relevance (0-100), weights of fields, worth of tiers (0-100) and the letters' lower bounds."""

    flagged: int
    possible: int
    weights: Mapping[str, float]
    tiers: Mapping[str, tuple[int, str]]
    letters: tuple[tuple[str, int], ...]


def load(text: str, origin: str) -> Scoring:
    """Read a scoring table.

    Raises:
        ConfigError: not TOML, or a table or tier is missing.
    """
    try:
        table: dict[str, Any] = tomllib.loads(text)
        tiers = {tier: (int(row["score"]), str(row["says"])) for tier, row in table["tiers"].items()}
        if missing := {tier.value for tier in Tier} - set(tiers):
            raise ValueError(f"tiers: {', '.join(sorted(missing))} missing")
        letters = sorted(table["letters"].items(), key=lambda each: -each[1])
        marks = table["relevance"]
        return Scoring(marks["flagged"], marks["possible"], table["fields"], tiers, tuple(letters))
    except KeyError as error:
        raise ConfigError(f"{origin}: the table or key {error} is missing") from error
    except (tomllib.TOMLDecodeError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"{origin}: {error}") from error


def evidence_of_rule(
    doc: Doc, rule: Rule, matches: tuple[Match, ...], scoring: Scoring
) -> tuple[Evidence, ...]:
    """Return why a rule holds: the weightiest match carries the points, two in other words are shown."""
    weights = scoring.weights
    best = max(matches, key=lambda match: (weights.get(match.field, 0.0), -match.start))
    shown: dict[str, Match] = {}
    for match in (best, *(each for each in matches if _apart(each, best))):
        shown.setdefault(doc.texts[match.field].quote(match.start, match.stop).casefold(), match)
    because = f"{rule.id}: {rule.because}"
    points = rule.points * weights.get(best.field, 0.0) if rule.points > 0 else rule.points
    return tuple(
        _evidence(doc, match, because, round(points, 1) if match is best else 0.0)
        for match in tuple(shown.values())[: SHOWN if rule.points >= 0 else 1]
    )


def evidence_of_event(event: Event, kind: EventType, scoring: Scoring) -> Evidence:
    """Return an event as evidence for its topic: that something happens is worth `kind.points`."""
    points = round(kind.points * scoring.weights.get(event.field, 0.0), 1)
    because = f"event {event.type}"
    return Evidence(event.field, event.start, event.stop, event.quote, because, points)


def _apart(match: Match, best: Match) -> bool:
    return match.field != best.field or match.stop <= best.start or best.stop <= match.start


def _evidence(doc: Doc, match: Match, because: str, points: float) -> Evidence:
    text = doc.texts[match.field]
    start, stop = match.start, match.stop
    if stop - start > LONGEST_QUOTE:
        start, stop = match.spans[0].start, match.spans[0].stop
    return Evidence(
        match.field, text.starts[start], text.stops[stop - 1], text.quote(start, stop), because, points
    )


def total(points: Iterable[float]) -> int:
    """Add up to a relevance between 0 and 100."""
    return round(min(max(sum(points), 0.0), 100.0))


def credibility(tier: Tier, scoring: Scoring) -> Credibility:
    """Return how far a source of this tier carries."""
    score, says = scoring.tiers[tier.value]
    letter = next((letter for letter, least in scoring.letters if score >= least), scoring.letters[-1][0])
    return Credibility(letter, score, (says,))
