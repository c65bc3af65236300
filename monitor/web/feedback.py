"""The precision of rules and events by feedback, and what could be changed about those that are often wrong.

Nothing is changed by itself: a suggestion is a text to copy, or opens in the workbench.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from monitor.alerts.feedback import WRONG, RulePrecision, rule_precisions, rules_of
from monitor.config.edit_table import with_table
from monitor.match.rules import Rule
from monitor.model import FEEDBACK, Action, ActionKind, Alert
from monitor.render.sanitize import clip, sanitize

#: Fewer marks say too little about a rule.
MIN_MARKS = 10

#: The precision below which, with 95 % confidence, a change is suggested.
LOW, VERY_LOW = 0.6, 0.3

_MAX_TITLES = 5


@dataclass(frozen=True, slots=True)
class MarkedAlert:
    """An alert with the mark that somebody gave it."""

    story: str
    title: str
    kind: ActionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecisionRow:
    """A rule or an event type with its precision; `suggestion` is TOML, `address` opens it at the workbench.

    `file` is the file that the suggestion belongs to. `wrong` are alerts that were marked as wrong.
    """

    precision: RulePrecision
    is_few: bool
    wrong: tuple[MarkedAlert, ...] = ()
    suggestion: str = ""
    reason: str = ""
    file: str = ""
    address: str = ""


def feedback_rows(
    reviewed: Sequence[tuple[Action, Alert]],
    rules: Iterable[Rule],
    queries: Mapping[str, str],
    severities: Mapping[str, int],
) -> tuple[PrecisionRow, ...]:
    """Return a row for each rule and event with feedback: the least precise first, those with few marks last.

    `queries` are those of rules by id, `severities` those of events by type.
    """
    by_id = {rule.id: rule for rule in rules}
    rows = []
    for precision in rule_precisions(reviewed):
        wrong = tuple(_wrong(reviewed, precision.rule))
        row = PrecisionRow(precision=precision, is_few=precision.marks < MIN_MARKS, wrong=wrong[:_MAX_TITLES])
        if _is_low(precision):
            row = _suggested(row, by_id, queries, severities)
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: (row.is_few, row.precision.precision or 0.0)))


def _is_low(precision: RulePrecision) -> bool:
    return precision.marks >= MIN_MARKS and precision.interval is not None and precision.interval[1] < LOW


def _wrong(reviewed: Iterable[tuple[Action, Alert]], rule: str) -> Iterator[MarkedAlert]:
    """Yield the alerts of a rule that were marked as wrong."""
    for action, alert in reviewed:
        if action.kind in WRONG and rule in rules_of(alert):
            yield MarkedAlert(alert.story, clip(sanitize(alert.item.title), 160), action.kind)


def _suggested(
    row: PrecisionRow, rules: Mapping[str, Rule], queries: Mapping[str, str], severities: Mapping[str, int]
) -> PrecisionRow:
    """Return the row with what could be changed; rules that are no longer in force have no suggestion."""
    name = row.precision.rule
    if name.startswith("event:"):
        return _for_event(row, name.removeprefix("event:"), severities)
    rule = rules.get(name)
    return _for_rule(row, rule, queries.get(name, "")) if rule and rule.points > 0 else row


def _for_rule(row: PrecisionRow, rule: Rule, query: str) -> PrecisionRow:
    interval = row.precision.interval
    share = row.precision.precision or 0.0
    points = max(round(rule.points * max(share, 0.25) / 5) * 5, 5)
    is_off = interval is not None and interval[1] < VERY_LOW
    table: dict[str, object] = {"off": True}
    if not is_off:
        topics = list(rule.topics)
        table = {"topic": topics if len(topics) > 1 else topics[0], "points": points}
        table |= {"because": rule.because, "when": query, "yes": rule.yes, "no": rule.no}
    reason = "switch it off" if is_off else f"give it {points} points instead of {rule.points:g}"
    given = {"kind": "rule", "id": rule.id, "q": query, "topic": rule.topics[0], "points": str(points)}
    given |= {"because": rule.because, "yes": "\n".join(rule.yes), "no": "\n".join(rule.no)}
    return _with(
        row, with_table("", "rule", rule.id, table), reason, "rules/workbench.toml", urlencode(given)
    )


def _for_event(row: PrecisionRow, type: str, severities: Mapping[str, int]) -> PrecisionRow:
    severity = severities.get(type, 0)
    if severity < 2:
        return row
    toml = f"[severity]\n{type} = {severity - 1}\n"
    return _with(row, toml, f"make it severity {severity - 1} instead of {severity}", "scoring.toml", "")


def _with(row: PrecisionRow, toml: str, reason: str, file: str, address: str) -> PrecisionRow:
    return PrecisionRow(
        precision=row.precision,
        is_few=row.is_few,
        wrong=row.wrong,
        suggestion=toml,
        reason=reason,
        file=file,
        address=address,
    )


def marks_of(reviewed: Iterable[tuple[Action, Alert]]) -> Iterator[tuple[Action, MarkedAlert]]:
    """Yield feedback with its alert, newest first."""
    for action, alert in reversed(list(reviewed)):
        if action.kind in FEEDBACK:
            yield action, MarkedAlert(alert.story, clip(sanitize(alert.item.title), 160), action.kind)
