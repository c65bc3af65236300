"""Queries in words, and what a text lacks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.match.query.explain import describe, misses, notation_of, outline
from monitor.match.query.parser import parse
from monitor.match.query.pattern import parse as parse_pattern
from tests.match.query.test_nodes import QUERIES, RAW, doc_of
from tests.match.seeds import LEXICON, doc_for


def said(source: str) -> list[str]:
    return ["  " * line.depth + line.text for line in outline(parse(source, LEXICON.tags), LEXICON)]


def lacking(source: str, title: str, summary: str = "") -> tuple[str, ...]:
    query = parse(source, LEXICON.tags)
    return misses(query, doc_for(query, title, summary))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("tanks", "the word “tanks”"),
        ("tank*", "a word that begins with “tank”"),
        ("licen?e", "a word like “licen?e”"),
        ("*sanktionen", "a word like “*sanktionen”"),
        ("=US", "“US”, letter for letter"),
        ("title:tanks", "the word “tanks” in the title"),
        ('"arms embargo"', "the phrase “arms embargo”"),
        ('"adds # ... to list*"', "the phrase “adds # ... to list*” (... is a gap of at most four words, # is a number, * is any letters)"),
        ("tanks OR gun*", "one of: the word “tanks” or a word that begins with “gun”"),
        ("@buy", "the concept @buy (“buy*” or “bought”)"),
        ("@country:TR", "Türkiye (country)"),
        ("summary:@country:TR", "Türkiye (country) in the summary"),
        ("@weapon", "any weapon that the lexicon knows"),
        ("@amount", "a sum of money"),
        ("@pair", "two different states in one sentence"),
        ("@listed", "a thing that is on a list"),
    ],
)  # fmt: skip
def test_a_term_in_words(source, words):
    assert said(source) == [words]


def test_what_must_stand_where_is_said_line_by_line():
    assert said("(tanks NEAR/3 @buy) ATLEAST/2(guns) NOT (zoo OR farm)") == [
        "all of these, anywhere in the item:",
        "  both of these, in any order, with at most 3 words between them:",
        "    the word “tanks”",
        "    the concept @buy (“buy*” or “bought”)",
        "  at least 2 mentions of this:",
        "    the word “guns”",
        "but nowhere in the item:",
        "  one of: the word “zoo” or the word “farm”",
    ]
    assert (
        said("tanks ONEAR/3 guns")[0]
        == "both of these, the first before the second, with at most 3 words between them:"
    )
    assert said("tanks SAME SENTENCE guns")[0] == "both of these in one sentence:"
    assert (
        said('"tanks guns"~3')[0]
        == "all of these in one field, in any order, with at most 3 other words among them:"
    )
    assert said("tanks OR (guns AND shells)")[0] == "at least one of these:"


def test_for_a_text_each_line_shows_what_matched():
    query = parse("tanks (Poland OR Norway) NOT zoo", ())
    lines = list(outline(query, LEXICON, doc_for(query, "Tanks for Poland, not for the zoo")))
    assert [(line.holds, line.found) for line in lines] == [
        (True, ("Tanks", "Poland")),
        (True, ("Tanks",)),
        (True, ("Poland",)),
        (False, ("zoo",)),
        (True, ("zoo",)),
    ]


@pytest.mark.parametrize(
    ("source", "text", "why"),
    [
        ("tanks guns", "Shells", ("tanks is missing", "guns is missing")),
        ("tanks OR guns", "Shells", ("none of tanks or guns is there",)),
        ("(tanks guns) OR (shells fuses)", "Shells", ("fuses is missing",)),
        ("tanks NOT zoo", "Tanks at the zoo", ("ruled out by “zoo”",)),
        ("tanks NEAR/2 Poland", "Tanks one two three Poland", ("tanks and Poland stand 3 words apart, at most 2 are wanted",)),
        ("tanks ONEAR/2 Poland", "Poland gets tanks", ("tanks and Poland stand in the other order",)),
        ("tank* NEAR/2 tanks", "Tanks", ("tank* and tanks are the same words",)),
        ("tanks SAME SENTENCE Poland", "Tanks arrive. Poland waits", ("tanks and Poland stand in different sentences",)),
        ("ATLEAST/2(tanks)", "Tanks", ("tanks is mentioned 1 of 2 times",)),
        ('"tanks Poland"~1', "Tanks go to Poland", ("more than 1 other words stand among “tanks”, “Poland”",)),
        ("summary:tanks", "Tanks", ("tanks stands elsewhere than in the summary",)),
        ("tanks", "Tanks", ()),
    ],
)  # fmt: skip
def test_the_nearest_miss_is_named(source, text, why):
    assert lacking(source, text) == why


def test_words_of_two_fields_never_match_a_proximity_query():
    assert lacking("tanks NEAR/9 Poland", "Tanks", "for Poland") == (
        "tanks and Poland stand in different fields",
    )


@given(QUERIES, RAW, RAW)
@settings(max_examples=200)
def test_something_is_missing_exactly_when_the_query_does_not_match(query, title, summary):
    doc = doc_of(title, summary)
    assert bool(misses(query, doc)) is not bool(query.find(doc))
    assert describe(query)
    first = next(outline(query, LEXICON, doc))
    assert first.depth == 0


@given(st.sampled_from(["sanction*", "licen?e", "*sanktionen", "=US", "adds ... to # list*", "défen[s]e*"]))
def test_a_pattern_is_shown_as_it_would_be_written(source):
    pattern = parse_pattern(source)
    assert parse_pattern(notation_of(pattern)) == pattern
