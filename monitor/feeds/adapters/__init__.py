"""One adapter per document format; each returns a `ParsedFeed` of the same items.

    syndication  RSS, RDF and Atom; the only module that imports feedparser
    jsonfeed     JSON Feed 1.0 and 1.1
    sitemap      news sitemaps
    wordpress    the WordPress REST API (``/wp-json/wp/v2/…``)
    listing      a web page that lists links, by CSS selectors; the only module that imports lxml
    mail         messages of a mailbox, as an mbox document
    mapped       any other JSON, by dotted paths
    base         the values of adapters, and the work that all of them share

To add a format:

1. Write ``adapters/<name>.py`` with ``read_<name>(document, source) -> ParsedFeed``. Make a `FeedEntry` of
   each entry as the publisher wrote it; `to_parsed_feed` resolves addresses, words, dates and identities.
2. Add a row to `parse.RECOGNISED` if `clean` can tell the format, or else a `Kind` and a row to
   `parse.DECLARED`.
3. Put a document with your own text into ``tests/feeds/data/adapters/`` and its expected items into
   ``tests/feeds/adapters/test_<name>.py``. A `FeedError` names the address and the remedy.
"""
