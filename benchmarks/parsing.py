"""How long documents take to read: ``python benchmarks/parsing.py``; in full, by delta, and in the pool of workers."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from monitor.feeds.base import EarlierDocument, FeedDocument, ParsedDocument
from monitor.feeds.parsing.document import parse_document
from monitor.feeds.parsing.worker_pool import ParserPool
from monitor.model import Feed

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FEED = Feed(name="wire", url="https://news.example/feed", title="A wire", host="news.example")
ROUNDS = 15
WORDS = "The ministry signed a &lt;b&gt;contract&lt;/b&gt; worth $80 million for twelve howitzers. "


def main() -> None:
    print(f"  {'':28}{'full':>10}" + "".join(f"{new:>9} new{'':7}" for new in (0, 1, 3)))
    for count in (25, 50, 100):
        measure(count)
    asyncio.run(pooled())


def measure(count: int) -> None:
    body = document(range(count + 3))
    full = timed(lambda: reading(body))
    line = f"  {count:4} items, {len(body) // 1000:3} KB{'':13}{full:7.2f} ms"
    for new in (0, 1, 3):
        known = reading(document(range(new, count + 3))).known_spans
        body = document(range(count + 3))
        took = timed(lambda body=body, known=known: reading(body, known))
        assert len(reading(body, known).items) == new
        line += f"{took:9.2f} ms ({full / took:3.0f}×)"
    print(line)


async def pooled() -> None:
    bodies = [document(range(n, n + 50)) for n in range(60)]
    began = perf_counter()
    for body in bodies:
        reading(body)
    here = perf_counter() - began
    for most in (1, 2):
        async with ParserPool(most) as parsers:
            began = perf_counter()
            await asyncio.gather(*(ask(parsers, document(range(3))) for _ in range(most)))
            start = perf_counter() - began
            began = perf_counter()
            await asyncio.gather(*(ask(parsers, body) for body in bodies))
            took = perf_counter() - began
        print(
            f"  60 documents of 50 items: here {here * 1000:.0f} ms, {most} worker{'s' * (most > 1)} {took * 1000:.0f} ms"
            f" ({here / took:.2f}×); the first answer after {start * 1000:.0f} ms"
        )


async def ask(parsers: ParserPool, body: bytes) -> ParsedDocument:
    return await parsers(FeedDocument(FEED, body, "", FEED.url, NOW), EarlierDocument())


def reading(body: bytes, known: dict[str, str] | None = None) -> ParsedDocument:
    return parse_document(
        FeedDocument(FEED, body, "", FEED.url, NOW), EarlierDocument(known_spans=known or {})
    )


def timed(work: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        began = perf_counter()
        work()
        took.append((perf_counter() - began) * 1000)
    return median(took)


def document(numbers: range) -> bytes:
    items = "".join(
        f"<item><title>Ministry orders howitzers, part {n}</title><link>https://news.example/{n}</link>"
        f"<guid isPermaLink='false'>n-{n}</guid><pubDate>Mon, 23 Nov 2026 08:{n % 60:02}:00 GMT</pubDate>"
        f"<category>arms</category><author>desk@news.example (A desk)</author>"
        f"<description>{WORDS * 8}</description></item>"
        for n in numbers
    )
    return f"<rss version='2.0'><channel><title>A wire</title><ttl>5</ttl>{items}</channel></rss>".encode()


if __name__ == "__main__":
    main()
