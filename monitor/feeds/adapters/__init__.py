"""One file for each shape of document; all of them give the same items.

    syndication  RSS, RDF and Atom; the only module that knows feedparser
    jsonfeed     JSON Feed 1.0 and 1.1
    sitemap      news sitemaps
    wordpress    what ``/wp-json/wp/v2/…`` answers
    page         a web page that lists links, by CSS selectors; the only module that knows lxml
    mapped       any other JSON, by dotted paths

How to add one:

1. Write ``adapters/<name>.py`` with ``read_<name>(document, source) -> Parsed``. Make an `Entry` of what the
   publisher wrote and leave the rest to `parsed`: addresses, words, times and identities.
2. Give it its row in `parse.RECOGNISED`, when `clean` can tell such documents by themselves, or else a `Kind`
   and a row in `parse.DECLARED`.
3. Put a document in your own words into ``tests/feeds/data/adapters/`` and say in
   ``tests/feeds/adapters/test_<name>.py`` what it must become. A `FeedError` names the address and the remedy
   when bytes are not what they claim.
"""
