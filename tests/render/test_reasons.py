"""Why an item was flagged, in a few sentences for people."""

from dataclasses import replace

import pytest

from monitor.model import Evidence, Verdict
from monitor.render import samples as sample
from monitor.render.reasons import MAX_REASONS, reasons_of, relevance_of
from monitor.render.renderer import Renderer

VERDICT = sample.TALKS.verdict
EVENT = VERDICT.event


def rule(quote: str, points: float, because: str = "some-rule: what it means") -> Evidence:
    """Return evidence of a rule in the title."""
    return Evidence(field="title", start=0, stop=len(quote), quote=quote, because=because, points=points)


def sentences(verdict: Verdict) -> list[str]:
    """Return the reasons as text."""
    return [str(each) for each in reasons_of(verdict)]


def test_the_event_comes_first_then_the_strongest_rule_then_the_objection() -> None:
    assert sentences(VERDICT) == [
        "The title says “working group on the S-400”: talks on relief.",
        "The summary has “CAATSA”: a sanctions programme by name.",
        "Against it: the summary has “in 2017” (tells of the past).",
    ]


def test_without_an_event_the_strongest_rules_give_the_reasons() -> None:
    evidence = tuple(rule(f"word {n}", 10.0 + n) for n in range(6))
    found = sentences(replace(VERDICT, event=None, evidence=evidence, penalties=()))
    assert found == [f"The title has “word {n}”: what it means." for n in (5, 4, 3)]


def test_quotes_that_overlap_are_given_once() -> None:
    evidence = (rule("SDN List", 90.0), rule("the SDN List", 80.0), rule("OFAC", 20.0))
    found = sentences(replace(VERDICT, event=None, evidence=evidence, penalties=()))
    assert [each.split("“")[1].split("”")[0] for each in found] == ["SDN List", "OFAC"]


@pytest.mark.parametrize(
    ("status", "begin"),
    [
        ("done", "The title says “"),
        ("future", "The title announces “"),
        ("wished", "The title reports a call for it, “"),
        ("asked", "The title only asks: “"),
        ("threatened", "The title reports a threat, “"),
        ("denied", "The title reports a denial, “"),
        ("recalled", "The title recalls an earlier act, “"),
    ],
)
def test_the_status_of_an_event_is_in_the_sentence(status: str, begin: str) -> None:
    assert EVENT is not None
    assert sentences(replace(VERDICT, event=replace(EVENT, status=status)))[0].startswith(begin)


def test_a_long_quote_is_clipped() -> None:
    (found, *_) = reasons_of(replace(VERDICT, event=None, evidence=(rule("word " * 80, 60.0),)))
    assert len(found.quote) <= 160


def test_relevance_says_where_the_limit_cut_the_sum() -> None:
    capped = replace(
        VERDICT,
        topics=("sanctions",),
        relevance={"sanctions": 100, "arms": 0},
        evidence=(rule("a", 190.0), rule("b", 126.0)),
        penalties=(rule("c", -10.0),),
    )
    assert relevance_of(capped) == "sanctions 100 of 100 (sum 306, counted as 100; 60 flags)"
    assert relevance_of(VERDICT) == "sanctions 93 of 100 · arms 71 of 100"
    assert relevance_of(sample.POSSIBLE.verdict) == "sanctions 44 of 100, below the 60 that flag it"


@pytest.mark.parametrize("alert", sample.ALERTS, ids=lambda alert: alert.item.guid)
def test_no_alert_has_more_than_three_reasons_or_shows_rule_ids_and_points(alert) -> None:
    assert len(reasons_of(alert.verdict)) <= MAX_REASONS
    for form in ("mail", "slack", "text", "discord"):
        (message,) = Renderer().alert(alert, form)
        said = f"{message.text} {message.html} {message.blocks} {message.data}"
        for each in (*alert.verdict.evidence, *alert.verdict.penalties):
            rule_id = each.because.partition(": ")[0]
            assert f"{rule_id}:" not in said
            assert f"{each.points:+g}" not in said.replace("−", "-").replace("&#43;", "+")
