"""The change feed of a list: its words, and that the feed parser parses it."""

import json

import pytest

from monitor.feeds.base import EarlierDocument, FeedDocument
from monitor.feeds.parsing.document import parse_document
from monitor.lists.change_feed import ChangeNotice, add_change, empty_feed, headline, summary
from monitor.lists.diff import ListChange
from monitor.model import Feed, Item
from tests.conftest import NOW
from tests.lists.builders import party

NOTICE = ChangeNotice("OFAC", "SDN List", "https://office.example/sdn", "v1", "v2")
ARMS, BANK = party("1", "Zorva Arms", "P1", "P2"), party("2", "Zorva Bank")
FEED = Feed(name="list:sdn", url="file:changes.json", title="SDN List", host="list:sdn")


def items(feed: str) -> tuple[Item, ...]:
    return parse_document(FeedDocument(FEED, feed.encode(), "", FEED.url, NOW), EarlierDocument()).items


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (ListChange((ARMS,), ()), "OFAC adds 1 party to the SDN List"),
        (ListChange((ARMS,) * 1200, (BANK,) * 3), "OFAC adds 1,200 parties to the SDN List, removes 3"),
        (ListChange((), (BANK, ARMS)), "OFAC removes 2 parties from the SDN List"),
        (ListChange(changed=((ARMS, BANK),)), "OFAC changes 1 of the entries of the SDN List"),
    ],
)
def test_a_change_has_a_headline(change: ListChange, said: str) -> None:
    assert headline(change, NOTICE) == said


def test_who_came_and_went_is_named_with_the_programmes() -> None:
    change = ListChange((ARMS,), (BANK,), ((BANK, ARMS),))
    assert summary(change) == "Added: Zorva Arms (P1, P2). Removed: Zorva Bank. Changed: Zorva Arms (P1, P2)."


def test_of_many_the_first_are_named() -> None:
    said = summary(ListChange(tuple(party(str(n), f"Party {n}") for n in range(40))))
    assert said.count(";") == 25
    assert said.endswith("Party 24; and 15 more.")


def test_the_feed_parser_parses_it() -> None:
    (item,) = items(add_change(empty_feed("SDN List"), ListChange((ARMS,)), NOTICE, NOW))
    assert (item.title, item.url, item.published_at) == (
        "OFAC adds 1 party to the SDN List",
        NOTICE.page,
        NOW,
    )
    assert item.summary == "Added: Zorva Arms (P1, P2)."


def test_a_feed_without_a_change_is_empty() -> None:
    assert items(empty_feed("SDN List")) == ()


def test_a_change_added_twice_appears_once() -> None:
    once = add_change(empty_feed("SDN List"), ListChange((ARMS,)), NOTICE, NOW)
    assert add_change(once, ListChange((ARMS,)), NOTICE, NOW) == once


def test_the_newest_stands_first_and_the_oldest_goes() -> None:
    feed = empty_feed("SDN List")
    for number in range(60):
        feed = add_change(
            feed, ListChange((ARMS,)), ChangeNotice("OFAC", "SDN List", "", str(number), "x"), NOW
        )
    ids = [item["id"] for item in json.loads(feed)["items"]]
    assert (len(ids), ids[0], ids[-1]) == (50, "59-x", "10-x")
