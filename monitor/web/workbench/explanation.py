"""Judge a text or the page at an address, and state why in words and points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.alerts.routing import decide_with_alternatives
from monitor.config.configured_feed import feed_of
from monitor.config.feeds import feed_table
from monitor.errors import ConfigError, FeedError
from monitor.feeds.articles import extract as article
from monitor.feeds.base import Fetched, time_limit
from monitor.model import Decision, FeedState, Item, Judged, Tier, Verdict
from monitor.render.event_line import event_line
from monitor.render.reasons import Reason, reasons_of
from monitor.render.sanitize import sanitize, sanitized
from monitor.web.base import WebContext
from monitor.web.feeds.draft import address_mistake
from monitor.web.stories.marks import Piece, marked_summary, marked_title

_MAX_SECONDS = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A text with its verdict, as the page shows it."""

    title: tuple[Piece, ...]
    summary: tuple[Piece, ...]
    line: str
    verdict: Verdict
    decision: Decision
    reasons: tuple[Reason, ...]


async def explain_text(web: WebContext, text: str) -> Explanation:
    """Judge a text: its first line is the title, the rest the summary.

    Raises:
        ConfigError: it is empty, or no rules are loaded.
    """
    title, _, summary = text.strip().partition("\n")
    return await web.jobs.cpu.run(_explain, web, title.strip(), summary.strip())


async def explain_address(web: WebContext, url: str) -> Explanation:
    """Fetch a page once and judge its title and its text.

    Raises:
        ConfigError: it may not be fetched, or cannot be.
    """
    if mistake := address_mistake(url, web.policy.articles.is_internal):
        raise ConfigError(mistake)
    feed, now = feed_of("explain", feed_table({"url": url})), web.clock()
    try:
        with web.jobs.current.use() as policy:
            async with time_limit(feed, _MAX_SECONDS):
                got = await policy.fetch(feed, FeedState(feed="explain", next_poll_at=now), now)
                if not isinstance(got, Fetched):
                    raise ConfigError("that address answers without a document")
                text = await _article_text(web, url, got)
    except FeedError as error:
        raise ConfigError(str(error)) from error
    return await web.jobs.cpu.run(_explain_page, web, got, text)


def explanation_context(text: str, found: Explanation | None, mistake: str = "") -> Mapping[str, Any]:
    """Return what the page shows."""
    return {"text": text, "found": found, "mistake": sanitize(mistake), "status": 422 if mistake else 200}


async def _article_text(web: WebContext, url: str, got: Fetched) -> str:
    """Return the text of a page; "" without the extra that reads articles."""
    read = web.jobs.read_article
    return await read(url, got.body, got.content_type) if read and article.installed() else ""


def _explain_page(web: WebContext, got: Fetched, text: str) -> Explanation:
    from monitor.feeds.articles.page_text import page_text  # noqa: PLC0415  few explain a page

    title, beginning = page_text(got.body, got.content_type)
    return _explain(web, title, text if len(text) >= article.MIN_TEXT else beginning)


def _explain(web: WebContext, title: str, summary: str) -> Explanation:
    engine = web.policy.engine
    if engine is None:
        raise ConfigError("no rules are loaded")
    if not title and not summary:
        raise ConfigError("There is nothing to judge: the text is empty.")
    item = Item(
        feed="explain", guid="explain", url="", title=title, summary=summary, first_seen_at=web.clock()
    )
    verdict = engine.judge(item, Tier.REGIONAL)
    verdict, decision = decide_with_alternatives(verdict, web.policy.alerts.table)
    judged, shown = Judged(item, verdict, decision), sanitized(verdict)
    return Explanation(
        title=marked_title(judged),
        summary=marked_summary(judged),
        line=event_line(sanitized(item), shown),
        verdict=shown,
        decision=decision,
        reasons=reasons_of(shown),
    )
