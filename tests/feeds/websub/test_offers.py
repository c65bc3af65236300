"""The hub and the topic that a response names, in headers, XML and JSON; hostile ones name nothing."""

import json

import pytest

from monitor.feeds.websub.offers import hub_offer
from monitor.model import HubOffer

HUB, TOPIC = "https://hub.example/", "https://news.example/feed.xml"
FOUND = HubOffer(HUB, TOPIC)
AT = "https://news.example/other.xml"


def rss(*links: str, items: str = "") -> bytes:
    return f"<rss><channel><title>News</title>{''.join(links)}{items}</channel></rss>".encode()


ATOM_LINKS = (f'<atom:link rel="hub" href="{HUB}"/>', f'<atom:link href="{TOPIC}" rel="self" />')


def test_the_link_header_names_hub_and_topic() -> None:
    assert hub_offer(f'<{HUB}>; rel="hub", <{TOPIC}>; rel=self', b"", AT) == FOUND


def test_a_document_names_hub_and_topic() -> None:
    assert hub_offer("", rss(*ATOM_LINKS), AT) == FOUND
    assert hub_offer("", b"<feed>" + "".join(ATOM_LINKS).replace("atom:", "").encode(), AT) == FOUND


def test_the_header_goes_before_the_document() -> None:
    assert (
        hub_offer('<https://first.example/>; rel="hub"', rss(*ATOM_LINKS), AT).hub == "https://first.example/"
    )


def test_a_json_feed_names_its_hub() -> None:
    hubs = [{"type": "rssCloud", "url": "https://cloud.example/"}, {"type": "WebSub", "url": HUB}]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "hubs": hubs, "feed_url": TOPIC})
    assert hub_offer("", body.encode(), AT) == FOUND


def test_addresses_are_unescaped_and_made_absolute() -> None:
    links = ('<link rel="hub" href="/hub?a=1&amp;b=2"/>', '<link rel="self" href="feed.xml"/>')
    found = HubOffer("https://news.example/hub?a=1&b=2", "https://news.example/feed.xml")
    assert hub_offer("", rss(*links), AT) == found


def test_without_an_address_of_its_own_a_document_offers_nothing() -> None:
    assert not hub_offer(f'<{HUB}>; rel="hub"', rss(), f"{AT}?token=secret")


def test_the_links_of_an_entry_are_not_those_of_the_feed() -> None:
    assert not hub_offer("", rss(items=f"<item>{''.join(ATOM_LINKS)}</item>"), AT)


@pytest.mark.parametrize(
    "hub",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:hub@news.example",
        "https://hub.example/a b",
        "https://[",
        "h" * 3_000,
    ],
)
def test_what_is_no_web_address_is_no_hub(hub: str) -> None:
    assert not hub_offer("", rss(f'<link rel="hub" href="{hub}"/>', ATOM_LINKS[1]), AT)


@pytest.mark.parametrize(
    "body",
    [
        b"{hub",
        b'{"hubs": 3}',
        b'{"hubs": [3, {"type": "WebSub"}]}',
        b"[" * 100_000 + b"hub",
        b"<link hub" * 9_000,
    ],
)
def test_broken_documents_offer_nothing(body: bytes) -> None:
    assert not hub_offer("", body, AT)


def test_a_long_document_of_links_is_read_in_time_that_grows_with_its_length() -> None:
    assert not hub_offer("<a" * 50_000, b"hub<link " + b'rel=hub href="' * 50_000, AT)
