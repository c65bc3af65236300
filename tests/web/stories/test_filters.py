"""Filters in addresses: what is read, what is refused, cursors."""

from datetime import timedelta

import pytest

from monitor.model import StoryView
from monitor.web.stories.filters import UnreadableValue, read_request
from tests.conftest import NOW


def test_an_address_is_a_filter_and_a_repeated_parameter_means_or() -> None:
    given = [
        ("topic", "arms"),
        ("topic", "sanctions"),
        ("severity", "4.."),
        ("since", "7d"),
        ("lang", "ar"),
        ("view", "all"),
    ]
    filter = read_request(given, NOW).filter
    assert filter.topics == ("arms", "sanctions")
    assert (filter.min_severity, filter.languages, filter.view) == (4, ("ar",), StoryView.ALL)
    assert filter.since == NOW - timedelta(days=7)


@pytest.mark.parametrize(
    ("name", "value", "mistake"),
    [
        ("severity", "9", "severity: write 0 to 5"),
        ("since", "soon", "since: write 12h, 7d or a date"),
        ("until", "2026-13-01", "until: write 12h"),
        ("view", "mine", "view: write one of open, near, all"),
        ("limit", "0", "limit: write 1 to 200"),
        ("limit", "٣", "limit: write 1 to 200"),
        ("colour", "red", "colour: there is no such filter"),
        ("after", "zzz", "after: this page belongs to another list"),
    ],
)
def test_what_cannot_be_read_is_named_and_left_out(name: str, value: str, mistake: str) -> None:
    request = read_request([("topic", "arms"), (name, value)], NOW)
    (said,) = request.mistakes
    assert said.startswith(mistake)
    assert request.filter.topics == ("arms",)
    assert request.before == 0


def test_a_cursor_is_for_its_own_filter() -> None:
    request = read_request([("topic", "arms")], NOW)
    cursor = request.cursor(17)
    assert read_request([("topic", "arms"), ("after", cursor)], NOW).before == 17
    with pytest.raises(UnreadableValue):
        read_request([("topic", "sanctions")], NOW).place(cursor)


def test_an_address_keeps_the_filter_and_changes_one_value() -> None:
    request = read_request([("q", "a & b"), ("topic", "arms"), ("undo", "x")], NOW)
    assert request.address(view="all") == "/stories?q=a+%26+b&topic=arms&view=all"
    assert request.address(topic="") == "/stories?q=a+%26+b"
