"""`replay`: the archive by the rules of today and by others."""

from pathlib import Path

import pytest

from tests.support.commands import Cli

EVERYTHING = """
[rule.everything]
topic = "arms"
points = 100
when = "football* OR festival OR the OR a"
"""


def test_nothing_changes_while_the_rules_stay(sampled: Cli) -> None:
    answer = sampled("replay")
    assert answer.code == 0
    assert "0 flagged, 0 dropped, 0 moved" in answer.flat
    data = sampled("replay", "--since", "2000-01-01", "--json").data
    assert data["items"] > 0
    assert data["changes"] == []
    assert set(data["versions"]) == {"rules", "lexicon", "lists"}


def test_other_rules_are_tried_on_what_was_read(sampled: Cli) -> None:
    Path("new").mkdir()
    Path("new/a.toml").write_text(EVERYTHING, "utf-8")
    data = sampled("replay", "--rules", "new", "--json").data
    assert data["flagged"] > 0
    first = next(each for each in data["changes"] if each["change"] == "flagged")
    assert (first["won"], "everything" in first["rules"]) == (["arms"], True)
    answer = sampled("replay", "--rules", "new")
    assert "flagged +arms archive → " in answer.flat
    fewer = sampled("replay", "--rules", "new", "--limit", "1", "--json").data
    assert (len(fewer["changes"]), fewer["flagged"]) == (1, data["flagged"])
    assert "older not shown" in sampled("replay", "--rules", "new/a.toml", "--limit", "1").flat
    assert "0 flagged" in sampled("replay").flat


@pytest.mark.parametrize("since", ["yesterday", "-3d", "30"])
def test_a_span_that_is_none_is_a_mistake_of_usage(since: str, sampled: Cli) -> None:
    answer = sampled("replay", f"--since={since}")
    assert answer.code == 2
    assert "neither a duration" in " ".join(answer.err.split())


def test_rules_that_are_not_there_are_a_mistake(sampled: Cli) -> None:
    assert sampled("replay", "--rules", "nowhere").code == 2
