"""Count the hits of each rule in the archive, its examples, and its precision by feedback. Writes nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.alerts.feedback import RulePrecision
from monitor.match.rules import EventType, Rule, RuleSet
from monitor.model import Verdict

from .replay import BATCH, JudgedItems

#: Alerts of the digest's top should be right this often; a rule below it gets a suggestion.
WANTED_PRECISION = 0.75

#: Fewer marks say too little about a rule.
MIN_MARKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCoverage:
    """A rule, or all event types of one type as ``event:imposed``, with its counts in a period.

    `hits` are items for which it counted, `flagged` those of them that were flagged. `marks` is the feedback
    that `precision` is made of. `suggestion` is "" unless there is enough feedback to make one.
    """

    rule: str
    files: tuple[str, ...]
    points: float
    yes: int
    no: int
    hits: int = 0
    flagged: int = 0
    marks: int = 0
    precision: float | None = None
    suggestion: str = ""


@dataclass(slots=True)
class HitCounts:
    """The hits of every rule so far, by name."""

    items: int
    hits: Counter[str]
    flagged: Counter[str]


def count_hits(store: JudgedItems, since: datetime) -> HitCounts:
    """Count the hits of stored verdicts of items first seen since then."""
    counts, last = HitCounts(0, Counter(), Counter()), None
    while batch := store.judged_since(since, last, BATCH):
        for judged in batch:
            counts.items += 1
            names = counted_rules(judged.verdict)
            counts.hits.update(names)
            if judged.verdict.topics:
                counts.flagged.update(names)
        last = batch[-1]
    return counts


def counted_rules(verdict: Verdict) -> frozenset[str]:
    """Return the rules and penalties that count in a verdict, and its main event as ``event:type``."""
    parts = (each.because.partition(": ") for each in (*verdict.evidence, *verdict.penalties))
    names = {rule for rule, colon, _ in parts if colon}
    return frozenset(names | {f"event:{verdict.event.type}"} if verdict.event else names)


def coverage_of(
    rules: RuleSet, counts: HitCounts, precisions: Mapping[str, RulePrecision]
) -> tuple[RuleCoverage, ...]:
    """Return the coverage of every rule in force: the least precise first, then those with the most hits."""
    rows = [_row(name, several, counts, precisions.get(name)) for name, several in _named(rules).items()]
    return tuple(sorted(rows, key=_order))


def _order(row: RuleCoverage) -> tuple[bool, float, int, str]:
    return row.precision is None, row.precision or 0.0, -row.hits, row.rule


def _named(rules: RuleSet) -> dict[str, list[Rule | EventType]]:
    named: dict[str, list[Rule | EventType]] = {rule.id: [rule] for rule in rules.rules}
    for event in rules.events:
        named.setdefault(f"event:{event.type}", []).append(event)
    return named


def _row(
    name: str, several: Iterable[Rule | EventType], counts: HitCounts, feedback: RulePrecision | None
) -> RuleCoverage:
    several = tuple(several)
    points = max((each.points for each in several), key=abs)
    marks = feedback.marks if feedback else 0
    precision = feedback.precision if feedback else None
    return RuleCoverage(
        rule=name,
        files=tuple(dict.fromkeys(each.origin for each in several)),
        points=points,
        yes=sum(len(each.yes) for each in several),
        no=sum(len(each.no) for each in several),
        hits=counts.hits[name],
        flagged=counts.flagged[name],
        marks=marks,
        precision=precision,
        suggestion=_suggestion(points, marks, precision),
    )


def _suggestion(points: float, marks: int, precision: float | None) -> str:
    """Return fewer points for a rule that is too often wrong; nothing changes them but a person."""
    if precision is None or marks < MIN_MARKS or precision >= WANTED_PRECISION or points <= 0:
        return ""
    fewer = round(points * precision / WANTED_PRECISION)
    return f"try {fewer} points in place of {points:g}, with `replay --rules`, or exclude what was noise"
