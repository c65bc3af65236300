"""Every sign of the query language, by what it finds and what it leaves (operators.toml)."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.match.lexicon import watched
from monitor.match.query import parser
from monitor.resources import SEEDS
from tests.match.seeds import LEXICON, found

OPERATORS = tomllib.loads((Path(__file__).parent / "operators.toml").read_text("utf-8"))["operator"]
WORDS = replace(LEXICON, entries=LEXICON.entries | watched({"clients": ("Acme Shipping",)}))

CASES = [
    pytest.param(row["when"], wanted, text, id=f"{row['sign']}-{'hit' if wanted else 'miss'}-{number}")
    for row in OPERATORS
    for wanted in (True, False)
    for number, text in enumerate(row["hit" if wanted else "miss"])
]


@pytest.mark.parametrize(("when", "wanted", "text"), CASES)
def test_an_operator_finds_its_hits_and_leaves_its_misses(when, wanted, text):
    title, summary = (text, "") if isinstance(text, str) else text
    assert bool(found(when, title, summary, WORDS)) is wanted


def test_every_operator_has_a_hit_and_a_miss():
    assert all(row["hit"] and row["miss"] for row in OPERATORS)
    assert len({row["sign"] for row in OPERATORS}) == len(OPERATORS)


@pytest.mark.parametrize("where", [parser.__doc__ or "", (SEEDS / "rules.starter.toml").read_text("utf-8")])
def test_every_documented_operator_has_examples(where):
    documented = ["AND", "OR", "NOT", "( )", "NEAR/8", "ONEAR/8", "SAME SENTENCE", "title:", "ATLEAST/3"]
    shown = " ".join(row["sign"].replace("ATLEAST/n", "ATLEAST/3").replace("/n", "/8") for row in OPERATORS)
    assert [sign for sign in documented if sign not in where] == []
    assert [sign for sign in documented if sign not in shown] == []
