"""`rules`: listed, tried, and said in words."""

from pathlib import Path

import pytest

from tests.cli.test_preview import sample_item
from tests.support.commands import Cli

OWN = """
[rule.own]
topic = "arms"
points = 60
because = "missiles for export"
when = 'missile* NEAR/6 export*'
yes = ["A missile for export", "A missile"]
no = ["Exports of missiles", "A train"]
"""


@pytest.fixture
def own(cli: Cli) -> Path:
    Path("own.toml").write_text(OWN, "utf-8")
    return Path("own.toml")


def test_rules_and_event_types_are_listed_with_what_they_are_worth(cli: Cli) -> None:
    answer = cli("rules", "list")
    assert answer.code == 0
    assert "listing-act sanctions +62" in answer.flat
    assert "imposed sanctions severity 4" in answer.flat
    rows = cli("rules", "list", "listing", "sanctions", "--json").data
    assert "listing-act" in {row["id"] for row in rows}
    assert all("listing" in str(row) for row in rows)
    assert cli("rules", "list", "nosuchword").flat == "no rule has these words"


def test_the_built_in_examples_pass(cli: Cli) -> None:
    answer = cli("rules", "test")
    assert answer.code == 0
    assert answer.flat.endswith("0 failed")


def test_a_failed_example_is_reported_with_the_nearest_miss(cli: Cli, own: Path) -> None:
    answer = cli("rules", "test", own)
    assert answer.code == 1
    assert answer.out.splitlines() == [
        "own.toml: own: does not match 'A missile'",
        "  export* is missing",
        "own.toml: own: matches 'Exports of missiles'",
        "  because of “Exports of missiles”",
        "1 rules, 4 examples, 2 failed",
    ]
    data = cli("rules", "test", own, "--json").data
    assert (data["rules"], data["examples"], data["without"]) == (1, 4, [])
    assert [each["example"] for each in data["failed"]] == ["yes", "no"]


def test_a_folder_of_rules_can_be_tried_before_it_is_used(cli: Cli, own: Path) -> None:
    Path("new").mkdir()
    Path("new/a.toml").write_text(
        OWN.replace(', "A missile"', "").replace('"Exports of missiles", ', ""), "utf-8"
    )
    Path("new/b.toml").write_text('[rule.bare]\ntopic = "arms"\npoints = 1\nwhen = "tank"\n', "utf-8")
    answer = cli("rules", "test", "new")
    assert answer.code == 0
    assert answer.flat == "without examples: bare 2 rules, 2 examples, 0 failed"
    assert cli("rules", "test", "nowhere").code == 2


def test_a_query_is_explained_in_words(cli: Cli) -> None:
    answer = cli("rules", "explain", "tank* NEAR/3 @country:TR")
    assert answer.out.splitlines() == [
        "both of these, in any order, with at most 3 words between them:",
        "  a word that begins with “tank”",
        "  Türkiye (country)",
    ]
    data = cli("rules", "explain", "tank* NEAR/3 @country:TR", "--json").data
    assert [line["depth"] for line in data["lines"]] == [0, 1, 1]
    assert data["needs"] == [["country:TR"], ["w:tank*"]]


def test_each_part_of_a_rule_is_reported_as_matched_or_not(cli: Cli) -> None:
    answer = cli("rules", "explain", "quokka* NEAR/1 @country:TR", "--text", "Quokkas are to go to Türkiye")
    assert answer.out.splitlines() == [
        "✗ both of these, in any order, with at most 1 words between them:",
        "  ✓ a word that begins with “quokka”  → “Quokkas”",
        "  ✓ Türkiye (country)  → “Türkiye”",
        "the query does not match",
    ]


def test_a_rule_in_force_is_explained_by_its_name(cli: Cli) -> None:
    answer = cli("rules", "explain", "authority-named")
    assert answer.flat == "any authority that the lexicon knows"


def test_a_mistake_is_pointed_at(cli: Cli) -> None:
    answer = cli("rules", "explain", "tanks NAER/8 guns")
    assert answer.code == 2
    assert answer.err.splitlines() == [
        "tanks NAER/8 guns",
        "      ^",
        "column 7: no operator 'NAER/8'; did you mean NEAR/8?",
    ]


def test_coverage_counts_hits_precision_and_examples_and_suggests_points(sampled: Cli) -> None:
    alert = sampled("evidence", sample_item(sampled, "shipping"), "--json").data["alerts"][0]["id"]
    for number in range(10):
        sampled("feedback", "add", alert, "noise", "--who", f"{number}")
    data = sampled("rules", "coverage", "listing-act", "--json").data
    (row,) = data["rules"]
    assert (data["items"], row["rule"], row["precision"], row["marks"]) == (18, "listing-act", 0.0, 10)
    assert row["hits"] >= row["flagged"] >= 1
    assert row["yes"] > 0
    answer = sampled("rules", "coverage", "listing-act")
    assert "listing-act: try 0 points in place of" in answer.flat
    assert "1 of 1 rules had a hit" in answer.flat
    assert "no rule has these words" in sampled("rules", "coverage", "nowhere").flat
