"""What happened, as a reader would say it (events.toml), and how the news is chosen among several events."""

import tomllib
from pathlib import Path

import pytest

from monitor.match.events.find import MOST
from monitor.model import Event
from tests.match.seeds import judge

ITEMS = tomllib.loads((Path(__file__).parent / "events.toml").read_text("utf-8"))["item"]
CONCEPTION = [item for item in ITEMS if item["event"] == "relief_talks" and "summary" in item]


def label_of(event: Event) -> str:
    """Return a background event as the table writes it."""
    return f"{'not ' if event.negated else ''}{event.type}{f' {event.year}' if event.year else ''}"


def event(type: str = "contract", **changes: object) -> Event:
    plain = {
        "topic": "arms",
        "stage": "",
        "polarity": "acquire",
        "severity": 4,
        "field": "title",
        "quote": type,
    }
    return Event(**{"type": type, **plain, **changes})


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["title"])
def test_an_item_tells_what_a_reader_says_it_tells(item):
    verdict = judge(item["title"], item.get("summary", ""))
    news = verdict.event
    assert (news.type if news else "") == item["event"]
    if news:
        assert (news.stage, news.polarity) == (item.get("stage", ""), item["polarity"])
        assert (news.hedged, news.negated, news.background) == (item.get("hedged", False), False, False)
        assert news.status == item.get("status", "done")
    assert sorted(map(label_of, verdict.background)) == sorted(item.get("background", []))
    assert all(each.background and each.why for each in verdict.background)


@pytest.mark.parametrize("item", CONCEPTION[:4], ids=lambda item: item["title"])
def test_the_story_of_the_working_group_tells_of_talks_and_of_nothing_else_that_is_new(item):
    verdict = judge(item["title"], item["summary"])
    assert verdict.topics == ("sanctions", "arms")
    assert (verdict.event.type, verdict.severity) == ("relief_talks", 3)
    assert {"country:TR", "country:US", "weapon:s-400-triumf"} <= {each.id for each in verdict.entities}
    assert {"delivery", "imposed"} <= {each.type for each in verdict.background}


def test_there_are_enough_items_of_every_kind():
    assert len(ITEMS) >= 40
    assert len(CONCEPTION) >= 4
    assert sum(item["event"] == "" for item in ITEMS) >= 8
    assert sum(item.get("status", "done") != "done" for item in ITEMS) >= 6


@pytest.mark.parametrize(
    ("summary", "amounts"),
    [
        ("It signed a contract for 12 howitzers worth $2.5bn. Bonds fell by €3 million.", ("$2.5bn",)),
        (
            "For €310 million, or $360 million, it signed a contract for howitzers.",
            ("€310 million", "$360 million"),
        ),
        ("It signed a contract for howitzers. The price is $1bn.", ()),
    ],
)
def test_an_event_carries_the_sums_of_its_sentence_as_written(summary, amounts):
    assert judge("Ministry news", summary).event.amounts == amounts


def test_an_event_told_over_and_over_is_told_a_few_times():
    verdict = judge("Bank opens", "In 2019, the US lifted sanctions on a bank. " * 60)
    assert verdict.event is None
    assert 0 < len(verdict.background) <= MOST
