"""The words of entries in every format: all of them are kept, and nothing else is."""

import json
from typing import Any

import pytest

from monitor.feeds.adapters.base import MAX_BODY
from monitor.model import Item, Kind
from tests.feeds.adapters.samples import read

TEASER, TEXT = "More on our site.", "The council froze the assets of Ostwerft over the frigates."
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
MEDIA = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def rss(inside: str) -> str:
    return f"<rss version='2.0' {CONTENT} {MEDIA} {DC}><channel><title>t</title>{inside}</channel></rss>"


def atom(inside: str) -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><id>f</id><entry><id>e</id>{inside}</entry></feed>"


def json_feed(**fields: str) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"} | fields]})


def wordpress(**fields: str) -> str:
    return json.dumps([{"id": 1} | {name: {"rendered": text} for name, text in fields.items()}])


def only(document: str, kind: Kind = Kind.AUTO) -> Item:
    (item,) = read(document, kind).items
    return item


# ---------------------------------------------------------------- full text


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (rss(f"<item><title>a</title><description>{TEASER}</description><content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded></item>"), Kind.AUTO),
        (rss(f"<item><title>a</title><content:encoded>{TEXT}</content:encoded><description>{TEASER}</description></item>"), Kind.AUTO),
        (rss(f"<item><title>a</title><description>{TEASER}</description><media:description>{TEXT}</media:description></item>"), Kind.AUTO),
        (rss(f"<item><title>a</title><description>{TEASER}</description><itunes:summary>{TEXT}</itunes:summary></item>"), Kind.AUTO),
        (rss(f"<item><title>a</title><description>{TEASER}</description><dc:description>{TEXT}</dc:description></item>"), Kind.AUTO),
        (rss(f"<item><title>a</title><description>{TEASER}</description><description>{TEXT}</description></item>"), Kind.AUTO),
        (rss(f"<item><title>a</title><description>{TEASER}</description><body xmlns='http://www.w3.org/1999/xhtml'><p>{TEXT}</p></body></item>"), Kind.AUTO),
        (atom(f"<title>a</title><summary>{TEASER}</summary><content type='html'>&lt;p&gt;{TEXT}&lt;/p&gt;</content>"), Kind.AUTO),
        (atom(f"<title>a</title><summary>{TEASER}</summary><content type='text'>{TEXT}</content>"), Kind.AUTO),
        (json_feed(title="a", summary=TEASER, content_html=f"<p>{TEXT}</p>"), Kind.AUTO),
        (json_feed(title="a", summary=TEASER, content_text=TEXT, content_html=f"<p>{TEXT}</p>"), Kind.AUTO),
        (wordpress(title="a", excerpt=f"<p>{TEASER}</p>", content=f"<p>{TEXT}</p>"), Kind.WORDPRESS),
    ],
)  # fmt: skip
def test_teaser_and_full_text_of_an_entry_are_both_kept(document, kind):
    item = only(document, kind)
    assert (item.title, item.summary, item.body) == ("a", TEASER, TEXT)


@pytest.mark.parametrize(
    "document",
    [
        rss(f"<item><title>a</title><content:encoded>{TEXT}</content:encoded></item>"),
        rss(f"<item><title>a</title><description>{TEXT}</description><content:encoded>&lt;p&gt;{TEXT}&lt;/p&gt;</content:encoded></item>"),
        atom(f"<title>a</title><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{TEXT}</div></content>"),
        json_feed(title="a", content_text=TEXT),
    ],
)  # fmt: skip
def test_a_text_that_stands_alone_or_twice_is_the_summary(document):
    item = only(document)
    assert (item.summary, item.body) == (TEXT, "")


def test_a_full_text_is_bounded_and_changes_no_content_hash():
    short = only(json_feed(title="a", summary=TEASER))
    long = only(json_feed(title="a", summary=TEASER, content_text="word " * 100_000))
    assert len(long.body) <= MAX_BODY
    assert long.content_hash == short.content_hash


# ---------------------------------------------------------------- CDATA


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("<![CDATA[ <![CDATA[Ostwerft listed]]> ]]>", "<![CDATA[<![CDATA[<p>over the frigates</p>]]>]]>"),
        ("&lt;![CDATA[Ostwerft listed]]&gt;", "&lt;![CDATA[&lt;p&gt;over the frigates&lt;/p&gt;]]&gt;"),
        ("&amp;lt;![CDATA[Ostwerft listed]]&amp;gt;", "&lt;![CDATA[over the frigates"),
        ("<![CDATA[&lt;![CDATA[Ostwerft listed]]&gt;]]>", "<![CDATA[&lt;![cdata[over the frigates]]&gt;]]>"),
    ],
)
def test_cdata_in_cdata_and_escaped_cdata_are_unwrapped(title, text):
    link = "<link>&lt;![CDATA[https://office.example/1]]&gt;</link>"
    date = "<pubDate>&lt;![CDATA[Mon, 23 Nov 2026 06:00:00 GMT]]&gt;</pubDate>"
    item = only(rss(f"<item><title>{title}</title><description>{text}</description>{link}{date}</item>"))
    assert (item.title, item.summary) == ("Ostwerft listed", "over the frigates")
    assert (item.url, item.published_at is not None) == ("https://office.example/1", True)


def test_entries_without_words_are_dropped_and_counted():
    empty = (
        "<item><guid>1</guid><title><![CDATA[<img src='x.png'>]]></title></item><item><guid>2</guid></item>"
    )
    parsed = read(rss(f"{empty}<item><guid>3</guid><title>a</title></item>"))
    assert ([item.guid for item in parsed.items], parsed.wordless) == (["3"], 2)


# ---------------------------------------------------------------- angle brackets


@pytest.mark.parametrize(
    ("document", "title"),
    [
        (atom("<title type='text'>Listed: &lt;Ostwerft&gt;, &lt;b&gt;</title>"), "Listed: <Ostwerft>, <b>"),
        (atom("<title>Listed: &lt;Ostwerft&gt;</title>"), "Listed: <Ostwerft>"),
        (
            atom("<title type='html'>Listed: &lt;Ostwerft&gt; &lt;b&gt;now&lt;/b&gt;</title>"),
            "Listed: <Ostwerft> now",
        ),
        (atom("<title type='html'>Listed: &amp;lt;Ostwerft&amp;gt;</title>"), "Listed: <Ostwerft>"),
        (
            rss("<item><title>Listed: &lt;Ostwerft&gt; &lt;i&gt;now&lt;/i&gt;</title></item>"),
            "Listed: <Ostwerft> now",
        ),
        (rss("<item><title><![CDATA[Listed: <Ostwerft>]]></title></item>"), "Listed: <Ostwerft>"),
        (json_feed(title="Listed: <Ostwerft>, <em>"), "Listed: <Ostwerft>, <em>"),
    ],
)
def test_words_in_angle_brackets_are_words(document, title):
    assert only(document).title == title


def test_content_text_of_a_json_feed_is_no_markup_and_content_html_is():
    item = only(
        json_feed(title="a", summary="if a<b then c", content_text="x <Ostwerft> y", content_html="<p>z</p>")
    )
    assert (item.summary, item.body) == ("if a<b then c", "x <Ostwerft> y\n\nz")


# ---------------------------------------------------------------- without a title


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"summary": "Mr. Vane froze 1.5 bn. More follows on that."}, "Mr. Vane froze 1.5 bn."),
        ({"content_html": "<p>Совет ввёл санкции. Подробности позже.</p>"}, "Совет ввёл санкции."),
        ({"summary": "理事会制裁了船厂。更多内容。"}, "理事会制裁了船厂。"),
        ({"title": "  ", "summary": "no full stop"}, "no full stop"),
        ({"title": "Given", "summary": "Another sentence. More."}, "Given"),
    ],
)
def test_the_first_sentence_is_the_title_of_an_entry_without_one(fields, title):
    assert only(json_feed(**fields)).title == title


def test_a_long_first_sentence_is_cut_between_words():
    title = only(json_feed(summary="frigates and " * 100)).title
    assert 200 < len(title) <= 300
    assert title.endswith(("frigates", "and"))


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link>https://ministry.example/</link><item><title>a</title><link>/press/1</link></item>", "https://site.example/press/1"),
        ("<item xml:base='https://cdn.example/x/'><title>a</title><link>press/1</link></item>", "https://cdn.example/x/press/1"),
        ("<item xml:base='/news/'><title>a</title><link>1</link></item>", "https://site.example/news/1"),
    ],
)  # fmt: skip
def test_relative_links_start_from_the_base_in_the_document_or_from_the_feed(inside, url):
    assert only(rss(inside)).url == url


def test_relative_links_of_a_page_start_from_its_base():
    page = "<html><head><base href='/aktuell/'></head><body><li><a href='1'>a word</a></li></body></html>"
    parsed = read(page, Kind.PAGE, items="li")
    assert parsed.items[0].url == "https://site.example/aktuell/1"


@pytest.mark.parametrize(
    ("fields", "count", "example"),
    [
        ({"date_published": "05/06/2026 10:00"}, 1, "05/06/2026 10:00"),
        ({"date_published": "2026-11-23T10:00:00Z"}, 0, ""),
        ({"date_published": "in due course", "date_modified": "2026-11-23T10:00:00Z"}, 0, ""),
        ({"date_published": " "}, 0, ""),
        ({}, 0, ""),
    ],
)
def test_dates_that_cannot_be_read_are_counted_with_an_example(
    fields: dict[str, Any], count: int, example: str
):
    unread = read(json_feed(title="a", **fields)).unread_dates
    assert (unread.count, unread.example) == (count, example)
