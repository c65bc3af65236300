"""From words to things: names that need company, the longest of several, pairs of states, money."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match import lexicon
from monitor.match.disambiguate import annotate
from monitor.match.spans import Doc
from monitor.match.spotting import spotter_of
from monitor.text import tokenize
from tests.match.seeds import ENGINE

CASES = tomllib.loads((Path(__file__).parent / "disambiguate.toml").read_text("utf-8"))["case"]
NAMES = """
[weapon.short]
names = ["Storm"]
[weapon.long]
names = ["Storm Shadow Two"]
[weapon.crossing]
names = ["Two Towers"]
[maker.short]
names = ["Storm"]
[programme.listed]
names = ["Act of May"]
lists = ["US"]
[concept.weather]
en = ["storm"]
"""
PIECES = "Patriot|launcher|SSB|Türkiye|Turkish|US|S-400|$2bn|BIS|CAATSA|Spike|. |, |one|İsmail Demir|F-16s|Section 231"


def doc_of(title: str, summary: str = "", source: str = NAMES) -> Doc:
    names = lexicon.load({"names.toml": source})
    return annotate(
        {"title": tokenize(title), "summary": tokenize(summary)},
        spotter_of(tuple(names.patterns())),
        names,
    )


def quotes(doc: Doc, tag: str) -> list[str]:
    return [doc.quote(span) for span in doc[tag]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_a_name_stands_in_the_company_it_needs(case):
    doc = ENGINE.annotate(case["title"], case.get("summary", ""))
    assert [tag for tag in case.get("holds", ()) if not doc[tag]] == []
    assert [tag for tag in case.get("leaves", ()) if doc[tag]] == []


def test_of_names_within_one_another_the_longest_stands():
    doc = doc_of("Storm Shadow Two beats Storm")
    assert quotes(doc, "weapon:long") == ["Storm Shadow Two"]
    assert [(span.start, doc.quote(span)) for span in doc["weapon:short"]] == [(4, "Storm")]


def test_names_of_different_kinds_and_concepts_all_stand():
    doc = doc_of("Storm Shadow Two")
    assert quotes(doc, "maker:short") == quotes(doc, "weather") == ["Storm"]


def test_overlapping_names_are_both_kept_if_neither_contains_the_other():
    doc = doc_of("Storm Shadow Two Towers")
    assert quotes(doc, "weapon") == ["Storm Shadow Two", "Two Towers"]


def test_a_kind_gathers_its_things_the_title_first():
    doc = doc_of("Two Towers and Storm", "Storm Shadow Two. Storm")
    assert quotes(doc, "weapon") == ["Two Towers", "Storm", "Storm Shadow Two", "Storm"]
    assert [span.field for span in doc["weapon"]] == ["title", "title", "summary", "summary"]


def test_what_is_on_a_list_is_listed():
    assert quotes(doc_of("The Act of May and Storm"), "listed") == ["Act of May"]


def test_arms_are_named_systems_and_the_words_for_arms_in_reading_order():
    doc = ENGINE.annotate("Oman buys frigates, NASAMS and howitzers")
    assert quotes(doc, "arms") == ["frigates", "NASAMS", "howitzers"]


def test_a_sum_covers_its_words():
    doc = ENGINE.annotate("", "It paid $2.5 billion (€2.1bn) for 1,200 shells")
    assert quotes(doc, "amount") == ["2.5 billion", "2.1bn"]


def test_the_second_of_two_states_makes_the_pair():
    doc = ENGINE.annotate("Türkiye, Ankara's parliament and the United States talk to Russia")
    assert quotes(doc, "pair") == ["United States", "Russia"]


@given(st.lists(st.sampled_from(PIECES.split("|")), max_size=10).map(" ".join), st.text(max_size=30))
def test_every_span_stands_in_its_field_and_no_doubtful_name_is_left(title, summary):
    doc = ENGINE.annotate(title, summary)
    for tag, spans in doc.spans.items():
        assert spans
        assert not tag.endswith("?")
        for span in spans:
            assert 0 <= span.start < span.stop <= len(doc.texts[span.field].words)
        order = [(span.field != "title", span.start) for span in spans]
        assert order == sorted(order)
