"""Choose the adapter for a document and parse it. Pure."""

from datetime import datetime

from monitor.feeds.adapters.base import Adapter, DocumentSource, ParsedFeed, refuse
from monitor.feeds.adapters.jsonfeed import read_json_feed
from monitor.feeds.adapters.listing import read_listing
from monitor.feeds.adapters.mail import read_mailbox
from monitor.feeds.adapters.mapped import read_mapped
from monitor.feeds.adapters.sitemap import read_sitemap
from monitor.feeds.adapters.syndication import read_syndication
from monitor.feeds.adapters.wordpress import read_wordpress
from monitor.model import Feed, Kind

from .clean import Cleaned, clean

__all__ = ["ParsedFeed", "parse_cleaned", "parse_feed"]

#: The adapters of formats that `clean` recognises, by kind of document.
RECOGNISED: dict[str, Adapter] = {
    "feed": read_syndication,
    "sitemap": read_sitemap,
    "json": read_json_feed,
}

#: The adapters of formats that the configuration must name.
DECLARED: dict[Kind, Adapter] = {
    Kind.WORDPRESS: read_wordpress,
    Kind.PAGE: read_listing,
    Kind.JSON: read_mapped,
}


def parse_feed(feed: Feed, body: bytes, content_type: str, base_url: str, now: datetime) -> ParsedFeed:
    """Parse the document of a feed; links are resolved against `base_url`, items are first seen `now`.

    Raises:
        FeedError: the bytes are not what the feed should be; `health` is ``html``, ``empty``, ``gone`` or
            ``parse_error``.
    """
    source = DocumentSource(feed, base_url, now)
    if feed.kind is Kind.IMAP:
        return read_mailbox(body, source)
    return parse_cleaned(clean(body, content_type, feed.request.encoding), source)


def parse_cleaned(document: Cleaned, source: DocumentSource) -> ParsedFeed:
    """Parse a cleaned document."""
    read = DECLARED.get(source.feed.kind) or RECOGNISED.get(document.kind, refuse)
    return read(document, source)
