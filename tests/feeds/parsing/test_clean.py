import re
import xml.etree.ElementTree as ET
from io import BytesIO
from time import process_time

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.parsing.clean import classify, clean
from tests.feeds.samples import DATA, ITEM, RSS, entry, rss

MARKUP = st.lists(
    st.sampled_from(
        [
            "<rss>",
            "</rss>",
            "<channel>",
            "</channel>",
            "<item>",
            "</item>",
            "<title>",
            "</title>",
            "<feed>",
            "</feed>",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<?xml",
            "?>",
            "<!DOCTYPE r [",
            "<!ENTITY a 'b'>",
            "&",
            "&amp;",
            "&nbsp;",
            "&#0;",
            "&#x41;",
            "&a;",
            "<",
            ">",
            '"',
            "'",
            "]",
            " ",
            "x",
            "é",
            "\0",
            "\x0b",
            "\ufffe",
            "<a:b>",
            "<br/>",
        ]
    ),
    max_size=30,
).map("".join)


def titles(xml: bytes) -> list[str | None]:
    return [title.text for title in ET.parse(BytesIO(xml)).getroot().iter("title")]


def title_of(markup: str) -> str | None:
    """The title of the one item, as a strict parser reads it from the cleaned feed."""
    return titles(clean(rss(f"<item><title>{markup}</title></item>").encode()).xml)[1]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (RSS, "feed"),
        ((DATA / "atom.xml").read_bytes(), "feed"),
        ((DATA / "rdf.xml").read_bytes(), "feed"),
        ((DATA / "page.html").read_bytes(), "html"),
        (b"<html><body>rss: <rss></body></html>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html><body/></html>', "html"),
        (b"<!doctype html><title>Just a moment</title>", "html"),
        (b'<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"/>', "feed"),
        (b"<!-- <html> --><rss/>", "feed"),
        (b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>', "sitemap"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "json"),
        (b' [{"title": "<rss>"}]', "json"),
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"429 slow down", "other"),
        (b"\x89PNG\r\n", "other"),
        (b"<rssy/>", "other"),
    ],
)
def test_a_body_is_recognised_by_its_root(body, kind):
    assert classify(body) == kind
    assert bool(clean(body).xml) == (kind in {"feed", "sitemap"})


def test_a_good_feed_stays_what_it_is():
    cleaned = clean(RSS)
    assert cleaned.xml == RSS
    assert cleaned.whole


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("AT&T buys R&D", "AT&T buys R&D"),
        ("AT&T; R&D;", "AT&T; R&D;"),
        ("a&nbsp;b&mdash;c &eacute;", "a\u00a0b—c é"),
        ("&LT;b&GT;", "<b>"),
        ("x &amp; y &#8217; &#x2019;", "x & y ’ ’"),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
        ("<![CDATA[x & <b>y</b> &amp; z]]>", "x & <b>y</b> &amp; z"),
        ("a<![CDATA[<!-- no comment -->]]>b", "a<!-- no comment -->b"),
        ("one<!-- <item> & -->two", "onetwo"),
        ("one<?php echo 1 ?>two", "onetwo"),
        ("x\x0by\x00z\x1b", "x yz "),
        ("a&#0;b&#x1F;c&#xD800;d&#1114112;e", "a b c d e"),
        ("]]>", "]]>"),
        ("<!ELEMENT x>", "<!ELEMENT x>"),
        ("&lt;i&gt;", "<i>"),
    ],
)
def test_what_is_not_markup_becomes_text(markup, title):
    assert title_of(markup) == title


@pytest.mark.parametrize(
    "before",
    [
        "\n\n  ",
        "<br />\n<b>Warning</b>: date() in /srv/x.php on line 2<br />\n",
        "\ufeff",
        '<?xml version="1.0" encoding="koi8-r"?>',
    ],
)
def test_what_stands_before_the_feed_goes(before):
    assert clean((before + rss(ITEM)).encode()).xml == RSS


def test_what_follows_the_feed_goes():
    assert clean(RSS + b"<!-- cached --><script>x</script>").xml == RSS


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">',
        '<!ENTITY x SYSTEM "file:///etc/hostname">',
        '<!ENTITY a "<rss><channel><item><title>]> -->">',
        "<!-- ]> --><!ELEMENT rss ANY>",
    ],
)
def test_no_entity_of_a_document_is_ever_defined(subset):
    body = f'<?xml version="1.0"?><!DOCTYPE rss [{subset}]><rss><channel>{entry(title="[&a;&b;&x;]")}</channel></rss>'
    xml = clean(body.encode()).xml
    assert b"<!" not in xml
    assert b"[&amp;a;&amp;b;&amp;x;]" in xml


def test_a_quadratic_expansion_stays_as_small_as_it_came():
    body = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "{"A" * 60_000}">]>' + rss(
        entry(title="&a;" * 16_000), declaration=""
    )
    assert len(clean(body.encode()).xml) < 200_000


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_truncated_document_keeps_its_whole_items(cut):
    body = rss(entry(title="one", guid="1"), entry(title="two", guid="2"), entry(title="three")).encode()
    cleaned = clean(body[:-cut])
    assert not cleaned.whole
    assert titles(cleaned.xml) in (["A wire", "one", "two"], ["A wire", "one", "two", "three"])


def test_a_feed_that_broke_off_inside_its_text_is_closed_too():
    atom = (DATA / "atom.xml").read_bytes()
    cleaned = clean(atom[: atom.index(b"Regjeringen")])
    assert not cleaned.whole
    assert len(ET.fromstring(cleaned.xml).findall("{http://www.w3.org/2005/Atom}entry")) == 1
    assert clean(b"<rss version='2.0'><channel><title>x</title>").xml.endswith(
        b"<title>x</title></channel></rss>"
    )


def test_items_beyond_the_limit_are_cut_and_that_is_said():
    cleaned = clean(rss(*(entry(title=str(n)) for n in range(8))).encode(), most_items=5)
    assert not cleaned.whole
    assert titles(cleaned.xml) == ["A wire", *"01234"]
    assert clean(rss(*(entry(title=str(n)) for n in range(5))).encode(), most_items=5).whole


@given(MARKUP, st.booleans())
def test_cleaning_twice_is_cleaning_once(markup, within):
    body = (rss(f"<item>{markup}</item>") if within else markup).encode()
    once = clean(body).xml
    assert clean(once).xml == once


@given(MARKUP | st.text(max_size=60))
def test_whatever_comes_out_is_free_of_what_parsers_choke_on(markup):
    xml = clean(rss(entry(title=markup)).encode()).xml
    body = xml.removeprefix(b'<?xml version="1.0" encoding="utf-8"?>')
    assert not re.search(rb"<[!?]|[\x00-\x08\x0b\x0c\x0e-\x1f]|&(?!(?:#\w+|amp|lt|gt|quot|apos);)", body)
    assert feedparser.parse(
        BytesIO(xml), response_headers={"content-type": "application/xml; charset=utf-8"}
    ).version


@given(st.text(max_size=80))
def test_text_in_an_element_leaves_a_well_formed_document(text):
    if "<" not in text:
        root = ET.fromstring(clean(rss(entry(title=text)).encode()).xml)
        assert root.find("channel/item/title") is not None


@given(st.binary(max_size=300))
def test_any_bytes_end_as_nothing_or_as_a_document(body):
    xml = clean(body).xml
    assert not xml or xml.startswith(b'<?xml version="1.0" encoding="utf-8"?><')


HOSTILE = [
    "<!--",
    "<!DOCTYPE",
    "<!DOCTYPE r [",
    "&",
    "<",
    "<a ",
    "<![CDATA[",
    "<?",
    "&#",
    "&a;",
    "<!---->",
    "<??>",
    "</rss",
    "<![CDATA[]]>",
    "<item>",
    "</item",
    "</item     ",
    "aaaaaaaaaaaaaaaaaaaa:",
    "<rss ",
    "<html",
    "\0",
    "]]>",
    " ",
    "\xff",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_grows_only_with_the_length(piece):
    def seconds(times: int) -> float:
        begin = process_time()
        clean((rss() + piece * times).encode("latin-1"))
        clean(rss(entry(title=piece * times)).encode("latin-1"))
        return process_time() - begin

    # A quadratic step would need minutes for this; a linear one needs a fraction of the allowance.
    assert seconds(60_000) < 2
