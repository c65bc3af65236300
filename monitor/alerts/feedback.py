"""The precision of rules by the feedback of recipients. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt

from monitor.model import FEEDBACK, Action, Alert

#: Feedback that counts against a rule; a duplicate is a fault of grouping, not of the rule.
WRONG = ("noise", "wrong_entity")

#: The quantile of the normal distribution for 95 % confidence.
_Z = 1.96


@dataclass(frozen=True, slots=True)
class RulePrecision:
    """The feedback on alerts of a rule, or of an event type as ``event:imposed``, counted by kind."""

    rule: str
    relevant: int = 0
    noise: int = 0
    duplicate: int = 0
    wrong_entity: int = 0

    @property
    def marks(self) -> int:
        """The number of marks that the precision is made of."""
        wrong: int = sum(getattr(self, mark) for mark in WRONG)
        return self.relevant + wrong

    @property
    def precision(self) -> float | None:
        """The share of relevant among relevant and wrong, in [0, 1]; None without such feedback."""
        return self.relevant / self.marks if self.marks else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval that holds the true precision with 95 % confidence; None without such feedback.

        Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
        """
        if self.precision is None:
            return None
        n, share = self.marks, self.precision
        middle = share + _Z**2 / (2 * n)
        reach = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
        whole = 1 + _Z**2 / n
        return max((middle - reach) / whole, 0.0), min((middle + reach) / whole, 1.0)


def rule_precisions(reviewed: Iterable[tuple[Action, Alert]]) -> tuple[RulePrecision, ...]:
    """Return the counts of every rule with feedback, the least precise first; other actions are ignored."""
    counts: dict[str, Counter[str]] = {}
    for action, alert in reviewed:
        for rule in rules_of(alert) if action.kind in FEEDBACK else ():
            counts.setdefault(rule, Counter())[action.kind] += 1
    found = [RulePrecision(rule, **count) for rule, count in counts.items()]
    return tuple(sorted(found, key=lambda each: (each.precision is None, each.precision or 0.0, each.rule)))


def rules_of(alert: Alert) -> Iterator[str]:
    """Yield the rules of an alert, and its event type as ``event:imposed``."""
    yield from dict.fromkeys(alert.verdict.rules)
    if alert.verdict.event:
        yield f"event:{alert.verdict.event.type}"
