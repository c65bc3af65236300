"""What is no mistake but hardly meant."""

import pytest

from monitor.match import lexicon, rules
from monitor.match.query.lint import warnings

CLEAN = """
[concept.buy]
en = ["buy*", "bought"]
[concept.sell]
en = ["sell*", "sold"]
"""
RULE = '[rule.{id}]\ntopic = "arms"\npoints = 1\nwhen = "{when}"\n'


def noted(words: str = CLEAN, *rule_files: str) -> list[str]:
    lex = lexicon.load({"own.toml": words})
    return list(warnings(lex, rules.load({f"{n}.toml": text for n, text in enumerate(rule_files)}, lex.tags)))


def test_nothing_is_said_where_nothing_is_wrong():
    assert noted(CLEAN, RULE.format(id="a", when="@buy NOT @sell")) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ('[concept.a]\nen = ["order*"]\n[concept.b]\nen = ["Order*", "x"]', "concept.a and concept.b share “order*”"),
        ('[concept.a]\nen = ["order", "Order"]', "concept.a: “order” is there twice"),
        ('[concept.a]\nen = ["order*", "orders"]', "concept.a: “orders” is found by “order*” already"),
        ('[concept.a]\nen = ["order*", "orderly*"]', "concept.a: “orderly*” is found by “order*” already"),
        ('[concept.a]\nen = ["=Stop. Now"]', "concept.a: “=Stop. Now” can never be found"),
        ('[maker.a]\nnames = ["Acme"]\n[maker.b]\nnames = ["ACME Ltd", "Acme"]', "maker:a and maker:b are both called “acme”"),
    ],
)  # fmt: skip
def test_words_that_overlap_or_find_nothing_of_their_own_are_named(words, says):
    assert noted(words) == [says]


def test_things_of_different_kinds_may_share_a_name():
    assert noted('[maker.a]\nnames = ["Acme"]\n[weapon.a]\nnames = ["Acme"]') == []


def test_rules_that_ask_the_same_are_named():
    files = RULE.format(id="a", when="@buy tanks"), RULE.format(id="b", when="@buy AND tanks")
    assert noted(CLEAN, *files) == ["1.toml: b: asks the same as a in 0.toml"]


@pytest.mark.parametrize(
    "when", ["tanks NOT tanks", "(tanks guns) NOT (zoo OR guns)", "zoo AND (x OR (tanks NOT tanks))"]
)
def test_a_rule_that_can_never_match_is_reported(when):
    (said,) = noted(CLEAN, RULE.format(id="a", when=when))
    assert said.startswith("0.toml: a: can never match: ")
    assert said.endswith(" is required and excluded")


def test_switching_off_what_is_not_there_is_named():
    assert noted(CLEAN, RULE.format(id="embargo", when="@buy"), "[rule.embrago]\noff = true") == [
        "1.toml: embrago: there is no such rule to switch off; did you mean embargo?"
    ]
    assert noted(CLEAN, RULE.format(id="embargo", when="@buy"), "[rule.embargo]\noff = true") == []
