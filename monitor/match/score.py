"""Score relevance, severity and credibility, with reasons, from editable tables. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monitor.match.query.nodes import Match
from monitor.model import Credibility, Event, Evidence, Item, Tier

from .rules import EventType, Rule, RuleSet
from .spans import Doc

LONGEST_QUOTE = 14
SHOWN = 3
_HOST = re.compile(r"https?://(?:[^/@\s]*@)?([\w.-]+)")


@dataclass(frozen=True, slots=True)
class SourceTrust:
    """The credibility of a tier, 0-100, in words, and its upper limit `most` after corroboration."""

    score: int
    says: str
    most: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """Marks of relevance (0-100), weights of fields, severities (0-5) by event type, worth of tiers (0-100),
    what is added to it or taken from it, and the letters' lower bounds, the highest first."""

    flagged: int
    possible: int
    weights: Mapping[str, float]
    severity: Mapping[str, int]
    tiers: Mapping[str, SourceTrust]
    added: Mapping[str, int]
    primary_hosts: tuple[str, ...]
    letters: tuple[tuple[str, int], ...]

    def graded(self, rules: RuleSet) -> RuleSet:
        """Return the rules with event types as grave as this table says."""
        events = (
            replace(each, severity=self.severity.get(each.type, each.severity)) for each in rules.events
        )
        return replace(rules, events=tuple(events))


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
    return Evidence(
        field=event.field,
        start=event.start,
        stop=event.stop,
        quote=event.quote,
        because=because,
        points=points,
    )


def _apart(match: Match, best: Match) -> bool:
    return match.field != best.field or match.stop <= best.start or best.stop <= match.start


def _evidence(doc: Doc, match: Match, because: str, points: float) -> Evidence:
    text = doc.texts[match.field]
    start, stop = match.start, match.stop
    if stop - start > LONGEST_QUOTE:
        start, stop = match.spans[0].start, match.spans[0].stop
    return Evidence(
        field=match.field,
        start=text.starts[start],
        stop=text.stops[stop - 1],
        quote=text.quote(start, stop),
        because=because,
        points=points,
    )


def total(points: Iterable[float]) -> int:
    """Add up to a relevance between 0 and 100; penalties take from at most 100, however much was given."""
    each = tuple(points)
    if not each:
        return 0
    gained = min(sum(p for p in each if p > 0), 100.0)
    return round(max(gained + sum(p for p in each if p < 0), 0.0))


def credibility(tier: Tier, scoring: Scoring, primary: bool = False, unsourced: bool = False) -> Credibility:
    """Return the credibility of an item: by tier, official document linked, no source named."""
    trust = scoring.tiers[tier.value]
    if not primary and not unsourced:  # most items
        return _believed(trust.score, (trust.says,), scoring)
    added = [("primary", "the official document is linked")] if primary else []
    added += [("unsourced", "nobody is named who says so")] if unsourced else []
    score = trust.score + sum(scoring.added[key] for key, _ in added)
    says = (f"{says} ({scoring.added[key]:+d})" for key, says in added)
    return _believed(min(score, max(trust.most, trust.score)), (trust.says, *says), scoring)


def corroborated(said: Credibility, tier: Tier, families: int, scoring: Scoring) -> Credibility:
    """Return the credibility after corroboration by independent publishers."""
    more = min(scoring.added["family"] * (families - 1), scoring.added["families"])
    score = min(said.score + more, scoring.tiers[tier.value].most)
    if score <= said.score:
        return said
    agreed = f"told by {families} independent publishers (+{score - said.score})"
    return _believed(score, (*said.reasons, agreed), scoring)


def _believed(score: int, reasons: tuple[str, ...], scoring: Scoring) -> Credibility:
    score = min(max(score, 0), 100)
    letter = next((letter for letter, least in scoring.letters if score >= least), scoring.letters[-1][0])
    return Credibility(letter, score, reasons)


def links_primary(item: Item, scoring: Scoring) -> bool:
    """Say whether an item links to an official document, by the host of an address in it."""
    known = tuple(f".{host}" for host in scoring.primary_hosts)
    return any(f".{host.lower()}".endswith(known) for host in _HOST.findall(f"{item.url} {item.summary}"))
