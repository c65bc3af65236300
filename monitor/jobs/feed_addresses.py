"""Read an address once, to find out whether it is a feed or a page, and which feeds the page names."""

from dataclasses import dataclass
from datetime import datetime

from monitor.clock import Clock
from monitor.errors import FeedError, FeedHealth
from monitor.executor import Executor
from monitor.feeds.adapters.base import ParsedFeed
from monitor.feeds.base import Fetch, Fetched, time_limit
from monitor.feeds.discover import AdvertisedFeed, advertised_feeds, candidate_feed_urls
from monitor.feeds.links import display_url
from monitor.feeds.parsing.decode import decode
from monitor.model import Feed, FeedState, Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressContent:
    """What an address answers with: a feed in `parsed`, or a page.

    Of a page, `advertised` are the feeds that it names. If it names none, `candidates` are addresses where
    sites often keep a feed, and `selectors` are selectors by which the page itself can be read, best first.
    """

    document: Fetched
    parsed: ParsedFeed | None = None
    advertised: tuple[AdvertisedFeed, ...] = ()
    candidates: tuple[str, ...] = ()
    selectors: tuple[Fields, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressProbe:
    """Reads addresses; `time_limit_s` bounds one of them."""

    fetch: Fetch
    cpu: Executor
    clock: Clock
    time_limit_s: float = 30.0

    async def content(self, feed: Feed) -> AddressContent:
        """Fetch the address of a feed once and return what it is.

        Raises:
            FeedError: it cannot be fetched, or is neither a feed nor a page.
        """
        now = self.clock()
        async with time_limit(feed, self.time_limit_s):
            got = await self.fetch(feed, FeedState(feed=feed.name, next_poll_at=now), now)
            if not isinstance(got, Fetched):  # not expected: the request has no validators
                raise FeedError(f"{display_url(feed.url)} answers without a document", FeedHealth.PROTOCOL)
            return await self.cpu.run(content_of, feed, got, now)


def content_of(feed: Feed, got: Fetched, now: datetime) -> AddressContent:
    """Return what a document is: a feed by the adapter of `feed`, or a page.

    Raises:
        FeedError: it is neither.
    """
    from monitor.feeds.parsing.parse import parse_feed  # noqa: PLC0415  the service parses in workers

    try:
        parsed = parse_feed(feed, got.body, got.content_type, got.final_url, now)
    except FeedError as error:
        if error.health != FeedHealth.HTML:
            raise
    else:
        return AddressContent(document=got, parsed=parsed)
    text = decode(got.body, got.content_type)[0]
    if found := advertised_feeds(text, got.final_url):
        return AddressContent(document=got, advertised=found)
    from monitor.feeds.adapters.suggest_listing import suggest_selectors  # noqa: PLC0415  as above

    return AddressContent(
        document=got, candidates=candidate_feed_urls(got.final_url), selectors=suggest_selectors(text)
    )
