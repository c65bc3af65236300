from datetime import UTC, datetime

import pytest

from monitor.errors import FeedError
from monitor.feeds.parsing.parse import ParsedFeed, parse_feed
from tests.feeds.samples import DATA, ITEM, NOW, RSS, entry, feed, rss

URL = "https://user:secret@site.example/feeds/all.xml?token=secret"


def read(body: bytes | str, content_type: str = "application/rss+xml") -> ParsedFeed:
    return parse_feed(feed(URL), body.encode() if isinstance(body, str) else body, content_type, URL, NOW)


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_rss_becomes_items():
    parsed = read((DATA / "rss.xml").read_bytes())
    assert (parsed.title, parsed.complete) == ("Notices & licences", True)
    first, second = parsed.items
    assert first.feed == "wire"
    assert first.guid == "notice-2026-118"
    assert first.title == "Six tankers designated under the Russia regulations"
    assert first.url == "https://office.example/notices/6-tankers?id=7"
    assert first.summary == "Six vessels were added. Ports must refuse them & report."
    assert (first.published_at, first.first_seen_at, first.lang) == (at(8, 30), NOW, "en")
    assert second.guid == second.url == "https://site.example/notices/licence"
    assert second.summary == "The wind-down of S-400 servicing ends on 1 March."
    assert second.published_at == at(9, 5)


def test_atom_becomes_items():
    parsed = read((DATA / "atom.xml").read_bytes())
    first, second = parsed.items
    assert parsed.title == "Rüstung kurz"
    assert first.guid == "tag:paper.example,2026:arms/54"
    assert first.title == "Norwegen kauft 54 Panzer & Ersatzteile"
    assert first.url == "https://paper.example/54#top"
    assert first.summary == "Der Vertrag ist unterschrieben."
    assert (first.published_at, first.lang) == (at(8, 30), "de")
    assert second.summary == "Regjeringen har bestilt."
    assert (second.published_at, second.lang) == (at(7), "nb")


def test_rdf_becomes_items():
    (only,) = read((DATA / "rdf.xml").read_bytes()).items
    assert only.title == "Frigate handed over to the navy"
    assert only.url == "https://agency.example/a"
    assert only.guid == "https://agency.example/a"
    assert only.published_at == at(17, day=22)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (RSS, "text/html; charset=windows-1252"),
        (RSS, ""),
        (b"\xef\xbb\xbf" + RSS, "text/plain; charset=iso-8859-1"),
        (
            rss(ITEM, declaration='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16"),
            "application/xml",
        ),
        (
            rss(ITEM, declaration='<?xml version="1.0" encoding="windows-1251"?>').encode("cp1251"),
            "text/xml; charset=utf-8",
        ),
        (b"<br />\n<b>Warning</b>: x<br />\n" + RSS, "text/html"),
    ],
    ids=["windows-1252 header", "no header", "mark", "utf-16", "cp1251 declared", "warning before"],
)
def test_labels_and_junk_do_not_change_the_words(body, content_type):
    (only,) = read(body, content_type).items
    assert only.title == "Санкции: совет продлил список"
    assert only.summary == "Двадцать судов добавлены."


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("AT&T R&D arms deal", "AT&T R&D arms deal"),
        ("a&nbsp;b&mdash;c", "a b—c"),
        ("It&amp;#8217;s &amp;amp; more", "It’s & more"),
        ("US &lt;b&gt;sanctions&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;", "US sanctions"),
        ("<![CDATA[Iran &amp; Russia <em>deal</em>]]>", "Iran & Russia deal"),
        ("x\x0b\x00y", "x y"),
    ],
)
def test_a_title_is_plain_words(markup, title):
    assert read(rss(entry(title=markup, guid="1"))).items[0].title == title


@pytest.mark.parametrize(
    ("fields", "guid", "url"),
    [
        ("<guid>/a/5</guid>", "/a/5", "https://site.example/a/5"),
        ("<guid isPermaLink='false'>http://e.example/5</guid>", "http://e.example/5", ""),
        ("<guid>\n  g1 \n</guid><link>https://e.example/1</link>", "g1", "https://e.example/1"),
        (
            "<guid> </guid><link>http://e.example/1?utm_medium=x</link>",
            "https://e.example/1",
            "http://e.example/1",
        ),
        ("<link>javascript:alert(1)</link><guid isPermaLink='false'>g</guid>", "g", ""),
        ("<link>//e.example/1</link><guid isPermaLink='false'>g</guid>", "g", "https://e.example/1"),
        ("<link/><guid isPermaLink='false'>g</guid>", "g", ""),
        (
            "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='alternate' href='https://e.example/9'/><guid isPermaLink='false'>g</guid>",
            "g",
            "https://e.example/9",
        ),
        (
            "<link>https://go.example/r</link><feedburner:origLink xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>"
            "https://e.example/1</feedburner:origLink><guid isPermaLink='false'>g</guid>",
            "g",
            "https://e.example/1",
        ),
    ],
)
def test_identity_is_the_guid_as_written_and_the_link_is_made_safe(fields, guid, url):
    (only,) = read(rss(f"<item><title>x</title>{fields}</item>")).items
    assert (only.guid, only.url) == (guid, url)


def test_identity_does_not_depend_on_the_address_that_answered():
    body = rss(entry(title="x", guid="abc-1", link="/n/1")).encode()
    guids = {
        parse_feed(feed(url), body, "", url, NOW).items[0].guid
        for url in ("http://a.example/feed", "https://b.example/x/y")
    }
    assert guids == {"abc-1"}


def test_overlong_texts_are_cut():
    (only,) = read(rss(entry(title="t " * 2_000, description="d " * 50_000))).items
    assert len(only.title) <= 1_000
    assert 19_000 < len(only.summary) <= 20_000


def test_an_item_without_words_is_none():
    assert read(rss(entry(guid="1", link="https://e.example/1"), entry(title="x"))).items[0].title == "x"


def test_no_item_is_lost_to_a_guid_that_all_share():
    parsed = read(rss(*(entry(title=f"Notice {n}", guid="0", link="https://e.example/") for n in range(5))))
    assert len({item.guid for item in parsed.items}) == 5


def test_a_feed_without_items_is_no_error():
    assert read(rss()) == ParsedFeed(items=(), title="A wire", complete=True)


def test_a_document_that_broke_off_keeps_its_whole_items_and_says_so():
    parsed = read(RSS[:-30])
    assert (len(parsed.items), parsed.complete) == (0, False)
    two = rss(entry(title="one"), entry(title="two", description="x" * 99)).encode()
    parsed = read(two[:-80])
    assert ([item.title for item in parsed.items], parsed.complete) == (["one"], False)


def test_more_items_than_anyone_publishes_are_cut_and_that_is_said():
    parsed = read(
        "<rss version='2.0'><channel>" + "<item><title>x</title></item>" * 5_001 + "</channel></rss>"
    )
    assert not parsed.complete


@pytest.mark.parametrize(
    ("body", "health", "words"),
    [
        (
            (DATA / "page.html").read_bytes(),
            "html",
            "web page, not a feed; the page names this one: https://site.example/notices.xml$",
        ),
        (
            b"<html><body>Just a moment...</body></html>",
            "html",
            "look on that page for the address of its feed",
        ),
        (
            b"<html><head><meta http-equiv='refresh' content='0; url=/new/feed.xml'></head></html>",
            "html",
            "a web page that leads on to https://site.example/new/feed.xml; write the address of the feed",
        ),
        (b"", "empty", "answers with nothing"),
        (b" \n", "empty", "answers with nothing"),
        (b'{"error": "slow down"}', "parse_error", "answers with JSON"),
        (b"<urlset><url/></urlset>", "parse_error", "sitemap"),
        (b"slow down", "parse_error", "neither RSS nor Atom"),
        (b"<rss version='2.0'><channel></item></channel></rss>", "parse_error", "no item can be recognised"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_hint(body, health, words):
    with pytest.raises(FeedError, match=words) as caught:
        read(body, "text/html")
    assert caught.value.health == health
    assert str(caught.value).startswith("https://site.example/feeds/all.xml ")
    assert "secret" not in str(caught.value)


def test_an_item_that_feedparser_fails_on_is_reported_without_credentials():
    with pytest.raises(FeedError, match=r"feedparser fails on something in it \(KeyError\)") as caught:
        read(rss("<item><title>x</title><textInput><name>q</name></textInput></item>"))
    assert caught.value.health == "parse_error"
    assert "secret" not in str(caught.value)
