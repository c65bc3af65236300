"""Reading labelled pairs and counting how they were grouped."""

import json
from datetime import UTC, datetime

import pytest

from monitor.match.evaluation.pairs import Pair, PairLabel, Side, count_pairs, pair_mistake, read_pairs
from monitor.match.evaluation.topics import Counts

EARLY = {"feed": "wire", "at": "2026-11-20T08:00:00Z", "title": "A title", "summary": ""}
LATE = {
    "feed": "paper",
    "at": "2026-11-20T12:00:00+02:00",
    "title": "Another",
    "summary": "More.",
    "lang": "en",
}


def read(**changes: object) -> tuple[list[Pair], list[str]]:
    mistakes: list[str] = []
    row = {"label": "same", "a": EARLY, "b": LATE} | changes
    return list(read_pairs([json.dumps(row)], mistakes)), mistakes


def pair(label: str) -> Pair:
    (read_one,), _ = read(label=label)
    return read_one


def test_the_items_of_a_pair_are_in_order_of_publication():
    (forward,), _ = read()
    (backward,), _ = read(a=LATE, b=EARLY)
    assert forward == backward
    assert forward.label is PairLabel.SAME
    assert forward.first == Side("wire", datetime(2026, 11, 20, 8, tzinfo=UTC), "A title", "")
    assert (forward.second.feed, forward.second.lang) == ("paper", "en")


def test_a_time_without_a_zone_is_in_utc_and_an_item_without_a_feed_has_one_of_its_own():
    (read_one,), _ = read(a={"at": "2026-11-20T08:00:00", "title": "A title"})
    assert read_one.first == Side("a", datetime(2026, 11, 20, 8, tzinfo=UTC), "A title", "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"label": "alike"}, "label is same, related or different, not 'alike'"),
        ({"label": None}, "label is same, related or different, not ''"),
        ({"b": None}, "b is an object of feed, at, title and summary, not None"),
        ({"a": EARLY | {"title": " "}}, "a has neither title nor summary"),
        ({"b": LATE | {"at": "noon"}}, "b.at is an ISO time, not 'noon'"),
        ({"b": LATE | {"at": None}}, "b.at is an ISO time, not None"),
        ({"b": LATE | {"feed": 5}}, "feed is a text, not 5"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(changes, said):
    assert read(**changes) == ([], [f"line 1: {said}"])


GROUPED = [
    (pair("same"), True),
    (pair("same"), False),
    (pair("same"), False),
    (pair("different"), True),
    (pair("different"), False),
    (pair("related"), True),
    (pair("related"), False),
]


def test_related_pairs_are_left_out_of_the_counts():
    assert count_pairs(GROUPED) == Counts(tp=1, fp=1, fn=2)
    assert count_pairs([]) == Counts()


def test_what_is_wrong_with_a_grouping_has_a_name():
    named = [pair_mistake(each, joined) for each, joined in GROUPED]
    assert named == ["", "wrongly parted", "wrongly parted", "wrongly joined", "", "", ""]
