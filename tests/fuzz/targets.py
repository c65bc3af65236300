"""What is fuzzed: each target parses one hostile input and checks what must hold for any.

A target catches the errors that are promised to people (`MonitorError` and the like) and raises nothing else. Seeds are
the good documents of other tests.
"""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor import config as configuration
from monitor.alerts.signed_links import LinkError, SignedLinks
from monitor.errors import ConfigError, FeedError, ListError, MonitorError
from monitor.feeds.adapters.base import MAX_BODY, MAX_SUMMARY, MAX_TITLE
from monitor.feeds.adapters.suggest_listing import suggest_selectors
from monitor.feeds.articles.extract import read_article
from monitor.feeds.articles.robots import is_allowed
from monitor.feeds.base import EarlierDocument, FeedDocument
from monitor.feeds.discover import advertised_feeds, refresh_target
from monitor.feeds.http.inflate import TooLarge, Unreadable, inflate
from monitor.feeds.opml import parse_opml, to_opml
from monitor.feeds.parsing.dates import read_date
from monitor.feeds.parsing.document import parse_document
from monitor.feeds.parsing.plain_text import plain_text
from monitor.feeds.websub.offers import hub_offer
from monitor.lists import FORMATS, ignored_columns, parse_list
from monitor.match import lexicon, rules
from monitor.match.query.explain import outline
from monitor.match.query.parser import QueryError, mistakes_in, parse
from monitor.model import Fields, Kind
from tests.conftest import NOW
from tests.feeds.samples import feed
from tests.fuzz.tokens import CSV, HTML, JSON, QUERY, TOML, WEB, XML
from tests.fuzz.web_forms import desk
from tests.match.seeds import LEXICON, SMALL, doc_for

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
FEED_DATA, LIST_DATA = TESTS / "feeds" / "data", TESTS / "lists" / "data"
URL = "https://news.example/feed"
MAX_INFLATED = 1_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """A parser under fuzz; `tokens` are words of its language."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    tokens: tuple[bytes, ...] = ()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


# ---------------------------------------------------------------- rules and queries


def query(data: bytes) -> None:
    """A query is parsed or its mistakes are listed; a parsed one is explained and finds spans of the text."""
    source = _text(data)
    try:
        parsed = parse(source, LEXICON.tags)
    except QueryError:
        assert mistakes_in(source, LEXICON.tags)
        return
    assert not mistakes_in(source, LEXICON.tags)
    outline(parsed, LEXICON)
    title = "Ankara bought S-400 missiles for $2.5 billion, OFAC adds 14 companies to SDN List"
    doc = doc_for(parsed, title, "arms embargo on tanks; alpha beta gamma.")
    for match in parsed.find(doc):
        assert 0 <= match.start < match.stop
        assert doc.texts[match.field].quote(match.start, match.stop)


def rule_file(data: bytes) -> None:
    """A file of rules is loaded, or each mistake names it; what is sound is loaded in any case."""
    text = _text(data)
    _, mistakes = rules.load_sound({"a.toml": text}, LEXICON.tags)
    assert all(each.startswith("a.toml") for each in mistakes)
    with suppress(ConfigError):
        rules.load({"a.toml": text}, LEXICON.tags)
        assert not mistakes


def lexicon_file(data: bytes) -> None:
    """A file of the lexicon is loaded, or each mistake names it."""
    _, mistakes = lexicon.load_sound({"a.toml": _text(data)})
    assert all(each.startswith("a.toml") for each in mistakes)


def config_file(data: bytes, folder: Path) -> None:
    """A configuration is loaded, or its mistakes are listed."""
    path = folder / "config.toml"
    path.write_bytes(data)
    with suppress(ConfigError):
        configuration.load(path)


# --------------------------------------------------------------------------- lists


def list_document(data: bytes, format: str) -> None:
    """A list is parsed or refused; entities have names and ids of their own."""
    documents = lambda: [io.BytesIO(data)] * (3 if format == "ofac" else 1)  # noqa: E731
    with suppress(ListError):
        ignored_columns(format, documents(), "list")
    with suppress(ListError):
        entities = list(parse_list(format, documents(), "list", NOW.date()))
        assert len({each.id for each in entities}) == len(entities)
        assert all(name.text.strip() for each in entities for name in each.names)


# --------------------------------------------------------------------------- feeds


def feed_document(data: bytes, kind: Kind = Kind.AUTO, fields: Fields | None = None) -> None:
    """A document is parsed or refused; items are bounded, and reading it again brings nothing new."""
    source = feed(URL, kind=kind, fields=fields or Fields())
    document = FeedDocument(source, data, "", URL, NOW)
    try:
        parsed = parse_document(document, EarlierDocument())
    except FeedError:
        return
    for item in parsed.items:
        assert len(item.title) <= MAX_TITLE
        assert len(item.summary) <= MAX_SUMMARY
        assert len(item.body) <= MAX_BODY
        assert item.title or item.summary
        assert not item.published_at or item.published_at <= NOW + timedelta(days=3)
    again = parse_document(document, EarlierDocument(parsed.identity, parsed.known_spans))
    ids = {item.id for item in parsed.items}
    assert {item.id for item in again.items} | set(again.seen) <= ids


def page(data: bytes) -> None:
    """What a page advertises, its text and its structure are found or missing."""
    text = _text(data)
    advertised_feeds(text, URL)
    refresh_target(text, URL)
    assert len(plain_text(text, 500)) <= 500
    suggest_selectors(text)


def article(data: bytes) -> None:
    """The text of an article is found or missing."""
    read_article(data, "text/html")


def robots(data: bytes) -> None:
    """A robots.txt allows or refuses."""
    is_allowed(_text(data), "monitor", f"{URL}/a?b=c")


def date(data: bytes) -> None:
    """A date is read within its bounds or not at all."""
    found = read_date(_text(data), NOW)
    assert found is None or 1994 <= found.at.year <= 2026


def encoded(data: bytes) -> None:
    """A compressed body is unpacked within its limit, or refused."""
    for encoding in ("", "gzip", "deflate", "br", "zstd", "gzip, br"):
        with suppress(TooLarge, Unreadable):
            assert len(inflate(data, encoding, MAX_INFLATED).body) <= MAX_INFLATED


def opml(data: bytes) -> None:
    """A list of feeds is read or refused; what is read is written and read again."""
    with suppress(MonitorError):
        outlines = parse_opml(data)
        urls = [each.url for each in parse_opml(to_opml(outlines, "t").encode())]
        assert len(urls) <= len(outlines)


def hub(data: bytes) -> None:
    """A header and a document name two web addresses, or no hub."""
    header, _, body = data.partition(b"\n")
    if found := hub_offer(_text(header), body, "https://news.example/feed.xml"):
        assert found.hub.startswith(("http://", "https://"))
        assert found.topic.startswith(("http://", "https://"))


# --------------------------------------------------------------------------- links

LINKS = SignedLinks("https://desk.example", "a secret of the test", timedelta(days=30))
ACTION = LINKS.action_link("alert123", "ack", "delivery0123456789ab", NOW).rpartition("/")[2]
UNSUBSCRIPTION = LINKS.unsubscribe_link("desk", "a@news.example").rpartition("/")[2]


def signed_link(data: bytes) -> None:
    """A token acts only as it was signed; every other one is refused."""
    token = _text(data)
    with suppress(LinkError):
        request = LINKS.action_request(token, NOW)
        assert (request.action, request.ref, request.delivery) == ("ack", "alert123", "delivery0123456789ab")
        assert token == ACTION
    with suppress(LinkError):
        assert LINKS.unsubscription(token) == ("desk", "a@news.example")


def _files(folder: Path, *patterns: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for pattern in patterns for path in sorted(folder.glob(pattern)))


def _lists() -> Iterator[tuple[str, Target]]:
    names = {"ofac": "sdn", "ofac-xml": "ofac", "opensanctions": "opensanctions", "au": "plain"}
    for format in FORMATS:
        stem = names.get(format, format.replace("-", "_"))
        seeds = _files(LIST_DATA, f"{stem}.*") or _files(LIST_DATA, "plain.*")
        yield (
            f"list-{format}",
            Target(partial(list_document, format=format), seeds, XML if b"<" in seeds[0] else CSV),
        )


QUERIES = (b"tanks NEAR/3 (@buy OR bought) NOT toy", b'title:"arms embargo" SAME SENTENCE @country:TR', b"ATLEAST/2(alpha OR beta*)",
           b"@weapon AND @amount", b"li?ence ONEAR/5 =US")  # fmt: skip
DATES = (
    b"Fri, 27 Nov 2026 08:00:00 GMT",
    b"2026-11-23T09:00:00+03:00",
    "۲ آذر ۱۴۰۵".encode(),
    "23 Kasım 2026".encode(),
    b"1795424400",
)
HUBS = (
    b'<https://hub.example/>; rel="hub", </feed.xml>; rel=self\n',
    b'\n<rss><atom:link rel="hub" href="https://hub.example/?a=1&amp;b"/><link rel=self href="/feed.xml"/><item/></rss>',
    b'\n{"hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "feed_url": "https://news.example/feed.json"}',
)
PACKED = (gzip.compress(b"<rss>" * 50), zlib.compress(b"<rss>" * 50), b"(\xb5/\xfd\x04X!\x00\x00<rss>")

TARGETS: dict[str, Target] = {
    "query": Target(query, QUERIES, QUERY),
    "rules": Target(rule_file, _files(ROOT / "seeds" / "rules", "arms.toml"), TOML),
    "lexicon": Target(lexicon_file, (SMALL.encode(),), TOML),
    "feed": Target(feed_document, _files(FEED_DATA, "*.xml"), XML),
    "sitemap": Target(feed_document, _files(FEED_DATA / "adapters", "news-sitemap.xml"), XML),
    "jsonfeed": Target(feed_document, _files(FEED_DATA / "adapters", "jsonfeed.json"), JSON),
    "wordpress": Target(
        partial(feed_document, kind=Kind.WORDPRESS), _files(FEED_DATA / "adapters", "wordpress.json"), JSON
    ),
    "json": Target(
        partial(
            feed_document,
            kind=Kind.JSON,
            fields=Fields(items="data.results", title="names.0.text", link="href"),
        ),
        _files(FEED_DATA / "adapters", "mapped.json"),
        JSON,
    ),
    "listing": Target(
        partial(feed_document, kind=Kind.PAGE, fields=Fields(items="li", date="time", summary="p")),
        _files(FEED_DATA / "adapters", "page.html"),
        HTML,
    ),
    "page": Target(
        page, (*_files(FEED_DATA, "page.html"), *_files(FEED_DATA / "adapters", "page.html")), HTML
    ),
    "article": Target(article, _files(FEED_DATA, "page.html"), HTML),
    "robots": Target(
        robots,
        (b"User-agent: *\nDisallow: /feed\nAllow: /feed/a$\nCrawl-delay: 3\n",),
        (b"Disallow: ", b"*", b"$"),
    ),
    "date": Target(date, DATES, (b"GMT", b"+99:99", b"/", b"T", b"BC", b"-0001")),
    "encoded": Target(encoded, PACKED),
    "opml": Target(
        opml,
        (
            to_opml(
                parse_opml(b"<opml><body><outline xmlUrl='https://a.example/f' text='A'/></body></opml>"), "t"
            ).encode(),
        ),
        XML,
    ),
    "hub": Target(hub, HUBS, XML),
    "link": Target(
        signed_link, (ACTION.encode(), UNSUBSCRIPTION.encode()), (b".", b"..", b"ack", b"unsubscribe")
    ),
    **dict(_lists()),
}


FORM = b"text=x&title=y&query=tanks&act=ack&ids=1&next=/&url=https://a.example/f&reason=z&lasts=1d&days=7&version=1&name=a"
REQUESTS = tuple(
    bytes([page, kind]) + b"desk/1?before=7\n" + FORM for page in range(64) for kind in (0, 1, 3)
)


@contextmanager
def all_targets() -> Iterator[dict[str, Target]]:
    """Open all targets, with those that need files."""
    with desk() as opened, TemporaryDirectory() as folder:
        config = partial(config_file, folder=Path(folder))
        shipped = _files(ROOT, "config.example.toml")
        yield {**TARGETS, "web": Target(opened.ask, REQUESTS, WEB), "config": Target(config, shipped, TOML)}
