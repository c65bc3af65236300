"""RSS, RDF and Atom to items. The only module that knows feedparser."""

import io
from collections.abc import Iterator
from typing import Any

import feedparser

from monitor.errors import FeedError
from monitor.feeds.clean import Cleaned

from .base import Entry, Parsed, Source, language, parsed


def read_syndication(document: Cleaned, source: Source) -> Parsed:
    """Read RSS, RDF or Atom; an item's summary is the publisher's, or the content where there is none.

    Raises:
        FeedError: XML in which no item can be recognised, or that feedparser fails on.
    """
    try:
        read = feedparser.parse(
            io.BytesIO(document.xml),  # never text: feedparser may take it for an address or a path
            # no content-location: identities would follow the address that answered
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except (LookupError, AttributeError, TypeError, ValueError, RecursionError) as error:
        reason = f"feedparser fails on something in it ({type(error).__name__}); look at it in a browser"
        raise FeedError(f"{source.shown} cannot be read: {reason}", "parse_error") from error
    if not read.entries and (not read.version or b"</item>" in document.xml or b"</entry>" in document.xml):
        raise FeedError(f"{source.shown} answers with XML in which no item can be recognised", "parse_error")
    lang = language(_text(read.feed, "language"))
    entries = (_entry(entry, lang) for entry in read.entries)
    return parsed(entries, source, _text(read.feed, "title"), whole=document.whole)


def _entry(entry: Any, lang: str) -> Entry:
    return Entry(
        title=_text(entry, "title"),
        summary=_text(entry, "summary") or _content(entry),
        links=tuple(_links(entry)),
        # feedparser calls Dublin Core's date `updated`
        dates=tuple(_text(entry, name) for name in ("published", "updated", "created")),
        guid=_text(entry, "id"),
        lang=_language(entry) or lang,
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


def _language(entry: Any) -> str:
    """Return what the entry says of its language, itself or by ``xml:lang`` around its words."""
    details = (entry, *(dict.get(entry, name) or {} for name in ("title_detail", "summary_detail")))
    return next((found for one in details if (found := language(_text(one, "language")))), "")
