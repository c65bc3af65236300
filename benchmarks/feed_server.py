"""Serve synthetic feeds on loopback: ``python -m benchmarks.feed_server FEEDS ITEMS``; prints its port.

Each feed has an address of its own. ``POST …?set=idle|unchanged|changed`` changes how all answer. It ends when its
standard input is closed.
"""

import asyncio
import sys

from benchmarks.polling import address

ITEM = (
    "<item><title>Report {n} of feed {feed}: harbour traffic grew again</title><guid>{feed}-{n}</guid>"
    "<link>http://news.example/{feed}/{n}</link><pubDate>Fri, 27 Nov 2026 08:{minute:02}:00 GMT</pubDate>"
    "<description>The port authority said {n} ships called last month, more than in the year before, and named "
    "three new lines that will begin in spring.</description></item>"
)


class Feeds:
    """The state of the served feeds."""

    def __init__(self, items: int) -> None:
        self.items, self.how, self.generation = items, "idle", 0

    def answer(self, head: str) -> bytes:
        """Return the response to the head of a request."""
        line, _, rest = head.partition("\r\n")
        method, target, _ = line.split(" ", 2)
        if method == "POST":
            self.how = target.partition("set=")[2]
            self.generation += self.how == "changed"
            return _response("200 OK", b"ok")
        feed = int(target.rpartition("/f")[2].partition("?")[0])
        generation = self.generation if feed % 10 == 0 else 0
        tag = f'"{feed}-{generation}"'
        if self.how != "unchanged" and f"if-none-match: {tag}" in rest.lower():
            return _response("304 Not Modified", b"", tag)
        return _response("200 OK", self._document(feed, generation), tag)

    def _document(self, feed: int, generation: int) -> bytes:
        numbers = range(generation, generation + self.items)
        items = (ITEM.format(feed=feed, n=n, minute=n % 60) for n in reversed(numbers))
        title = f"<title>Feed {feed}</title><link>http://news.example/</link><description>d</description>"
        return f'<rss version="2.0"><channel>{title}{"".join(items)}</channel></rss>'.encode()


def _response(status: str, body: bytes, tag: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n"
    return (head + (f"ETag: {tag}\r\n" if tag else "") + "\r\n").encode() + body


async def serve(count: int, items: int) -> None:
    feeds = Feeds(items)

    async def talk(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        try:
            while head := await incoming.readuntil(b"\r\n\r\n"):
                outgoing.write(feeds.answer(head.decode("latin-1").rstrip()))
                await outgoing.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            outgoing.close()

    first = await asyncio.start_server(talk, address(0), 0, backlog=1024)
    port = first.sockets[0].getsockname()[1]
    others = [await asyncio.start_server(talk, address(number), port) for number in range(1, count)]
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for server in (first, *others):
        server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
