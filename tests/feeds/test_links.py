import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.links import absolute, display_url, normal_link
from tests.feeds.samples import DATA

LINKS = tomllib.loads((DATA / "links.toml").read_text("utf-8"))["link"]
BASE = "https://site.example/feeds/all.xml"

PIECES = st.sampled_from(
    [*"abz/?#&=:@.%+ \\[]", "http://", "https://", "utm_x=1", "a.example", ":80", ":443", "é", "//"]
)


@pytest.mark.parametrize("case", LINKS, ids=lambda case: case["raw"])
def test_a_link_becomes_a_safe_web_address_or_nothing(case):
    assert absolute(BASE, case["raw"]) == case["kept"]


@pytest.mark.parametrize("base", ["seed:sample/feed.xml", "file:/feeds/a.xml", ""])
def test_a_feed_from_the_disk_lends_no_base_to_relative_links(base):
    assert absolute(base, "/news/1") == ""
    assert absolute(base, "https://news.example/1") == "https://news.example/1"


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example/1?id=7",
        "https://NEWS.example:443/1?id=7#comments",
        "https://news.example./1?id=7&utm_campaign=x",
        "http://news.example:80/1?id=7",
    ],
)
def test_addresses_of_one_page_are_one(other):
    assert normal_link(other) == normal_link("https://news.example/1?id=7")


@pytest.mark.parametrize(
    "other", ["https://news.example/2?id=7", "https://news.example/1", "https://other.example/1?id=7"]
)
def test_addresses_of_different_pages_are_not(other):
    assert normal_link(other) != normal_link("https://news.example/1?id=7")


def test_what_is_no_web_address_has_no_normal_form():
    assert normal_link("urn:uuid:1") == normal_link("") == normal_link("https://[") == ""


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40))
def test_normalising_twice_is_normalising_once(text):
    once = normal_link(text)
    assert normal_link(once) == once
    kept = absolute(BASE, text)
    assert absolute(BASE, kept) == kept


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://user:secret@news.example:8443/feed?token=secret#secret", "https://news.example:8443/feed"),
        ("seed:sample/feed.xml", "seed:sample/feed.xml"),
        ("https://[", "an address that cannot be read"),
        ("https://news.example/a\nb\x1b[31m", "https://news.example/ab?[31m"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url, words):
    assert display_url(url) == words
