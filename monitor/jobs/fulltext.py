"""The pages behind items: read in full, politely, and judged again.

One turn asks a host one thing: first for its robots.txt, later for a page. The host is kept free for it, so
that a poll and a page never ask it at once; a redirect to another host waits for that host's turn.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from monitor.alerts.raise_alerts import AlertContext, RaisedAlerts, judge_item, tell
from monitor.errors import FeedError
from monitor.feeds.articles.extract import MIN_TEXT, is_page
from monitor.feeds.articles.robots import MAX_ROBOTS
from monitor.feeds.base import Fetch, Fetched, RedirectedElsewhere, time_limit
from monitor.feeds.links import display_url
from monitor.model import ArticleOutcome, ArticleState, Feed, FeedState, Item, Judged, Page, host_of
from monitor.store.protocols.base import Store

from .poll import LONGEST_REST, PollJob

log = structlog.get_logger()

#: How long to wait after a failure; after as many failures and one more a page is given up.
WAITS = (timedelta(minutes=10), timedelta(hours=2))

#: How long a robots.txt counts.
ROBOTS_LIFE = timedelta(hours=24)

#: Trying again mends none of these.
_FINAL = frozenset({"robots", "gone", "guarded", "too_large", "no_text", "unwanted"})

#: Refusals that pass: a time-out, too early, too often.
_PASSING = frozenset({408, 425, 429})

_MOST_ROBOTS = 1_000


class Reader(Protocol):
    """Who reads what strangers wrote."""

    async def article(self, url: str, body: bytes, content_type: str) -> str:
        """Return the text of a page.

        Raises:
            FeedError: it breaks its reader.
        """

    async def admits(self, robots: str, agent: str, url: str) -> bool:
        """Say whether a robots.txt lets a program of this name fetch an address.

        Raises:
            FeedError: it breaks its reader.
        """


@dataclass(frozen=True, slots=True)
class ArticleCounts:
    """What a round of pages came to."""

    read: int = 0
    failed: int = 0
    alerts: int = 0

    def __add__(self, other: "ArticleCounts") -> "ArticleCounts":
        return ArticleCounts(self.read + other.read, self.failed + other.failed, self.alerts + other.alerts)


@dataclass(frozen=True, slots=True)
class Web:
    """The way to pages; swapped whole when the configuration changes.

    `fetch` stays on one host, `fetch_robots` need not; `agent` is the name by which robots.txt knows us;
    `inner` says whether an address is one that only the operator may open.
    """

    fetch: Fetch
    fetch_robots: Fetch
    agent: str
    inner: Callable[[str], bool]


@dataclass
class FullTextJob:
    """Reads the due pages of a shard, each turn ending in one committed outcome; tells as `ingest` does."""

    ingest: PollJob
    web: Web
    reader: Reader
    store: Store
    _robots: "OrderedDict[str, tuple[datetime, str]]" = field(default_factory=OrderedDict)

    async def due_shards(self) -> tuple[int, ...]:
        """Return the shards that have a page to read now."""
        return await self.ingest.db.run(self.store.due_article_shards, self.ingest.clock())

    async def owed(self) -> int:
        """Return how many pages are due, whether their hosts are free or not."""
        return await self.ingest.db.run(self.store.articles_due, self.ingest.clock())

    async def read_shard(self, shard: int, stop: Callable[[], bool] = lambda: False) -> ArticleCounts:
        """Take a turn with every free host of a shard that has a page due."""
        if stop():
            return ArticleCounts()
        now, ingest = self.ingest.clock(), self.ingest
        until = now + timedelta(seconds=ingest.deadline_s) + ingest.host_gap
        pages = await ingest.db.run(self.store.take_articles, shard, now, until, ingest.at_once)
        async with asyncio.TaskGroup() as group:
            turns = [group.create_task(self._turn(page)) for page in pages]
        return sum((turn.result() for turn in turns), ArticleCounts())

    async def _turn(self, page: Page) -> ArticleCounts:
        context = self.ingest.context
        with structlog.contextvars.bound_contextvars(page=display_url(page.url)):
            try:
                return await self._read(context, page)
            except RedirectedElsewhere as elsewhere:
                return await self._commit(self._moved(page, elsewhere.url))
            except FeedError as error:
                return await self._failed(page, error)
            except Exception as error:  # one page's surprise must not stop the others
                log.exception("page_crashed")
                unexpected = FeedError(f"internal error: {type(error).__name__}", "crashed")
                return await self._failed(page, unexpected)

    async def _read(self, context: AlertContext, page: Page) -> ArticleCounts:
        stored = await self.ingest.db.run(self.store.item, page.item)
        feed = context.feeds.get(stored.item.feed) if stored else None
        if stored is None or feed is None or not feed.full_text:
            raise FeedError("its feed is no longer read in full", "unwanted")
        if page.host != feed.host and self.web.inner(page.url):
            raise FeedError(
                f"{display_url(page.url)} is an allowed host that its feed does not name", "guarded"
            )
        robots = self._known_robots(page.host)
        if robots is None:
            await self._ask_robots(page)
            outcome = ArticleOutcome(
                page=page,
                then=page,
                state=ArticleState.OWED,
                due_at=self.ingest.clock(),
                host_free_at=self._free_at(),
            )
            return await self._commit(outcome)
        if not await self.reader.admits(robots, self.web.agent, page.url):
            raise FeedError(
                f"robots.txt of {page.host} asks us not to fetch {display_url(page.url)}", "robots"
            )
        got = await self._get(self.web.fetch, page.url)
        return await self._judge(context, feed, page, stored, got)

    async def _judge(
        self, context: AlertContext, feed: Feed, page: Page, stored: Judged, got: Fetched
    ) -> ArticleCounts:
        text = await self._text(page, got)
        ingest, now = self.ingest, self.ingest.clock()
        judged, material = await ingest.cpu.run(judged_again, context, feed, stored, text)
        document = got.document(feed.name, now)
        outcome = ArticleOutcome(
            page=page,
            then=page,
            state=ArticleState.READ,
            due_at=now,
            host_free_at=self._free_at(),
            judged=judged,
            document=document,
        )
        async with ingest.deciding:
            if material:
                stories = await ingest.stories.at(now)
                said: RaisedAlerts = await ingest.cpu.run(tell, context, feed, (judged,), stories, now)
                outcome = replace(
                    outcome, alerts=said.alerts, stories=said.stories, deliveries=said.deliveries
                )
            return await self._commit(outcome)

    async def _text(self, page: Page, got: Fetched) -> str:
        if not is_page(got.content_type):
            raise FeedError(f"{display_url(page.url)} is {got.content_type[:60]}, no web page", "no_text")
        text = await self.reader.article(page.url, got.body, got.content_type)
        if len(text) < MIN_TEXT:
            reason = f"has {len(text)} characters of text, so it may be a paywall or a question about cookies"
            raise FeedError(f"{display_url(page.url)} {reason}", "no_text")
        return text

    def _known_robots(self, host: str) -> str | None:
        read_at, robots = self._robots.get(host, (None, None))
        fresh = read_at is not None and self.ingest.clock() < read_at + ROBOTS_LIFE
        return robots if fresh else None

    async def _ask_robots(self, page: Page) -> None:
        """Learn a host's robots.txt; only a host that has none may be asked without (RFC 9309 §2.3.1)."""
        url = f"{page.url.partition('://')[0]}://{page.host}/robots.txt"
        try:
            robots = (
                (await self._get(self.web.fetch_robots, url)).body[:MAX_ROBOTS].decode("utf-8", "replace")
            )
        except FeedError as error:
            if not _absent(error):
                raise
            robots = ""
        self._robots[page.host] = self.ingest.clock(), robots
        if len(self._robots) > _MOST_ROBOTS:
            self._robots.popitem(last=False)

    async def _get(self, fetch: Fetch, url: str) -> Fetched:
        feed, now = Feed(name="page", url=url, title=url, host=host_of(url)), self.ingest.clock()
        async with time_limit(feed, self.ingest.deadline_s):
            got = await fetch(feed, FeedState(feed="page", next_poll_at=now), now)
        if not isinstance(got, Fetched):
            raise FeedError(
                f"{display_url(url)} answers that it did not change, which nobody asked", "protocol"
            )
        return got

    async def _failed(self, page: Page, error: FeedError) -> ArticleCounts:
        """Try again later, or give up."""
        tried = replace(page, attempts=page.attempts + 1)
        now, free_at = self.ingest.clock(), self._free_at(error.retry_after)
        final = error.health in _FINAL or _absent(error) or tried.attempts > len(WAITS)
        due_at = now if final else now + max(WAITS[page.attempts], error.retry_after or timedelta())
        state = ArticleState.GIVEN_UP if final else ArticleState.OWED
        outcome = ArticleOutcome(
            page=page, then=tried, state=state, due_at=due_at, host_free_at=free_at, reason=str(error)
        )
        log.info("page_failed", health=error.health, reason=str(error), given_up=final)
        return replace(await self._commit(outcome), failed=1)

    def _moved(self, page: Page, url: str) -> ArticleOutcome:
        """A redirect to another host waits for that host's turn; it counts as an attempt, so that it ends."""
        then = replace(page, url=url, host=host_of(url), attempts=page.attempts + 1)
        now, free_at = self.ingest.clock(), self._free_at()
        if then.attempts > len(WAITS):
            reason = "it redirects on and on"
            return ArticleOutcome(
                page=page,
                then=then,
                state=ArticleState.GIVEN_UP,
                due_at=now,
                host_free_at=free_at,
                reason=reason,
            )
        return ArticleOutcome(page=page, then=then, state=ArticleState.OWED, due_at=now, host_free_at=free_at)

    async def _commit(self, outcome: ArticleOutcome) -> ArticleCounts:
        written = await self.ingest.db.run(self.store.commit_article, outcome)
        if not written or outcome.state != ArticleState.READ:
            return ArticleCounts()
        log.info("page_read", item=outcome.page.item, alerts=len(outcome.alerts))
        return ArticleCounts(read=1, alerts=len(outcome.alerts))

    def _free_at(self, asked: timedelta | None = None) -> datetime:
        return self.ingest.clock() + max(self.ingest.host_gap, min(asked or timedelta(), LONGEST_REST))


def _absent(error: FeedError) -> bool:
    """Say whether there is nothing for us, and not only now."""
    return 400 <= error.status < 500 and error.status not in _PASSING


def judged_again(context: AlertContext, feed: Feed, stored: Judged, text: str) -> tuple[Judged, bool]:
    """Return an item judged with its text, and whether that says materially more than without.

    Who was quieted when the item came (a first poll, a burst) stays so. Other rules since then are no news.
    """
    item: Item = replace(stored.item, body=text)
    now = judge_item(context, feed, item)
    before = judge_item(context, feed, replace(item, body=""))
    if before.decision.placement > stored.decision.placement:
        return replace(now, decision=stored.decision), False
    graver = now.decision.placement > before.decision.placement
    more = not set(now.verdict.topics) <= set(before.verdict.topics)
    return now, graver or more or _step(now) != _step(before)


def _step(judged: Judged) -> tuple[str, str, str] | None:
    event = judged.verdict.event
    return (event.type, event.stage, event.polarity) if event else None
