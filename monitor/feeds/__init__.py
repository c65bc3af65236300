"""Poll feeds: from an address to news items.

    base          values and protocols that jobs import; no HTTP library
    cadence       when a feed is polled next, and when without validators                (pure)
    http/         fetch documents: conditional, bounded and guarded
    local         read feeds from the disk: ``seed:`` and ``file:`` addresses
    mailbox/      read mailboxes over IMAP
    parsing/      turn the bytes of a document into items, in worker processes
    adapters/     one file per document format; how to add one is written there          (pure)
    identity/     recognise entries as stored items, new items or revisions              (pure)
    profile/      what is usual for a feed, and what is unusual in a poll                (pure)
    articles/     the web pages behind items: selection, robots.txt, text
    health        what is wrong with a feed, for the operator                            (pure)
    outage        detect an outage of our own network
    commit_pause  pause polling while the store cannot commit
    discover      the feeds that a web page advertises                                   (pure)
    opml          read and write lists of feeds                                          (pure)
    links         resolve, clean and normalise addresses                                 (pure)

One poll: `cadence` says what is due, `http.fetch` returns `Fetched`, `parsing.document` a `ParsedDocument`,
`identity.recognise` its new and revised items, and `profile.observe` the new profile of the feed. A job
fetches within `base.time_limit` and stores validators only with the items, and only of whole documents.

To add a document format, see `adapters`; to add a sign of trouble, see `profile`.
"""
