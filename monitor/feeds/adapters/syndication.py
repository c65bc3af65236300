"""Read RSS, RDF and Atom; the only module that imports feedparser."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import feedparser

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.links import absolute
from monitor.feeds.parsing.clean import Cleaned

from .base import DocumentSource, FeedEntry, ParsedFeed, Verbatim, language_code, to_parsed_feed


def read_syndication(document: Cleaned, source: DocumentSource) -> ParsedFeed:
    """Read RSS, RDF or Atom; without a summary the content of an item is its summary.

    Raises:
        FeedError: XML in which no item can be recognised, or that feedparser fails on.
    """
    try:
        read = feedparser.parse(
            io.BytesIO(document.xml),  # not str: feedparser may take it for an address or a path
            # no content-location: guids would depend on the address
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except (LookupError, AttributeError, TypeError, ValueError, RecursionError) as error:
        reason = f"feedparser fails on something in it ({type(error).__name__}); look at it in a browser"
        raise FeedError(f"{source.display_url} cannot be read: {reason}", FeedHealth.PARSE_ERROR) from error
    if not read.entries and (not read.version or b"</item>" in document.xml or b"</entry>" in document.xml):
        raise FeedError(
            f"{source.display_url} answers with XML in which no item can be recognised",
            FeedHealth.PARSE_ERROR,
        )
    lang = language_code(_text(read.feed, "language"))
    entries = (_entry(entry, lang, is_atom=read.version.startswith("atom")) for entry in read.entries)
    source = _with_base(source, _text(read.feed, "link"))
    found = to_parsed_feed(entries, source, _text(read.feed, "title"), whole=document.whole)
    return replace(found, hint=_hint(read.feed))


#: Matched by prefix, because publishers misspell them.
_PERIODS = {"hour": 60, "dai": 24 * 60, "day": 24 * 60, "week": 7 * 24 * 60, "month": 30 * 24 * 60}
_MAX_HINT = timedelta(days=31)


def _hint(channel: Any) -> timedelta | None:
    """Return the freshness lifetime of the channel: RSS's ttl in minutes, or the syndication module."""
    ttl, period = _text(channel, "ttl").strip(), _text(channel, "sy_updateperiod").strip().lower()
    minutes = float(ttl) if ttl.isdecimal() and len(ttl) < 9 else 0.0
    for beginning, length in _PERIODS.items():
        if not minutes and period.startswith(beginning):
            times = _text(channel, "sy_updatefrequency").strip()
            minutes = length / max(int(times), 1) if times.isdecimal() and len(times) < 9 else length
    return min(timedelta(minutes=minutes), _MAX_HINT) if minutes else None


def _with_base(source: DocumentSource, link: str) -> DocumentSource:
    """Return the source with the channel's link as base, if the feed itself has no web address."""
    has_address = absolute(source.base_url, "/")
    return source if has_address else replace(source, base_url=absolute("", link) or source.base_url)


def _entry(entry: Any, lang: str, *, is_atom: bool) -> FeedEntry:
    contents = [content for content in dict.get(entry, "content") or () if _text(content, "value")]
    details = {name: dict.get(entry, f"{name}_detail") or {} for name in ("title", "summary")}
    if not details["summary"] and contents:  # then feedparser's summary is a copy of the content
        details["summary"] = contents[0]
    texts = [_as_typed(_text(content, "value"), content, is_atom=is_atom) for content in contents]
    summary = _as_typed(_text(entry, "summary"), details["summary"], is_atom=is_atom)
    return FeedEntry(
        title=_as_typed(_text(entry, "title"), details["title"], is_atom=is_atom),
        summary=summary or next(iter(texts), ""),
        texts=tuple(texts),
        links=tuple(_links(entry)),
        # feedparser calls Dublin Core's date `updated`
        dates=tuple(_text(entry, name) for name in ("published", "updated", "created")),
        guid=_text(entry, "id"),
        lang=_language(entry) or lang,
        categories=tuple(_categories(entry)),
    )


def _text(entry: Any, name: str) -> str:
    """Return a field as parsed; feedparser's own `get` substitutes other fields, and warns."""
    value = dict.get(entry, name)
    return value if isinstance(value, str) else ""


def _as_typed(text: str, detail: Any, *, is_atom: bool) -> str:
    """Return a text as `Verbatim` if Atom's type says that it is no markup (RFC 4287 §3.1.1.1)."""
    return Verbatim(text) if is_atom and _text(detail, "type") == "text/plain" else text


def _links(entry: Any) -> Iterator[str]:
    """Yield candidate addresses of the item's page, the best first."""
    yield _text(entry, "feedburner_origlink")
    yield _text(entry, "link")
    for link in dict.get(entry, "links") or ():
        if _text(link, "rel") == "alternate":
            yield _text(link, "href")


def _categories(entry: Any) -> Iterator[str]:
    """Yield the subjects of an entry: the label that people read, else the term."""
    for tag in dict.get(entry, "tags") or ():
        yield _text(tag, "label") or _text(tag, "term")
    yield from _text(entry, "media_keywords").split(",")


def _language(entry: Any) -> str:
    """Return the language of an entry, from its own element or from ``xml:lang`` on its texts."""
    details = (entry, *(dict.get(entry, name) or {} for name in ("title_detail", "summary_detail")))
    return next((found for one in details if (found := language_code(_text(one, "language")))), "")
