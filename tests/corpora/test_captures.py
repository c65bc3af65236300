"""Nearly 2,500 documents that real servers and other projects' tests have sent, each read in full and by delta."""

import html
import io
import os
import random
import signal
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from operator import itemgetter
from pathlib import Path

import feedparser
import pytest

from monitor.errors import FeedError
from monitor.feeds.base import EarlierDocument, FeedDocument, ParsedDocument
from monitor.feeds.parsing.clean import clean
from monitor.feeds.parsing.delta import split_items, without_known
from monitor.feeds.parsing.document import parse_document
from monitor.feeds.parsing.plain_text import plain_text
from monitor.model import Feed, Item
from tests.conftest import NOW

FOLDER = Path(os.environ.get("CORPORA", "."), "fixtures/feeds")
FEED = Feed(name="wire", url="https://news.example/feed", title="A wire", host="news.example")
PARTS = 16
LONGEST_S = 10

#: Documents in which feedparser finds what nobody published as a feed.
NO_FEEDS = {
    "real/0142_www.tablix.org.xml": "a web page around a feed",
    "illformed/2400_purl.org.xml": "the source of a program, with tags in its strings",
}

pytestmark = pytest.mark.corpora


@cache
def documents() -> dict[str, bytes]:
    with tarfile.open(FOLDER / "captures.tar.xz") as archive:
        members = ((member, archive.extractfile(member)) for member in archive)
        return {
            member.name.removeprefix("feeds/"): stream.read()
            for member, stream in members
            if stream and member.name.endswith(".xml")
        }


@dataclass
class Found:
    """What a part of the captures showed."""

    lost: list[str] = field(default_factory=list)
    garbled: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    read: int = 0
    by_delta: int = 0


@contextmanager
def bounded(name: str) -> Iterator[None]:
    def too_long(*args: object) -> None:
        raise AssertionError(f"{name} is still being read after {LONGEST_S} s of the processor")

    before = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def reading(body: bytes, before: ParsedDocument | None = None) -> ParsedDocument:
    left = EarlierDocument(before.identity, before.known_spans) if before else EarlierDocument()
    return parse_document(FeedDocument(FEED, body, "application/xml", FEED.url, NOW), left)


@pytest.mark.parametrize("part", range(PARTS))
def test_real_documents_give_the_same_items_read_whole_and_by_delta(part: int):
    found = Found()
    generator = random.Random(part)
    names = sorted(documents())[part::PARTS]
    for name in names:
        with bounded(name):
            compare_readings(name, documents()[name], generator, found)
    assert not found.garbled
    assert not found.differing
    assert set(found.lost) <= NO_FEEDS.keys()
    assert found.read > 0.8 * len(names)
    assert found.by_delta > found.read


def compare_readings(name: str, body: bytes, random: random.Random, found: Found) -> None:
    try:
        full = reading(body)
    except FeedError:
        full = ParsedDocument(items=(), complete=False)
    if not full.items:
        found.lost += [name] if found_alone(body) else []
        return
    found.read += 1
    if garbled(body, full.items):
        found.garbled.append(name)
    spans = split_items(clean(body).xml, FEED.url)
    if spans is None:
        return
    all_but_one = set(spans.names) - {random.choice(spans.names)}
    some = {each for each in spans.names if random.random() < random.random()}
    for earlier in filter(None, (all_but_one, some, set(spans.names))):
        before = reading(without_known(spans, earlier))
        delta = reading(body, before)
        candidates = full if before.identity == "guid" else reading(body, replace(before, known_spans={}))
        found.by_delta += bool(delta.seen)
        if not agree(candidates, delta, len(earlier)):
            found.differing.append(f"{name}: {len(earlier)} of {len(spans.names)} known")


def agree(full: ParsedDocument, delta: ParsedDocument, known: int) -> bool:
    """Return whether a reading by delta gives the items of the full one, except those known before."""
    seen = set(delta.seen)
    unseen = tuple(item for item in full.items if item.id not in seen)
    return (
        delta.items == unseen
        and seen <= {item.id for item in full.items}
        and len(seen) in {0, known}
        and delta.complete == full.complete
        and (not delta.seen or delta.known_spans == full.known_spans)
    )


def found_alone(body: bytes) -> bool:
    """Say whether feedparser by itself finds an item with words."""
    alone = feedparser.parse(io.BytesIO(body), resolve_relative_uris=False, sanitize_html=False)
    return any(
        plain_text(text, 100)
        for entry in alone.entries
        for text in (
            *(dict.get(entry, name, "") for name in ("title", "summary")),
            *map(itemgetter("value"), dict.get(entry, "content", ())),
        )
    )


def garbled(body: bytes, items: tuple[Item, ...]) -> set[str]:
    """Return letters in the items that a document in valid UTF-8 does not have.

    The cure of what its publisher had garbled does not count: "Ã©" there, "é" here.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return set()
    text += html.unescape(html.unescape(html.unescape(text)))
    new = {letter for item in items for letter in item.title + item.summary} - set(text) - {" "}
    return {letter for letter in new if not any(form in text for form in _garbled_forms(letter))}


def _garbled_forms(letter: str) -> Iterator[str]:
    """Yield the form of a letter whose bytes were decoded with another encoding."""
    yield letter.encode().decode("latin-1")
    yield letter.encode("cp1252", "replace").decode("latin-1")
    yield letter.encode().decode("cp1252", "replace")
