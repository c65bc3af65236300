"""Alerts as an Atom feed: valid, escaped, and the same ids for ever."""

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import feedparser

from monitor.render import samples as sample
from monitor.web.atom import NAMESPACE, feed
from tests.conftest import NOW, alert, item

ATOM = {"a": NAMESPACE}
HOSTILE = "<script>alert(1)</script> & ]]> \x00\x0b\ufffe\ud800 “quoted”\u202e"


def entries(document: bytes) -> list[ET.Element]:
    return ET.fromstring(document).findall("a:entry", ATOM)


def text(element: ET.Element, name: str) -> str:
    return element.findtext(f"a:{name}", "", ATOM)


def test_a_feed_has_all_that_rfc_4287_asks_for() -> None:
    root = ET.fromstring(feed(sample.ALERTS, "https://alerts.example/alerts.atom"))
    assert root.tag == f"{{{NAMESPACE}}}feed"
    for element in (root, *root.findall("a:entry", ATOM)):
        assert [len(element.findall(f"a:{name}", ATOM)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert text(element, "id").startswith("urn:uuid:")
        assert text(element, "updated").endswith("Z")
        assert element.findtext("a:author/a:name", "", ATOM)
    assert root.find("a:link[@rel='self']", ATOM) is not None
    assert len({text(each, "id") for each in root.iter(f"{{{NAMESPACE}}}entry")}) == len(sample.ALERTS)


def test_a_feed_parser_reads_it() -> None:
    read = feedparser.parse(feed(sample.ALERTS))
    assert not read.bozo
    assert read.version == "atom10"
    (listing,) = [each for each in read.entries if "Twelve shipping firms" in each.title]
    assert listing.title.startswith("[critical] ")
    assert listing.link == sample.LISTING.item.url
    assert "Why flagged: The title says “added to the SDN List”" in listing.content[0].value
    assert {tag.term for tag in listing.tags} == {"sanctions"}


def test_the_newest_alert_is_first_and_dates_the_feed() -> None:
    old, new = alert(), alert(item=item(guid="2"), raised_at=NOW + timedelta(hours=1))
    root = ET.fromstring(feed([old, new]))
    assert text(root, "updated") == "2026-11-23T10:00:00Z"
    assert [text(each, "updated") for each in root.findall("a:entry", ATOM)] == [
        "2026-11-23T10:00:00Z",
        "2026-11-23T09:00:00Z",
    ]


def test_the_same_alerts_make_the_same_feed() -> None:
    assert feed(sample.ALERTS) == feed(reversed(sample.ALERTS))
    assert feed([]) == feed([])
    assert entries(feed([])) == []


def test_hostile_text_stays_text() -> None:
    hostile = alert(
        item=item(title=HOSTILE, summary=HOSTILE, url="javascript:alert(1)"), source=HOSTILE, news=HOSTILE
    )
    (entry,) = entries(feed([hostile]))
    assert text(entry, "title").startswith("[high] Contract for arms · <script>alert(1)</script> & ]]>")
    assert entry.find("a:link", ATOM) is None
    assert "\u202e" not in "".join(entry.itertext())
    assert not feedparser.parse(feed([hostile])).bozo


def test_of_a_source_no_more_than_200_characters_are_shown() -> None:
    long = alert(item=item(summary="word " * 400))
    (entry,) = entries(feed([long]))
    assert 60 < len(text(entry, "summary")) <= 200


def test_what_is_unconfirmed_or_an_update_says_so() -> None:
    doubted = replace(alert().decision, unconfirmed=True)
    (entry,) = entries(feed([alert(decision=doubted, kind="update", news="stage: talks → contract")]))
    assert text(entry, "title").startswith("[high] [update] [UNCONFIRMED] ")
    assert "What is new: stage: talks → contract" in text(entry, "content")
