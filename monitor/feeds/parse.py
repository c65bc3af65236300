"""Bytes of a feed to items. The only module that knows feedparser."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import feedparser

from monitor.errors import FeedError
from monitor.model import Item

from .clean import Cleaned, clean
from .dates import read_date
from .identity import Marks, guids
from .links import absolute, shown
from .plain import plain

LONGEST_TITLE = 1_000
LONGEST_SUMMARY = 20_000

_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_]|$)")
_ADVERTISED = re.compile(r"<link\b[^<>]{0,1000}>", re.IGNORECASE)
_ADDRESS = re.compile(r"""\bhref\s{0,9}=\s{0,9}["']?([^"'\s<>]{1,500})""", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss|atom)\+xml", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a document says, in its order.

    `complete` is False when it broke off or held more than 5,000 items: its validators must not be stored
    then. No items and no error is a feed that is empty today.
    """

    items: tuple[Item, ...]
    title: str
    complete: bool


def parse(feed_name: str, body: bytes, content_type: str, base_url: str, now: datetime) -> Parsed:
    """Read RSS, RDF or Atom; links are resolved against `base_url`, items are first seen `now`.

    An item's summary is the publisher's summary, or the content where there is none.

    Raises:
        FeedError: the bytes are no feed; `health` is ``html``, ``empty`` or ``parse_error``.
    """
    document = clean(body, content_type)
    return READERS.get(document.kind, _refuse)(feed_name, document, base_url, now)


def _read_feed(feed_name: str, document: Cleaned, base_url: str, now: datetime) -> Parsed:
    read = feedparser.parse(
        io.BytesIO(document.xml),  # never text: feedparser may take it for an address or a path
        # no content-location: identities would follow the address that answered
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not read.entries and (not read.version or b"</item>" in document.xml or b"</entry>" in document.xml):
        raise FeedError(
            f"{shown(base_url)} answers with XML in which no item can be recognised", "parse_error"
        )
    language = _language(_text(read.feed, "language"))
    entries = tuple(_Entry(entry, base_url) for entry in read.entries)
    names = guids([entry.marks for entry in entries])
    items: dict[str, Item] = {}
    for name, entry in zip(names, entries, strict=True):
        if entry.marks.title or entry.marks.summary:
            items.setdefault(name, entry.item(feed_name, name, language, now))
    return Parsed(tuple(items.values()), plain(_text(read.feed, "title"), LONGEST_TITLE), document.whole)


def _refuse(feed_name: str, document: Cleaned, base_url: str, now: datetime) -> Parsed:
    health, reason = _REFUSALS[document.kind]
    if document.kind == "html" and (advertised := _advertised(document.text, base_url)):
        reason = f"answers with a web page, not a feed; the page names this one: {shown(advertised)}"
    raise FeedError(f"{shown(base_url)} {reason}", health)


_REFUSALS = {
    "html": ("html", "answers with a web page, not a feed; look on that page for the address of its feed"),
    "empty": ("empty", "answers with nothing; it is asked again later"),
    "json": ("parse_error", "answers with JSON; look for the address of its RSS or Atom feed"),
    "sitemap": ("parse_error", "answers with a sitemap; look for the address of its RSS or Atom feed"),
    "other": ("parse_error", "answers with something that is neither RSS nor Atom; look at it in a browser"),
}

READERS: dict[str, Callable[[str, Cleaned, str, datetime], Parsed]] = {"feed": _read_feed}


def _advertised(page: str, base_url: str) -> str:
    """Return the first feed that a page's head points to."""
    for link in _ADVERTISED.finditer(page[:200_000]):
        address = _ADDRESS.search(link[0])
        if address and _FEED_TYPE.search(link[0]):
            return absolute(base_url, address[1])
    return ""


class _Entry:
    """One entry as feedparser gives it, read once."""

    def __init__(self, entry: Any, base_url: str) -> None:
        self._entry = entry
        links = (absolute(base_url, link) for link in _links(entry))
        self.marks = Marks(
            guid=_text(entry, "id"),
            link=next((link for link in links if link), ""),
            title=plain(_text(entry, "title"), LONGEST_TITLE),
            summary=plain(_text(entry, "summary") or _content(entry), LONGEST_SUMMARY),
        )

    def item(self, feed_name: str, guid: str, language: str, now: datetime) -> Item:
        return Item(
            feed=feed_name,
            guid=guid,
            url=self.marks.link,
            title=self.marks.title,
            summary=self.marks.summary,
            first_seen_at=now,
            published_at=_published(self._entry, now),
            lang=_entry_language(self._entry) or language,
        )


def _text(entry: Any, name: str) -> str:
    """Return a field as it stands; feedparser's own `get` answers with other fields, and warns."""
    value = dict.get(entry, name)
    return value if isinstance(value, str) else ""


def _content(entry: Any) -> str:
    contents = dict.get(entry, "content") or ()
    return next((text for content in contents if (text := _text(content, "value"))), "")


def _links(entry: Any) -> Iterator[str]:
    """Yield addresses that may be the item's page, the best first."""
    yield _text(entry, "feedburner_origlink")
    yield _text(entry, "link")
    for link in dict.get(entry, "links") or ():
        if _text(link, "rel") == "alternate":
            yield _text(link, "href")


def _published(entry: Any, now: datetime) -> datetime | None:
    """Return when the publisher says it appeared; feedparser calls Dublin Core's date `updated`."""
    for name in ("published", "updated", "created"):
        if dated := read_date(_text(entry, name), now):
            return dated.at
    return None


def _entry_language(entry: Any) -> str:
    """Return what the entry says of its language, itself or by ``xml:lang`` around its words."""
    details = (entry, *(dict.get(entry, name) or {} for name in ("title_detail", "summary_detail")))
    return next((found for one in details if (found := _language(_text(one, "language")))), "")


def _language(tag: str) -> str:
    match = _LANGUAGE.match(tag.strip().lower())
    return match[1] if match else ""
