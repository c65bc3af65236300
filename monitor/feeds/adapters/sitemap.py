"""Read news sitemaps. Pure.

Source: sitemaps.org 0.9, and Google's news extension 0.9: `news:title`, `news:publication_date`.
"""

import re
from xml.parsers.expat import ExpatError, ParserCreate

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.links import display_url
from monitor.feeds.parsing.clean import Cleaned

from .base import DocumentSource, FeedEntry, ParsedFeed, language_code, to_parsed_feed

_LOCATION = re.compile(r"<(?:[\w.-]{1,30}:)?loc\s{0,9}>\s{0,99}([^<>]{1,2000})<")
_INDEX = re.compile(rb"<(?:[\w.-]{1,30}:)?sitemapindex[\s>/]")
_MAX_FIELD = 5_000


def read_sitemap(document: Cleaned, source: DocumentSource) -> ParsedFeed:
    """Read a news sitemap; after an error in the XML the items before it are an incomplete document.

    Raises:
        FeedError: an index of sitemaps, or a sitemap without news.
    """
    if _INDEX.search(document.xml[:2_000]):
        raise FeedError(
            f"{source.display_url} answers with an index of sitemaps; {_remedy(document)}",
            FeedHealth.PARSE_ERROR,
        )
    handler = _SitemapHandler()
    whole = handler.parse(document.xml)
    entries = [_entry(url) for url in handler.urls if url.get("title")]
    if handler.urls and not entries:
        reason = "answers with a sitemap without news; look for its news sitemap or its feed"
        raise FeedError(f"{source.display_url} {reason}", FeedHealth.PARSE_ERROR)
    return to_parsed_feed(entries, source, whole=whole and document.whole)


def _entry(url: dict[str, str]) -> FeedEntry:
    return FeedEntry(
        title=url["title"],
        links=(url.get("loc", ""),),
        dates=(url.get("publication_date", ""), url.get("lastmod", "")),
        lang=language_code(url.get("language", "")),
        categories=tuple(url.get("keywords", "").split(",")),
    )


def _remedy(document: Cleaned) -> str:
    places = _LOCATION.findall(document.xml.decode())
    news = next((place for place in places if "news" in place.lower()), "")
    return (
        f"take the one with news: {display_url(news.strip())}" if news else "take the one that lists its news"
    )


class _SitemapHandler:
    """Collects the `url` elements; `clean` has removed the DOCTYPE, so no entity can expand."""

    def __init__(self) -> None:
        self.urls: list[dict[str, str]] = []
        self._path: list[str] = []
        self._url: dict[str, str] = {}

    def parse(self, xml: bytes) -> bool:
        """Parse the document; return whether it is well-formed to its end."""
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        try:
            parser.Parse(xml, True)
        except ExpatError:
            return False
        return True

    def _start(self, name: str, _: dict[str, str]) -> None:
        self._path.append(name)
        if name.rpartition(":")[2] == "url" and len(self._path) == 2:
            self._url = {}

    def _end(self, _: str) -> None:
        if self._path.pop().rpartition(":")[2] == "url" and len(self._path) == 1:
            self.urls.append(self._url)

    def _words(self, text: str) -> None:
        """Collect the text of page and news elements, but not the titles of images and videos."""
        prefix, _, name = self._path[-1].rpartition(":")
        if prefix in {"image", "video", "xhtml"} or len(self._path) < 3:
            return
        before = self._url.get(name, "")
        if len(before) < _MAX_FIELD:
            self._url[name] = before + text
