"""Select the pages behind items that are worth reading in full. Pure."""

from collections.abc import Iterable
from datetime import timedelta

from monitor.model import Article, Feed, Item, Judged, host_of

#: The most pages that one poll queues, first ones in the document first.
MAX_ARTICLES = 20

#: Older items are no news any more.
MAX_AGE = timedelta(days=7)


def articles_to_read(feed: Feed, judged: Iterable[Judged], *, first_poll: bool) -> tuple[Article, ...]:
    """Return the pages of judged items to read; on a first poll, only of items that may alert."""
    if not feed.full_text:
        return ()
    oldest = timedelta.max if feed.backlog is None else feed.backlog if first_poll else MAX_AGE
    articles = (_page(each.item, oldest) for each in judged)
    return tuple(article for article in articles if article)[:MAX_ARTICLES]


def _page(item: Item, oldest: timedelta) -> Article | None:
    age = item.first_seen_at - (item.published_at or item.first_seen_at)
    if age > oldest or not item.url.startswith(("http://", "https://")):
        return None
    try:
        return Article(item.id, item.url, host_of(item.url))
    except ValueError:  # a bad port, or a bad address in brackets
        return None
