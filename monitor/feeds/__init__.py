"""From an address to news items: what is asked, how it is bounded, and what its bytes say.

The way of one poll, each step in its own module:

    cadence    when a feed is due again, and when it must be asked without validators   (pure)
    guard      which addresses may be reached at all
    transport  the one HTTP client: guarded resolver, no proxies, no cookies, no redirects of its own
    fetch      Feed + FeedState → Fetched | NotModified, or a FeedError that says what is wrong
    local      the same for ``seed:`` and ``file:`` addresses
    inflate    gzip and deflate, never beyond the limit                                  (pure)
    decode     bytes → text: valid UTF-8 wins over any label                             (pure)
    clean      text → XML that a parser can trust, in linear time                        (pure)
    parse      bytes → Parsed(items), by the adapter that can read them                  (pure)
    adapters/  one file for each shape of document; how to add one stands there          (pure)
    delta      a document without the items that were read before                        (pure)
    known      which those are, while the stored state is the one they led to            (pure)
    recognise  which of its items are stored already, by this name or another            (pure)
    matching, edits   what a renamed item is known by, and what an edit of one changed   (pure)
    reading    clean, delta and parse in one: what a document says that the last did not (pure)
    worker     the process that reads, and may be killed
    workers    the pool of them: what a story is given to read with
    discover   which feeds a page advertises                                             (pure)
    opml       lists of feeds, both ways                                                 (pure)
    page       the words of a web page, for people who ask about one                     (pure)
    links, identity, dates, plain   addresses, guids, times and words of one entry       (pure)
    base       the values that cross these borders; free of HTTP libraries, for stories to import

A story calls `fetch` within `base.deadline`, then reads in a worker, and stores the validators of a
`Fetched` only together with its items, and only if neither the answer nor the document was cut short.
"""
