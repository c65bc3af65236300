"""Watch public feeds for sanctions and arms-purchase news, say why, and tell people once.

A story travels left to right; each arrow is one module::

    feeds.fetch → feeds.clean → feeds.parse → match.engine → alerts.story → alerts.policy → alerts.render
        → store (outbox) → deliver → channels.*
    lists.* (refresh) → lists.shelf → lists.change_feed → feeds.fetch, as a feed of their changes
    store (alerts) → alerts.occasions → digest → alerts.render → store (outbox) → deliver → channels.*

`ingest` walks the first half for one shard of feeds and commits each poll in one transaction; `digest`
turns what waits into one message per reader and occasion; `deliver` walks the second half; `refresh` keeps
sanctions lists. `engine` says when each runs, `app` puts the parts together, `cli` is what people type.
Imports only ever point towards `model`.
"""

__version__ = "0.1.0"
