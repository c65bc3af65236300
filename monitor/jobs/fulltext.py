"""Fetch the articles behind items within the limits of robots.txt, and judge the items again with the text.

A turn sends a host one request: first for its robots.txt, later for an article. The host is reserved
meanwhile, so that a poll and an article never request it at the same time. A redirect to another host is
fetched in a turn of that host.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from monitor.alerts.raise_alerts import raise_alerts
from monitor.errors import FeedError, FeedHealth
from monitor.feeds.articles.extract import MIN_TEXT, is_page
from monitor.feeds.articles.robots import MAX_ROBOTS
from monitor.feeds.base import Fetch, Fetched, RedirectedElsewhere, time_limit
from monitor.feeds.links import display_url
from monitor.model import (
    Article,
    ArticleOutcome,
    ArticleState,
    Feed,
    FeedState,
    Judged,
    host_of,
)

from .context import JobContext
from .headlines import translated_titles, with_translations
from .judging import judge_with_text
from .open_stories import OpenStories
from .outgoing import Outgoing, alert_deliveries
from .policy import Policy

log = structlog.get_logger()

#: The wait after each failure; a failure after the last wait gives the article up.
WAITS = (timedelta(minutes=10), timedelta(hours=2))

#: How long a robots.txt is valid.
ROBOTS_LIFE = timedelta(hours=24)

#: Faults that a retry cannot remedy.
_FINAL = frozenset(
    {
        FeedHealth.ROBOTS,
        FeedHealth.GONE,
        FeedHealth.GUARDED,
        FeedHealth.TOO_LARGE,
        FeedHealth.NO_TEXT,
        FeedHealth.UNWANTED,
    }
)

#: HTTP statuses of temporary refusals: request timeout, too early, too many requests.
_PASSING = frozenset({408, 425, 429})

#: The most robots.txt files that are kept, those read last.
_MAX_KEPT_ROBOTS = 1_000


class PageExtractor(Protocol):
    """Parses web pages and robots.txt files, which are untrusted."""

    async def article(self, url: str, body: bytes, content_type: str) -> str:
        """Return the text of a page.

        Raises:
            FeedError: the parser fails on the page.
        """

    async def admits(self, robots: str, agent: str, url: str) -> bool:
        """Say whether a robots.txt allows a program of this name to fetch an address.

        Raises:
            FeedError: the parser fails on the file.
        """


@dataclass(frozen=True, slots=True)
class ArticleCounts:
    """The result of a round of articles."""

    read: int = 0
    failed: int = 0
    alerts: int = 0

    def __add__(self, other: "ArticleCounts") -> "ArticleCounts":
        return ArticleCounts(self.read + other.read, self.failed + other.failed, self.alerts + other.alerts)


@dataclass
class FullTextJob:
    """Fetches the due articles of a shard; each turn commits one outcome and raises alerts as a poll does."""

    context: JobContext
    extractor: PageExtractor
    stories: OpenStories
    outgoing: Outgoing
    _robots: "OrderedDict[str, tuple[datetime, str]]" = field(default_factory=OrderedDict)

    async def due_shards(self) -> tuple[int, ...]:
        """Return the shards that have an article to fetch now."""
        context = self.context
        return await context.db.run(context.store.due_article_shards, context.clock())

    async def count_due(self) -> int:
        """Return how many articles are due, whether their hosts are free or not."""
        context = self.context
        return await context.db.run(context.store.articles_due, context.clock())

    async def read_shard(self, shard: int, stop: Callable[[], bool] = lambda: False) -> ArticleCounts:
        """Send one request to every free host of a shard that has an article due."""
        if stop():
            return ArticleCounts()
        context, limits = self.context, self.context.policy.polling
        now = context.clock()
        until = now + timedelta(seconds=limits.time_limit_s) + limits.host_gap
        articles = await context.db.run(context.store.take_articles, shard, now, until, limits.max_concurrent)
        async with asyncio.TaskGroup() as group:
            turns = [group.create_task(self._turn(article)) for article in articles]
        return sum((turn.result() for turn in turns), ArticleCounts())

    async def _turn(self, article: Article) -> ArticleCounts:
        with structlog.contextvars.bound_contextvars(article=display_url(article.url)):
            try:
                with self.context.current.use() as policy:
                    return await self._fetch(policy, article)
            except RedirectedElsewhere as elsewhere:
                return await self._commit(self._moved(article, elsewhere.url))
            except FeedError as error:
                return await self._commit_failure(article, error)
            except Exception as error:  # an unexpected error of one article must not stop the others
                log.exception("article_crashed")
                unexpected = FeedError(f"internal error: {type(error).__name__}", FeedHealth.CRASHED)
                return await self._commit_failure(article, unexpected)

    async def _fetch(self, policy: Policy, article: Article) -> ArticleCounts:
        """Fetch the robots.txt of the host if it is not known, else the article."""
        context, access = self.context, policy.articles
        stored = await context.db.run(context.store.item, article.item)
        feed = policy.alerts.feeds.get(stored.item.feed) if stored else None
        if stored is None or feed is None or not feed.full_text:
            raise FeedError("its feed is no longer read in full", FeedHealth.UNWANTED)
        if article.host != feed.host and access.is_internal(article.url):
            reason = f"{display_url(article.url)} is an allowed host that its feed does not name"
            raise FeedError(reason, FeedHealth.GUARDED)
        robots = self._known_robots(article.host)
        if robots is None:
            await self._fetch_robots(policy, article)
            return await self._commit(self._owed(article, article))
        if not await self.extractor.admits(robots, access.agent, article.url):
            reason = f"robots.txt of {article.host} asks us not to fetch {display_url(article.url)}"
            raise FeedError(reason, FeedHealth.ROBOTS)
        response = await self._get(policy, access.fetch, article.url)
        return await self._judge(policy, feed, article, stored, response)

    async def _judge(
        self, policy: Policy, feed: Feed, article: Article, stored: Judged, response: Fetched
    ) -> ArticleCounts:
        text = await self._text(article, response)
        context, now = self.context, self.context.clock()
        again = await context.cpu.run(judge_with_text, policy.alerts, feed, stored, text)
        judged = again.judged
        outcome = ArticleOutcome(
            article=article,
            then=article,
            state=ArticleState.READ,
            due_at=now,
            host_free_at=self.context.host_free_at(),
            judged=judged,
            document=response.document(feed.name, now),
        )
        titles = await translated_titles(policy, feed, (judged,) if again.is_material else ())
        async with self.stories.deciding((judged,), needed=again.is_material) as index:
            if again.is_material:
                raised = await context.cpu.run(raise_alerts, policy.alerts, feed, (judged,), index, now)
                alerts = with_translations(raised.alerts, titles)
                deliveries = await context.cpu.run(alert_deliveries, policy, alerts)
                outcome = replace(
                    outcome,
                    alerts=alerts,
                    stories=raised.stories,
                    deliveries=await self.outgoing.prepare(deliveries, alerts),
                    story_epoch=self.stories.epoch,
                )
            return await self._commit(outcome)

    async def _text(self, article: Article, got: Fetched) -> str:
        if not is_page(got.content_type):
            reason = f"{display_url(article.url)} is {got.content_type[:60]}, no web page"
            raise FeedError(reason, FeedHealth.NO_TEXT)
        text = await self.extractor.article(article.url, got.body, got.content_type)
        if len(text) < MIN_TEXT:
            reason = f"has {len(text)} characters of text, so it may be a paywall or a question about cookies"
            raise FeedError(f"{display_url(article.url)} {reason}", FeedHealth.NO_TEXT)
        return text

    def _known_robots(self, host: str) -> str | None:
        read_at, robots = self._robots.get(host, (None, None))
        fresh = read_at is not None and self.context.clock() < read_at + ROBOTS_LIFE
        return robots if fresh else None

    async def _fetch_robots(self, policy: Policy, article: Article) -> None:
        """Fetch and keep a host's robots.txt; a host that has none allows everything (RFC 9309 §2.3.1)."""
        url = f"{article.url.partition('://')[0]}://{article.host}/robots.txt"
        try:
            response = await self._get(policy, policy.articles.fetch_robots, url)
            robots = response.body[:MAX_ROBOTS].decode("utf-8", "replace")
        except FeedError as error:
            if not _absent(error):
                raise
            robots = ""
        self._robots[article.host] = self.context.clock(), robots
        if len(self._robots) > _MAX_KEPT_ROBOTS:
            self._robots.popitem(last=False)

    async def _get(self, policy: Policy, fetch: Fetch, url: str) -> Fetched:
        feed, now = Feed(name="page", url=url, title=url, host=host_of(url)), self.context.clock()
        async with time_limit(feed, policy.polling.time_limit_s):
            got = await fetch(feed, FeedState(feed="page", next_poll_at=now), now)
        if not isinstance(got, Fetched):
            reason = f"{display_url(url)} answers 304 Not Modified to an unconditional request"
            raise FeedError(reason, FeedHealth.PROTOCOL)
        return got

    async def _commit_failure(self, article: Article, error: FeedError) -> ArticleCounts:
        """Commit a later attempt, or the end of all attempts."""
        tried = replace(article, attempts=article.attempts + 1)
        now, free_at = self.context.clock(), self.context.host_free_at(error.retry_after)
        final = error.health in _FINAL or _absent(error) or tried.attempts > len(WAITS)
        due_at = now if final else now + max(WAITS[article.attempts], error.retry_after or timedelta())
        state = ArticleState.GIVEN_UP if final else ArticleState.OWED
        outcome = ArticleOutcome(
            article=article, then=tried, state=state, due_at=due_at, host_free_at=free_at, reason=str(error)
        )
        log.info("article_failed", health=error.health, reason=str(error), given_up=final)
        return replace(await self._commit(outcome), failed=1)

    def _moved(self, article: Article, url: str) -> ArticleOutcome:
        """Return the outcome of a redirect to another host: it counts as an attempt, so that loops end."""
        then = replace(article, url=url, host=host_of(url), attempts=article.attempts + 1)
        outcome = self._owed(article, then)
        if then.attempts > len(WAITS):
            reason = f"it redirects again on attempt {then.attempts}"
            return replace(outcome, state=ArticleState.GIVEN_UP, reason=reason)
        return outcome

    def _owed(self, article: Article, then: Article) -> ArticleOutcome:
        now, free_at = self.context.clock(), self.context.host_free_at()
        return ArticleOutcome(
            article=article, then=then, state=ArticleState.OWED, due_at=now, host_free_at=free_at
        )

    async def _commit(self, outcome: ArticleOutcome) -> ArticleCounts:
        written = await self.context.db.run(self.context.store.commit_article, outcome)
        if not written or outcome.state != ArticleState.READ:
            return ArticleCounts()
        log.info("article_read", item=outcome.article.item, alerts=len(outcome.alerts))
        return ArticleCounts(read=1, alerts=len(outcome.alerts))


def _absent(error: FeedError) -> bool:
    """Say whether the server refuses the address for good."""
    return 400 <= error.status < 500 and error.status not in _PASSING
