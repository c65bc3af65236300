"""Categories and tags of entries: only a part of a query that names the field looks at them."""

from dataclasses import replace

import pytest

from monitor.match.engine import Engine, mistaken_examples
from monitor.match.query.explain import describe, misses
from monitor.match.query.lexer import QueryError
from monitor.match.query.parser import parse, terms
from monitor.match.spans import CATEGORY
from monitor.model import Tier
from tests.conftest import item
from tests.match.seeds import ENGINE, LEXICAL, LEXICON, SCORING
from tests.support.engines import engine_of

TITLE = "Council meets on Monday"
CATEGORIES = ("Sanctions", "Press release", "Patriot missile")


def holds(when: str, *categories: str, title: str = TITLE) -> bool:
    query = parse(when, ENGINE.tags)
    text = "; ".join(categories)
    return bool(query.find(ENGINE.also(terms(query)).annotate(title, categories=text)))


@pytest.mark.parametrize(
    "when",
    [
        "category:sanctions",
        'category:"press release"',
        "category:sanction*",
        "category:(sanctions AND release)",
        "category:sanctions AND council",
        "council NOT category:sport",
        "category:@weapon",
        'category:"release press"~1',
    ],
)
def test_a_query_may_ask_for_the_categories(when: str) -> None:
    assert holds(when, *CATEGORIES)
    assert not holds(when, "Sport") or "NOT" in when


@pytest.mark.parametrize(
    "when", ["sanctions", "title:sanctions", "summary:sanctions", "@weapon", '"press release"']
)
def test_other_queries_do_not_see_the_categories(when: str) -> None:
    assert not holds(when, *CATEGORIES)


def test_a_phrase_does_not_reach_from_one_category_into_the_next() -> None:
    assert not holds('category:"sanctions press"', *CATEGORIES)
    assert not holds("category:(sanctions SAME SENTENCE press)", *CATEGORIES)


def test_words_of_the_title_are_no_category() -> None:
    assert not holds("category:council")


def test_an_act_is_never_asked_of_a_category() -> None:
    act = next(tag for tag in sorted(ENGINE.tags) if tag.startswith("act:"))
    with pytest.raises(QueryError, match="column 1: a category names a subject and never tells an act"):
        parse(f"category:@{act}", ENGINE.tags)


def test_a_part_about_another_field_cannot_be_about_the_category_too() -> None:
    with pytest.raises(QueryError, match="what stands in the title is never in the category"):
        parse("category:(title:one)", ENGINE.tags)


def test_a_query_is_explained_with_its_field() -> None:
    query = parse("category:sanctions", LEXICON.tags)
    assert describe(query) == "sanctions in the category"
    assert misses(query, ENGINE.annotate(TITLE)) == ("no category has sanctions",)


RULE = """
[rule.office-sanctions]
topic = "sanctions"
points = 60
because = "the office files it under sanctions"
when = "category:sanctions"
yes = ["category: Press; Sanctions\\nCouncil meets on Monday"]
no = ["category: Sport\\nCouncil meets on Monday", "Council talks of sanctions"]
"""


def with_rule(text: str) -> Engine:
    return engine_of(LEXICAL, {"own.toml": text}, SCORING)


def test_a_rule_flags_by_category_and_quotes_it() -> None:
    given = item(title=TITLE, summary="", categories=("Press", "Sanctions"))
    engine = with_rule(RULE)
    verdict = engine.judge(given, Tier.WIRE)
    (evidence,) = verdict.evidence
    assert (evidence.field, evidence.quote) == (CATEGORY, "Sanctions")
    assert given.category_text[evidence.start : evidence.stop] == "Sanctions"
    assert engine.judge(replace(given, categories=()), Tier.WIRE).evidence == ()


def test_without_a_rule_that_asks_for_them_categories_change_no_verdict() -> None:
    given = item(title=TITLE, summary="")
    assert ENGINE.judge(replace(given, categories=CATEGORIES), Tier.WIRE) == ENGINE.judge(given, Tier.WIRE)


def test_examples_of_a_rule_may_have_categories() -> None:
    assert [each for each in mistaken_examples(with_rule(RULE)) if "office-sanctions" in each] == []
    wrong = with_rule(RULE.replace("Press; Sanctions", "Press"))
    assert any("office-sanctions: does not match" in each for each in mistaken_examples(wrong))
