"""Reading labelled items."""

import json

import pytest

from monitor.match.evaluation.labels import EventLabel, Labelled, Parties, read_labelled


def read(*lines: str | bytes) -> tuple[list[Labelled], list[str]]:
    mistakes: list[str] = []
    return list(read_labelled(lines, mistakes)), mistakes


def line(**changes: object) -> str:
    plain = {"id": "n1", "title": "A title", "lang": "en", "sanctions": 0, "arms": 1}
    return json.dumps({key: value for key, value in (plain | changes).items() if value != "absent"})


def test_a_line_gives_what_is_judged_and_what_was_said_of_it():
    (item,), mistakes = read(
        line(source="A wire", date="2026-11-23", unsure=1, weight=2.5, bucket="S", url="u")
    )
    assert mistakes == []
    assert item.id == "n1"
    assert item.fields == {
        "title": "A title",
        "summary": "",
        "lang": "en",
        "source": "A wire",
        "date": "2026-11-23",
    }
    assert (item.topics, item.unsure) == ({"sanctions": False, "arms": True}, True)
    assert (item.weight, item.bucket, item.event) == (2.5, "S", None)


def test_truth_may_be_written_either_way():
    (one, other), _ = read(line(arms=True, sanctions=False), line(arms=1.0, sanctions=0))
    assert one.topics == other.topics == {"sanctions": False, "arms": True}


def test_mistakes_are_named_by_line_and_stop_nothing():
    lines = [line(id="a"), "{", "[]", "", b"\xff\xfe{", line(arms="no"), line(id="b")]
    items, mistakes = read(*lines)
    assert [each.id for each in items] == ["a", "b"]
    assert [each.partition(":")[0] for each in mistakes] == ["line 2", "line 3", "line 5", "line 6"]
    assert mistakes[3] == "line 6: arms is true or false, not 'no'"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"arms": "yes"}, "arms is true or false, not 'yes'"),
        ({"arms": 2}, "arms is true or false, not 2"),
        ({"unsure": "no"}, "unsure is true or false, not 'no'"),
        ({"title": 5}, "title is a text, not 5"),
        ({"title": " ", "summary": ""}, "neither title nor summary"),
        ({"weight": "1"}, "weight is a number from 0 up, not '1'"),
        ({"weight": -1}, "weight is a number from 0 up, not -1"),
        ({"weight": float("nan")}, "weight is a number from 0 up, not nan"),
        ({"weight": float("inf")}, "weight is a number from 0 up, not inf"),
        ({"event": 5}, "event is an object or the name of a type, not 5"),
        ({"event": {"types": 5}}, "types is a list of texts, not 5"),
        ({"event": {"types": [5]}}, "types is a list of texts, not [5]"),
        ({"event": {"kind": 5}}, "kind is a text, not 5"),
        (
            {"event": {"severity": [3, 2]}},
            "severity is the lowest and the highest, such as [2, 3], not [3, 2]",
        ),
        ({"event": {"severity": 3}}, "severity is the lowest and the highest, such as [2, 3], not 3"),
        (
            {"event": {"parties": ["US"]}},
            "parties is an object of imposer, target, buyer, supplier, system, not ['US']",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_said(changes, said):
    assert read(line(**changes)) == ([], [f"line 1: {said}"])


def test_a_line_nested_without_end_is_a_mistake_too():
    assert read("[" * 100_000) == ([], ["line 1: nested too deep"])


def test_a_topic_that_is_null_or_absent_was_not_labelled():
    items, mistakes = read(line(arms=None), line(arms="absent", sanctions="absent"))
    assert mistakes == []
    assert [each.topics for each in items] == [{"sanctions": False}, {}]


def test_an_event_label_gives_what_is_accepted():
    label = {
        "types": ["supply", "approval"],
        "types_if_hedged": ["delivery"],
        "polarity": ["supply"],
        "severity": [2, 4],
        "kind": "news",
        "modality": "promised",
        "parties": {"imposer": [], "buyer": ["UA"], "supplier": ["US", "DE?"], "target": None},
        "background": ["imposed"],
    }
    (item,), mistakes = read(line(event=label))
    assert mistakes == []
    assert item.event == EventLabel(
        types=frozenset({"supply", "approval"}),
        types_if_hedged=frozenset({"delivery"}),
        polarity=frozenset({"supply"}),
        severity=(2, 4),
        kind="news",
        parties={
            "imposer": Parties(),
            "buyer": Parties(frozenset({"UA"})),
            "supplier": Parties(frozenset({"US"}), frozenset({"DE"})),
        },
    )


def test_an_event_label_may_be_empty_or_the_name_of_a_type():
    (named, single, empty, none), _ = read(
        line(event="imposed"), line(event={"types": "imposed"}), line(event={}), line(event=None)
    )
    assert single.event == named.event
    assert named.event == EventLabel(types=frozenset({"imposed"}))
    assert empty.event == EventLabel()
    assert none.event is None
