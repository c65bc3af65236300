import pytest

from monitor.feeds.discover import advertised_feeds, candidate_feed_urls, refresh_target

BASE = "https://user:secret@office.example/news/index.html"
RSS = 'type="application/rss+xml"'


def urls(page: str) -> list[str]:
    return [each.url for each in advertised_feeds(page, BASE)]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (f'<link rel="alternate" {RSS} href="/feed.xml">', ["https://office.example/feed.xml"]),
        (f"<LINK REL=alternate HREF='feed?a=1&amp;b=2' {RSS}/>", ["https://office.example/news/feed?a=1&b=2"]),
        ("<link rel=alternate type=application/atom+xml href=a><link rel=alternate type=application/feed+json href=b>",
         ["https://office.example/news/a", "https://office.example/news/b"]),
        (f'<link rel="alternate" {RSS} href="/f"><link rel="alternate" {RSS} href="/f">', ["https://office.example/f"]),
        (f'<base href="https://cdn.example/x/"><link rel="alternate" {RSS} href="f">', ["https://cdn.example/x/f"]),
        (f'<!-- <link rel="alternate" {RSS} href="/old"> -->', []),
        (f'<link rel="stylesheet" {RSS} href="/feed.xml">', []),
        ('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">', []),
        ('<link rel="alternate" hreflang="tr" href="/tr">', []),
        (f'<link rel="alternate" {RSS} href="/comments/feed/">', []),
        (f'<link rel="alternate" {RSS} href="javascript:alert(1)">', []),
        (f'<link rel="alternate" {RSS} href="http://[::1">', []),
        ("", []),
    ],
)  # fmt: skip
def test_a_page_advertises(page, found):
    assert urls(page) == found


def test_a_feed_has_the_title_that_the_page_gives_it():
    (only,) = advertised_feeds(f'<link rel="alternate" {RSS} title="News &amp; notices" href="/f">', BASE)
    assert only.title == "News & notices"


def test_a_flood_of_links_costs_little():
    assert urls("<link " * 200_000) == []
    assert urls("<!--" * 200_000) == []


def test_usual_places_are_on_the_same_site():
    places = candidate_feed_urls("https://office.example/news?x=1#y")
    assert "https://office.example/feed/" in places
    assert all(place.startswith("https://office.example/") for place in places)


@pytest.mark.parametrize(
    ("page", "target"),
    [
        (
            '<meta http-equiv="refresh" content="0; url=/feeds/new.xml">',
            "https://office.example/feeds/new.xml",
        ),
        ("<META content=\"5;URL='https://new.example/f'\" HTTP-EQUIV=Refresh>", "https://new.example/f"),
        ('<meta http-equiv="refresh" content="0; /feeds/new.xml">', "https://office.example/feeds/new.xml"),
        ('<meta http-equiv="refresh" content="300">', ""),
        ('<meta http-equiv="refresh" content="0; url=javascript:x()">', ""),
        ('<!-- <meta http-equiv="refresh" content="0; url=/x"> -->', ""),
        ('<meta name="description" content="0; url=/x">', ""),
    ],
)
def test_a_page_that_leads_on_names_its_target(page: str, target: str):
    assert refresh_target(page, "https://office.example/feed") == target
