"""What happened, as a reader would say it (events.toml), and how the news is chosen among several events."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.events.find import COMMENTARY, MOST, choose
from monitor.model import Event
from tests.match.seeds import judge

ITEMS = tomllib.loads((Path(__file__).parent / "events.toml").read_text("utf-8"))["item"]
CONCEPTION = [item for item in ITEMS if item["event"] == "relief_talks" and "summary" in item]


def told(event: Event) -> str:
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
    assert sorted(map(told, verdict.background)) == sorted(item.get("background", []))
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
    assert sum(item.get("hedged", False) for item in ITEMS) >= 4


def test_the_titles_event_leads_then_the_gravest_then_the_first():
    title, grave = event("talks", severity=2), event("delivery", field="summary", severity=5)
    assert choose([grave, title])[0] == title
    early, late = (
        event("talks", field="summary", start=3, severity=5),
        event("sale", field="summary", start=9, severity=5),
    )
    assert choose([late, early, event("interest", field="summary", severity=2)])[0] == early


@pytest.mark.parametrize(
    "older",
    [
        {"background": True, "why": "tells of 2017", "year": 2017},
        {"background": True, "why": "a standing state"},
        {"background": True, "why": 'part of "considers buying"'},
        {"negated": True},
    ],
)
def test_what_is_recalled_denied_or_standing_is_never_the_news(older):
    main, background = choose([event("imposed", severity=5, **older)])
    assert main is None
    assert [(each.type, each.background, each.why) for each in background] == [
        ("imposed", True, older.get("why", "denied"))
    ]


def test_a_recalling_clause_is_the_news_when_nothing_else_is_told():
    known_items = event(background=True, why='told as what came before ("which …")')
    main, background = choose([known_items])
    assert (main.type, main.background, main.why, background) == ("contract", False, "", ())
    assert choose([known_items, event("talks", severity=1)])[0].type == "talks"
    assert choose([event(background=True, why=known_items.why, negated=True)])[0] is None


def test_a_commentary_is_a_commentary_whatever_it_tells():
    main, background = choose([event(), event(COMMENTARY, severity=1)])
    assert main.type == COMMENTARY
    assert [each.type for each in background] == ["contract"]


def test_the_same_event_told_again_is_no_background():
    again = [event(field="summary"), event("bought", stage="contract", field="summary")]
    main, background = choose([event(stage="contract"), *again])
    assert (main.type, background) == ("contract", ())
    assert choose([event(), event(field="summary", negated=True)])[1][0].why == "denied"


def test_another_event_stands_beside_the_main_one():
    assert [each.why for each in choose([event(), event("talks")])[1]] == ["beside the main event"]


EVENTS = st.builds(
    event,
    st.sampled_from(["contract", "talks", "imposed", COMMENTARY]),
    field=st.sampled_from(["title", "summary"]),
    start=st.integers(0, 50),
    severity=st.integers(0, 5),
    stage=st.sampled_from(["", "talks", "contract"]),
    negated=st.booleans(),
    background=st.booleans(),
    why=st.sampled_from(["", "tells of 2017", 'told as what came before ("after …")']),
)


@given(st.lists(EVENTS, max_size=6))
def test_the_news_is_one_of_what_was_told_and_the_rest_is_background(events):
    main, background = choose(events)
    assert all(each.background and each.why for each in background)
    assert len(background) + (main is not None) <= max(len(events), 1)
    if main:
        assert not main.background
        assert main.type in {each.type for each in events}
        assert main.type == COMMENTARY or not main.negated
    elif events:
        assert all(each.background or each.negated for each in events)


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
