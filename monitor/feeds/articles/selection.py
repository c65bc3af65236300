"""Which pages behind items are worth reading in full. Pure."""

from collections.abc import Iterable
from datetime import timedelta

from monitor.model import Feed, Item, Judged, Page, host_of

#: So many pages one poll may owe, those first in the document before others.
MAX_ARTICLES = 20

#: What is dated further back is no news any more.
MAX_AGE = timedelta(days=7)


def articles_to_read(feed: Feed, judged: Iterable[Judged], *, first_poll: bool) -> tuple[Page, ...]:
    """Return the pages to read of what a poll brought; of a first poll, of no more than may alert."""
    if not feed.full_text:
        return ()
    oldest = timedelta.max if feed.backlog is None else feed.backlog if first_poll else MAX_AGE
    pages = (_page(each.item, oldest) for each in judged)
    return tuple(page for page in pages if page)[:MAX_ARTICLES]


def _page(item: Item, oldest: timedelta) -> Page | None:
    age = item.first_seen_at - (item.published_at or item.first_seen_at)
    if age > oldest or not item.url.startswith(("http://", "https://")):
        return None
    try:
        return Page(item.id, item.url, host_of(item.url))
    except ValueError:  # a port that is none, an address in brackets that is none
        return None
