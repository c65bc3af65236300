import contextlib

import pytest

from monitor.errors import FeedError
from monitor.feeds.adapters.listing import MAX_LISTED, selector_error
from monitor.model import Kind
from tests.feeds.adapters.samples import read, refusal, sample

PAGE = Kind.PAGE


def test_the_elements_of_a_page_become_items():
    parsed = read(sample("page.html"), PAGE, items="li.notice", date="time", summary="p")
    first, second = parsed.items
    assert (parsed.title, parsed.complete) == ("Notifications & notices", True)
    assert first.guid == first.url == "https://site.example/notices/radars"
    assert (first.title, first.lang) == ("Sale of four radars", "en")
    assert first.summary == "For the coast guard; R&D <included>."
    assert (first.published_at.hour, first.published_at.minute) == (8, 30)
    assert (second.title, second.url) == ("Sale of missiles", "https://office.example/missiles")
    assert (second.summary, second.published_at) == ("", None)


def test_a_selector_may_end_in_an_attribute():
    found = read(sample("page.html"), PAGE, items="li", date="span@data-day", link="a@href", title="a").items
    assert [(item.title, item.published_at and item.published_at.day) for item in found] == [
        ("Sale of four radars", None),
        ("Sale of missiles", 22),
    ]


def test_markup_inside_a_word_leaves_no_gap():
    (only,) = read("<!doctype html><ul><li><a href=/1>S-<b>400</b> sale</a></ul>", PAGE, items="li").items
    assert only.title == "S-400 sale"


def test_links_themselves_may_be_the_items():
    assert len(read(sample("page.html"), PAGE, items="li a").items) == 2


@pytest.mark.parametrize(
    ("body", "health"),
    [
        (b"<!doctype html><html><body>Are you a human?</body></html>", "empty"),
        (b"<!doctype html>", "empty"),
        (b"", "empty"),
        (b"{}", "parse_error"),
        (b"<rss version='2.0'><channel/></rss>", "parse_error"),
    ],
)
def test_a_page_without_items_is_never_a_quiet_day(body, health):
    found, reason = refusal(body, PAGE, items="li.notice")
    assert found == health
    assert "page.items = 'li.notice'" in reason or health != "empty" or len(body) < 20


@pytest.mark.parametrize(
    ("selector", "mistaken"),
    [
        ("li.notice > a", False),
        ("a@href", False),
        ("", False),
        ("li[", True),
        ("::before", True),
        ("a:nope", True),
    ],
)
def test_a_selector_is_checked_before_it_is_used(selector, mistaken):
    assert bool(selector_error(selector)) is mistaken


#: Built by the test that reads it: each of them takes megabytes.
HOSTILE = {
    "nested": lambda: "<div class=i>" * 200_000 + "<a href=x>y</a>",
    "links in links": lambda: "<b><i><a class=i href=x>t" * 100_000,
    "attributes": lambda: "<a class=i " + " ".join(f"a{n}=1" for n in range(300_000)) + ">x</a>",
    "wide": lambda: "<p class=i><a href=x>t</a></p>" * 200_000,
    "never closed": lambda: "<div class=i><a href='" + "x" * 3_000_000,
    "null": lambda: "<div class=i>\0<a href=x>\ud800y</a>".encode("utf-8", "replace").decode(),
}


@pytest.mark.parametrize("make_body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_page_costs_little(make_body):
    page = f"<!doctype html><html><body>{make_body()}"
    with contextlib.suppress(FeedError):
        assert len(read(page, PAGE, items=".i").items) <= MAX_LISTED
