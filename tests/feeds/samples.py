"""Feeds of our own wording, and the few values that tests of this part share."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.model import Feed, FeedState

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DATA = Path(__file__).parent / "data"

ITEM = (
    "<item><title>Санкции: совет продлил список</title>"
    "<link>https://news.example/1</link><guid>n-1</guid>"
    "<description>Двадцать судов добавлены.</description></item>"
)


def rss(*items: str, declaration: str = '<?xml version="1.0" encoding="utf-8"?>', channel: str = "") -> str:
    return f'{declaration}<rss version="2.0"><channel><title>A wire</title>{channel}{"".join(items)}</channel></rss>'


def entry(**fields: str) -> str:
    return f"<item>{''.join(f'<{name}>{text}</{name}>' for name, text in fields.items())}</item>"


def notices(count: int) -> bytes:
    """A long document: 4,900 items take two seconds or so to read."""
    fields = f"{'<category>a</category>' * 9}<description>{'word ' * 200}</description>"
    items = (f"<item><title>Notice {n}</title><guid>n-{n}</guid>{fields}</item>" for n in range(count))
    return rss(*items).encode()


RSS = rss(ITEM).encode()


def feed(url: str, **changes: Any) -> Feed:
    return Feed(name="wire", url=url, title="A wire", host="host", **changes)


def state(**changes: Any) -> FeedState:
    """A feed that proved its content at NOW, unless changed."""
    return FeedState(feed="wire", next_poll_at=NOW, **{"good_at": NOW} | changes)
