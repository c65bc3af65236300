"""Events in ten languages (languages.toml), and the coverage of the lexicon in each of them."""

import tomllib
from pathlib import Path

import pytest

from monitor.match.lexicon import LANGUAGES
from tests.match.events.test_find import label_of
from tests.match.seeds import judge, texts

ITEMS = tomllib.loads((Path(__file__).parent / "languages.toml").read_text("utf-8"))["item"]
CONCEPTS = tomllib.loads(texts("lexicon")["concepts-sanctions.toml"])["concept"]
SPOKEN = "sanction sanctions sanctions_strong impose_phrase lift_phrase party".split()


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item['lang']}: {item['title']}")
def test_an_item_of_any_language_gives_the_event_that_a_person_recorded(item):
    verdict = judge(item["title"], item.get("summary", ""))
    news = verdict.event
    assert (news.type if news else "") == item["event"]
    if news:
        assert (news.stage, news.polarity) == (item.get("stage", ""), item["polarity"])
        assert news.hedged is item.get("hedged", False)
        assert news.status == item.get("status", "done")
    sanctions = [each for each in verdict.background if each.topic == "sanctions"]
    assert sorted(map(label_of, sanctions)) == sorted(item.get("background", []))


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item['lang']}: {item['title']}")
def test_an_item_of_any_language_is_news_of_sanctions_or_is_not(item):
    verdict = judge(item["title"], item.get("summary", ""))
    known_items = item["event"] == "" and item.get("summary")
    assert known_items or ("sanctions" in verdict.topics) is item.get("sanctions", True)


def test_there_are_items_of_every_kind_in_many_languages():
    assert len(ITEMS) >= 60
    assert {item["lang"] for item in ITEMS} >= set(LANGUAGES) - {"en"}
    assert sum(item.get("status", "done") != "done" for item in ITEMS) >= 12
    assert sum(any(each.startswith("not ") for each in item.get("background", [])) for item in ITEMS) >= 6


@pytest.mark.parametrize("concept", SPOKEN)
def test_the_words_that_carry_most_are_known_in_every_language(concept):
    known = set(CONCEPTS[concept])
    # English phrases of imposing and lifting are spelled out by frames.
    assert set(LANGUAGES) - known <= {"en"}
