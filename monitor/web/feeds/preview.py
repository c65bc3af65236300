"""What an address answers with, as the pages show it: items, feeds that a page names, the document itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.discover import AdvertisedFeed
from monitor.feeds.parsing.decode import decode
from monitor.jobs.feed_addresses import AddressContent, AddressProbe
from monitor.model import Feed, Fields, Item, Tier, Verdict
from monitor.render.sanitize import clip, href, sanitize
from monitor.web.base import WebContext

#: Items judged and shown, and characters of the document.
MAX_ITEMS, MAX_TEXT = 20, 20_000

#: How long an address may take: less than a request of the web server may.
MAX_SECONDS = 12.0

Judge = Callable[[Item, Tier], Verdict]


@dataclass(frozen=True, slots=True)
class PreviewItem:
    """An item as it would be judged; `flagged` are its topics in words, "" for none."""

    title: str
    link: str
    at: datetime | None
    flagged: str


@dataclass(frozen=True, slots=True)
class FeedChoice:
    """A feed that could be added instead."""

    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPreview:
    """What one address answers with; `reason` says what is wrong; `took_ms` counts fetching and parsing."""

    health: str
    reason: str = ""
    took_ms: int = 0
    is_feed: bool = False
    title: str = ""
    lang: str = ""
    count: int = 0
    items: tuple[PreviewItem, ...] = ()
    feeds: tuple[FeedChoice, ...] = ()
    guesses: tuple[FeedChoice, ...] = ()
    selectors: tuple[Fields, ...] = ()
    document: str = ""
    size: int = 0
    content_type: str = ""

    @property
    def flagged(self) -> int:
        """How many of the items shown would be flagged."""
        return sum(bool(item.flagged) for item in self.items)


async def preview_address(web: WebContext, feed: Feed) -> AddressPreview:
    """Fetch the address of a feed once and return what it holds; nothing is stored."""
    with web.jobs.current.use() as policy:
        limit_s = min(MAX_SECONDS, policy.polling.time_limit_s)
        probe = AddressProbe(fetch=policy.fetch, cpu=web.jobs.cpu, clock=web.clock, time_limit_s=limit_s)
        began = perf_counter()
        try:
            content = await probe.content(feed)
        except FeedError as error:
            return AddressPreview(health=error.health, reason=str(error), took_ms=_ms_since(began))
        took_ms = _ms_since(began)
        judge = policy.engine.judge if policy.engine else None
        return await web.jobs.cpu.run(_preview, content, feed, judge, took_ms)


def _preview(content: AddressContent, feed: Feed, judge: Judge | None, took_ms: int) -> AddressPreview:
    got, parsed = content.document, content.parsed
    items = parsed.items if parsed else ()
    health = FeedHealth.HTML if parsed is None else FeedHealth.OK if items else FeedHealth.EMPTY
    return AddressPreview(
        health=health,
        took_ms=took_ms,
        is_feed=parsed is not None,
        title=clip(sanitize(parsed.title), 120) if parsed else "",
        lang=_usual_language(items),
        count=len(items),
        items=tuple(_item(item, feed.tier, judge) for item in items[:MAX_ITEMS]),
        feeds=tuple(map(_choice, content.advertised[:20])),
        guesses=tuple(FeedChoice(url, "") for url in content.candidates),
        selectors=content.selectors,
        document=decode(got.body, got.content_type)[0][:MAX_TEXT],
        size=len(got.body),
        content_type=clip(sanitize(got.content_type), 80),
    )


def _choice(found: AdvertisedFeed) -> FeedChoice:
    return FeedChoice(found.url, clip(sanitize(found.title), 120))


def _item(item: Item, tier: Tier, judge: Judge | None) -> PreviewItem:
    topics = judge(item, tier).topics if judge else ()
    title = clip(sanitize(item.title), 200)
    return PreviewItem(title, href(item.url), item.published_at, " and ".join(topics))


def _usual_language(items: Sequence[Item]) -> str:
    found = {item.lang for item in items if item.lang}
    return found.pop() if len(found) == 1 else ""


def _ms_since(began: float) -> int:
    return round((perf_counter() - began) * 1000)
