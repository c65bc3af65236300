"""What each rule did in the archive."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.alerts.feedback import RulePrecision
from monitor.jobs.coverage import HitCounts, count_hits, counted_rules, coverage_of
from monitor.match.rules import load
from monitor.store import SqlStore
from tests.conftest import NOW, item, verdict
from tests.store.builders import feed, judged, outcome, state_of

RULES = load(
    {
        "own.toml": """
[rule.bought]
topic = "arms"
points = 60
when = "orders"
yes = ["Ministry orders tanks"]
[rule.noise]
topic = "arms"
points = -20
when = "toys"
[event.order]
type = "contract"
topic = "arms"
polarity = "acquire"
severity = 4
when = "orders"
[event.purchase]
type = "contract"
topic = "arms"
polarity = "acquire"
severity = 4
when = "buys"
no = ["Nobody buys"]
"""
    },
    (),
)
EVIDENCE = replace(verdict().evidence[0], because="bought: bought arms")
AGAINST = replace(EVIDENCE, because="noise: toys", points=-20)
OF_EVENT = replace(EVIDENCE, because="event contract")


def test_a_verdict_names_its_rules_its_penalties_and_its_event() -> None:
    one = verdict(evidence=(EVIDENCE, OF_EVENT), penalties=(AGAINST,))
    assert counted_rules(one) == {"bought", "noise", "event:contract"}
    assert counted_rules(replace(one, event=None, penalties=())) == {"bought"}


def test_hits_are_counted_since_a_day_and_apart_for_what_was_flagged(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    several = (
        judged(item(guid="flagged"), evidence=(EVIDENCE,)),
        judged(item(guid="not"), evidence=(EVIDENCE,), topics=(), event=None),
        judged(item(guid="old", first_seen_at=NOW - timedelta(days=9)), evidence=(EVIDENCE,)),
    )
    store.commit([outcome(state_of(store), judged=several)])
    counts = count_hits(store, NOW - timedelta(days=1))
    assert (counts.items, counts.hits["bought"], counts.flagged["bought"]) == (2, 2, 1)
    assert counts.hits["event:contract"] == 1


def counts(**hits: int) -> HitCounts:
    return HitCounts(9, Counter({name.replace("_", ":"): number for name, number in hits.items()}), Counter())


def test_every_rule_has_a_row_and_event_types_of_one_type_share_theirs() -> None:
    found = {row.rule: row for row in coverage_of(RULES, counts(bought=3, event_contract=2), {})}
    assert list(found) == ["bought", "event:contract", "noise"]
    assert [(row.yes, row.no, row.hits) for row in found.values()] == [(1, 0, 3), (0, 1, 2), (0, 0, 0)]
    assert all(row.precision is None and row.suggestion == "" for row in found.values())


@pytest.mark.parametrize(
    ("marks", "suggestion"),
    [
        ({"relevant": 5, "noise": 5}, "try 40 points in place of 60"),
        ({"relevant": 9, "noise": 1}, ""),
        ({"relevant": 1, "noise": 2}, ""),
    ],
)
def test_fewer_points_are_suggested_where_enough_feedback_is_bad(
    marks: dict[str, int], suggestion: str
) -> None:
    (first, *_) = coverage_of(RULES, counts(), {"bought": RulePrecision("bought", **marks)})
    assert first.rule == "bought"
    assert first.suggestion.startswith(suggestion)
    assert bool(first.suggestion) is bool(suggestion)
