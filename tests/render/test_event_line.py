import tomllib
from pathlib import Path

import pytest

from monitor.model import Credibility, Event, Item, Mention, Verdict
from monitor.render.event_line import event_line, no_event_line
from monitor.render.samples import NOW

CASES = tomllib.loads((Path(__file__).parent / "event_lines.toml").read_text("utf-8"))["case"]


def item_of(case):
    return Item(
        feed="f",
        guid="g",
        url="",
        title=case["title"],
        summary="",
        first_seen_at=NOW,
        lang=case.get("lang", "en"),
    )


def event_of(case):
    type, status, quote = case["event"].split(" ", 2)
    start = case["title"].find(quote)
    texts = {key: case[key] for key in ("imposer", "buyer", "supplier", "quantity", "ceiling") if key in case}
    rows = {key: tuple(case[key]) for key in ("targets", "systems", "amounts") if key in case}
    return Event(
        topic="sanctions",
        type=type,
        stage="",
        polarity="impose",
        severity=4,
        field="title",
        start=start,
        stop=start + len(quote),
        quote=quote,
        status=status,
        **texts,
        **rows,
    )


def verdict_of(event, entities=(), topics=("sanctions",), possible=()):
    mentions = [row.split("|") for row in entities]
    return Verdict(
        topics=topics,
        relevance={"sanctions": 80, "arms": 0},
        event=event,
        background=(),
        entities=tuple(
            Mention(id=id, name=name, kind=id.partition(":")[0], quote=quote) for id, name, quote in mentions
        ),
        evidence=(),
        penalties=(),
        credibility=Credibility("B", 80, ()),
        rules=(),
        possible=possible,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["en"])
def test_an_act_is_one_line_of_what_the_text_states(case):
    verdict = verdict_of(event_of(case), case.get("entities", ()))

    assert event_line(item_of(case), verdict) == case["en"]


def test_a_text_without_an_act_says_what_it_mentions():
    assert no_event_line(verdict_of(None, topics=("sanctions", "arms"))) == (
        "mentions sanctions and arms; no new act found"
    )
    assert no_event_line(verdict_of(None, topics=(), possible=("arms",))) == (
        "possibly about arms; no new act found"
    )
    assert no_event_line(verdict_of(None, topics=())) == "no new act found"


def test_names_from_a_text_are_sanitized():
    case = {"title": "US designates B\u202e Trading", "event": "imposed done designates"}

    assert event_line(item_of(case), verdict_of(event_of(case))) == "New designations: B Trading"


def test_a_type_without_patterns_of_its_own_is_named():
    case = {"title": "Something new", "event": "new_type done Something"}

    assert event_line(item_of(case), verdict_of(event_of(case))) == "New type"
