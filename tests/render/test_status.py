"""Status and parties of events in words."""

import pytest

from monitor.model import Credibility, Event, Mention, Verdict
from monitor.render.status import parties_of, status_of

ENTITIES = (
    Mention(id="country:US", name="United States", kind="country", quote="US"),
    Mention(id="country:TR", name="Türkiye", kind="country", quote="Ankara"),
    Mention(id="weapon:patriot", name="Patriot", kind="weapon", quote="Patriots"),
)


def event(status: str = "done", polarity: str = "impose", type: str = "imposed", **parties: object) -> Event:
    return Event(
        topic="sanctions", type=type, stage="", polarity=polarity, severity=4, status=status, **parties
    )  # type: ignore[arg-type]


def verdict(event: Event | None, *topics: str) -> Verdict:
    return Verdict(
        topics=topics,
        relevance={},
        event=event,
        background=(),
        entities=ENTITIES,
        evidence=(),
        penalties=(),
        credibility=Credibility("C", 60, ()),
        rules=(),
    )


@pytest.mark.parametrize(
    ("status", "polarity", "words"),
    [
        ("done", "impose", "done: an act"),
        ("future", "impose", "future: will impose; not an act yet"),
        ("future", "supply", "future: will supply; not an act yet"),
        ("future", "neutral", "future: announced; not an act yet"),
        ("wished", "relax", "wished: somebody calls for it; not an act"),
        ("asked", "impose", "asked: a question; not an act"),
        ("threatened", "impose", "threatened: a threat; not an act yet"),
        ("denied", "relax", "denied: denied or refused; not an act"),
        ("recalled", "impose", "recalled: an earlier act; not news"),
        ("unknown", "impose", "unknown: not an act"),
    ],
)
def test_a_status_is_shown_with_its_meaning(status, polarity, words):
    assert status_of(event(status, polarity)) == words


@pytest.mark.parametrize(
    ("parties", "words"),
    [
        ({}, ""),
        ({"imposer": "country:US", "targets": ("country:TR",)}, "imposer: United States; target: Türkiye"),
        (
            {"imposer": "country:US", "targets": ("a", "b", "c", "d")},
            "imposer: United States; target: 4 entities",
        ),
        (
            {
                "buyer": "country:TR",
                "systems": ("weapon:patriot",),
                "quantity": "two",
                "deadline": "May 2027",
            },
            "buyer: Türkiye; system: Patriot; quantity: two; deadline: May 2027",
        ),
    ],
)
def test_parties_are_named_by_role_and_many_are_counted(parties, words):
    found = event(**parties)
    assert parties_of(verdict(found), found) == words
