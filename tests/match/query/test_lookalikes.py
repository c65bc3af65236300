"""Operators of other query languages are refused with the right spelling; in quotes they are words."""

import re
import tomllib
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.match.query.lookalikes import suggestion
from monitor.match.query.nodes import And, Term
from monitor.match.query.parser import QueryError, parse
from monitor.match.rules import load

TABLES = tomllib.loads(Path(__file__).with_name("lookalikes.toml").read_text("utf-8"))
ROWS = [tuple(row) for table in TABLES.values() for row in table["rows"]]
WORDS = sorted(
    {re.split(r"\s+", query)[1] for query, _, _ in (tuple(row) for row in TABLES["words"]["rows"])}
)


@pytest.mark.parametrize(("query", "column", "meant"), ROWS, ids=[row[0] for row in ROWS])
def test_an_operator_of_another_product_is_a_mistake_with_the_right_spelling(query, column, meant):
    with pytest.raises(QueryError) as caught:
        parse(query, ())
    assert caught.value.column == column
    assert meant in str(caught.value)


@pytest.mark.parametrize("word", [*WORDS, "w/5", "!x", "R&D"])
def test_in_quotes_an_operator_of_another_product_is_a_word(word):
    assert parse(f'one "{word}"', ()) == And((Term("w:one", "one"), Term(f"w:{word}", f'"{word}"')))


ORDINARY = ["android", "S-400", "F/A-18", "9/11", "W88", "n1", "s", "US$", "50%", "R&D", "AT&T", "C-17", "O'Neill", "traders'", "no", "of", "next", "before", "within", "but", "e-mail", "Yandex", "under", "oderint", "и́мя", "نهر", "1,000", "U.S.", "3.5"]  # fmt: skip


@pytest.mark.parametrize("word", ORDINARY)
def test_an_ordinary_word_needs_no_quotes(word):
    assert suggestion(word) == ""
    assert parse(f"one {word}", ()) == And((Term("w:one", "one"), Term(f"w:{word}", word)))


def test_the_error_says_how_to_quote_the_word():
    assert suggestion("ODER") == "no operator 'ODER'; did you mean OR? Write \"ODER\" for the word."


def test_a_rule_file_names_file_rule_and_column():
    text = "[rule.deals]\ntopic = 'arms'\npoints = 60\nbecause = 'x'\nwhen = 'missile* ODER rocket*'"
    with pytest.raises(ConfigError) as caught:
        load({"own.toml": text}, ())
    assert str(caught.value).startswith(
        "own.toml: deals: when: column 10: no operator 'ODER'; did you mean OR?"
    )
