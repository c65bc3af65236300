"""The text of a page, and whether robots.txt allows it."""

import pytest

from monitor.feeds.articles.extract import MAX_TEXT, is_page, read_article
from monitor.feeds.articles.robots import is_allowed

SENTENCES = "".join(
    f"<p>The committee met for the {number}th time and spoke of the harbour.</p>" for number in range(12)
)
PAGE = f"""<?xml version="1.0" encoding="utf-8"?><html><head><title>Harbour</title></head><body>
<nav><ul><li><a href="/a">Subscribe to our newsletter</a></li><li><a href="/b">Politics</a></li></ul></nav>
<article><h1>Harbour</h1>{SENTENCES}</article>
<div class="comments"><p>first comment by a reader</p></div>
<footer><p>All rights reserved by the publisher</p></footer></body></html>"""


def test_the_article_is_taken_and_its_surroundings_are_not():
    text = read_article(PAGE.encode(), "text/html")
    assert text.count("The committee met") == 12
    assert "newsletter" not in text
    assert "comment" not in text


def test_a_text_is_bounded():
    long = PAGE.replace(SENTENCES, SENTENCES.replace("harbour", "harbour " + "and the very long quay " * 200))
    assert len(read_article(long.encode(), "text/html")) == MAX_TEXT


@pytest.mark.parametrize(
    "body", [b"", b"  ", b"\x00\xff\xfe", b"<", b"<html></html>", "ş".encode("iso-8859-9")]
)
def test_what_has_no_text_has_none(body):
    assert read_article(body, "text/html") == ""


def test_a_page_in_its_own_encoding_is_read():
    page = PAGE.replace("The committee", "Şu komisyon").replace('encoding="utf-8"', 'encoding="iso-8859-9"')
    assert "Şu komisyon met" in read_article(page.encode("iso-8859-9"), "text/html; charset=iso-8859-9")


@pytest.mark.parametrize(
    ("content_type", "page"),
    [
        ("text/html; charset=utf-8", True),
        ("application/xhtml+xml", True),
        ("", True),
        ("application/pdf", False),
        ("image/png", False),
    ],
)
def test_only_pages_are_read(content_type, page):
    assert is_page(content_type) is page


@pytest.mark.parametrize(
    ("robots", "path", "admitted"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", True),
        ("User-agent: *\nAllow: /\nDisallow: /news", "/news/1", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: sanctions-monitor\nDisallow: /\nUser-agent: *\nDisallow:", "/a", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("<html>not found</html>", "/a", True),
    ],
)
def test_robots_txt_is_kept(robots, path, admitted):
    assert is_allowed(robots, "sanctions-monitor", f"https://news.example{path}") is admitted
