"""Read a web page for `explain`: its title and its text."""

from typing import Any

from monitor.app.http import guarded_client
from monitor.clock import utc_now
from monitor.config import Settings
from monitor.feeds.articles import extract as article
from monitor.feeds.articles.page_text import page_text
from monitor.feeds.http.fetch import Fetcher
from monitor.model import Feed, FeedState


async def read_page(url: str, settings: Settings) -> dict[str, Any]:
    """Fetch a page and return its title and its text, or the beginning of it, as fields of an item."""
    http, guard = guarded_client(settings)
    async with http:
        now = utc_now()
        got = await Fetcher(http, guard)(
            Feed(name="explain", url=url, title=url, host=""),
            FeedState(feed="explain", next_poll_at=now),
            now,
        )
    body, kind = getattr(got, "body", b""), getattr(got, "content_type", "")
    title, beginning = page_text(body, kind)
    text = article.read_article(body, kind) if article.installed() else ""
    return {"title": title, "summary": text if len(text) >= article.MIN_TEXT else beginning}
