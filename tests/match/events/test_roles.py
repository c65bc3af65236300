"""News of arms, as a reader would tell it (arms.toml): the step, its guards, and who buys what from whom."""

import tomllib
from pathlib import Path

import pytest

from monitor.model import Event
from tests.match.events.test_find import label_of
from tests.match.seeds import judge

ITEMS = tomllib.loads((Path(__file__).parent / "arms.toml").read_text("utf-8"))["item"]
WITH_PARTS = [item for item in ITEMS if "parts" in item]


def parts(event: Event) -> dict[str, object]:
    """Return what the table may ask of an event, as the table writes it."""
    return {
        "buyer": event.buyer.removeprefix("country:"),
        "supplier": event.supplier.removeprefix("country:"),
        "quantity": event.quantity,
        "deadline": event.deadline,
        "ceiling": event.ceiling,
        "amounts": list(event.amounts),
    }


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["title"])
def test_an_item_tells_what_a_reader_says_it_tells(item):
    verdict = judge(item["title"], item.get("summary", ""))
    news = verdict.event
    assert (news.type if news else "") == item["event"]
    if news:
        told_of = (news.stage, news.polarity, news.hedged)
        assert told_of == (item["stage"], item["polarity"], item.get("hedged", False))
    assert sorted(map(label_of, verdict.background)) == sorted(item.get("background", []))
    assert ("arms" in verdict.topics) is item.get("arms", bool(item["event"]))


@pytest.mark.parametrize("item", WITH_PARTS, ids=lambda item: item["title"])
def test_who_buys_what_from_whom_is_told_as_the_sentence_tells_it(item):
    event = judge(item["title"]).event
    assert parts(event) | item["parts"] == parts(event)


@pytest.mark.parametrize(
    ("title", "buyer", "supplier"),
    [
        ("Portugal and Ukraine sign letter of intent on missiles", "", ""),
        ("Ukraine signs deal with Lithuania over missiles", "", ""),
        ("Leopard tanks are being sent to Ukraine, Russia warns", "country:UA", ""),
    ],
)
def test_a_part_that_could_be_either_states_is_left_open(title, buyer, supplier):
    verdict = judge(title)
    event = verdict.event or verdict.background[0]
    assert (event.buyer, event.supplier) == (buyer, supplier)


@pytest.mark.parametrize(
    ("title", "buyer", "supplier"),
    [
        ("Spain cancels order for Israeli Spike missiles", "ES", "IL"),
        ("US approves sale of Patriot missiles to Poland amid Russia threat", "PL", "US"),
        ("واشنطن توافق على بيع صواريخ لتركيا", "TR", "US"),
        ("لبنان يتسلم مدرعات من فرنسا", "LB", "FR"),
        ("Pakistan, Türkiye'den 4 MİLGEM korveti aldı", "PK", "TR"),
    ],
)
def test_small_words_endings_and_adjectives_tell_more_than_place(title, buyer, supplier):
    event = judge(title).event
    assert (event.buyer, event.supplier) == (f"country:{buyer}", f"country:{supplier}")


def test_the_systems_of_an_event_are_those_of_its_sentence():
    event = judge("Oman orders Eurofighter jets", "It already flies the F-16.").event
    assert event.systems == ("weapon:eurofighter-typhoon",)


def test_an_amount_with_a_limit_is_a_ceiling():
    assert judge("Kuwait signs contract for missiles worth up to $2bn").event.ceiling
    assert not judge("Kuwait signs contract for missiles worth $2bn").event.ceiling


def test_there_are_enough_items_of_every_kind():
    assert len(ITEMS) >= 40
    assert sum(item["event"] == "" for item in ITEMS) >= 10
    assert len(WITH_PARTS) >= 15
