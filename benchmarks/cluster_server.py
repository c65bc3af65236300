"""Serve synthetic feeds and a webhook on loopback, and watch how politely they are asked.

``python -m benchmarks.cluster_server FEEDS HOSTS ACTS_PER_S GAP_S`` prints its port and ends when its standard input is
closed. Every address of 127.0.0.0/8 is a host. With acts a second above 0, new acts appear, each in two feeds of different
hosts. ``GET /stats`` returns what was asked and received, as JSON, and ``GET /times`` when each feed was polled;
``POST /reset`` begins anew.
"""

import asyncio
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from time import monotonic

from monitor.resources import raise_open_files

#: A document lists this many acts.
LISTED = 40

#: Clocks and loopback may differ by so much.
TOLERANCE_S = 0.05

_ITEM = (
    "<item><guid isPermaLink='false'>{feed}-{act}</guid><link>http://news.example/{feed}/{act}</link>"
    "<title>OFAC adds {name} Shipping Company to SDN List over Iranian oil trade</title>"
    "<description>The US Treasury designated {name} Shipping Company and blocked its property.</description></item>"
)
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]


def name_of(act: int) -> str:
    """Return the name of the company that an act is about; no two acts have the same."""
    digits = [(act // len(_SYLLABLES) ** place) % len(_SYLLABLES) for place in range(3)]
    return ("".join(_SYLLABLES[(digit * 11 + 7) % len(_SYLLABLES)] for digit in digits) + "nor").title()


def feeds_of(act: int, feeds: int, hosts: int) -> tuple[int, int]:
    """Return the two feeds that report an act; feed n is on host n % hosts."""
    first = act % feeds
    second = (first + 1 + act // feeds) % feeds
    return (first, second) if first % hosts != second % hosts else (first, (second + 1) % feeds)


@dataclass
class World:
    """What is served and what was seen."""

    feeds: int
    hosts: int
    acts_per_s: float
    gap_s: float
    begun: float = field(default_factory=monotonic)
    polls: int = 0
    served: set[str] = field(default_factory=set)
    busy_hosts: Counter[str] = field(default_factory=Counter)
    free_hosts: dict[str, float] = field(default_factory=dict)
    busy_feeds: Counter[int] = field(default_factory=Counter)
    times: defaultdict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: Counter[str] = field(default_factory=Counter)
    known: int = 0
    reported: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    hooks: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    frozen_at: float | None = None

    def acts(self) -> int:
        """Return how many acts there are by now."""
        now = self.frozen_at or monotonic()
        return int((now - self.begun) * self.acts_per_s)

    def begin(self, host: str, feed: int) -> None:
        """Count a request, and what is impolite about it."""
        now = monotonic()
        self.polls += 1
        if self.busy_hosts[host]:
            self.faults["two requests to a host at once"] += 1
        elif now - self.free_hosts.get(host, 0.0) < self.gap_s - TOLERANCE_S:
            self.faults["two requests to a host too close"] += 1
        if self.busy_feeds[feed]:
            self.faults["a feed polled twice at once"] += 1
        self.busy_hosts[host] += 1
        self.busy_feeds[feed] += 1
        self.times[feed].append(now)

    def end(self, host: str, feed: int) -> None:
        """Count the end of a request."""
        self.busy_hosts[host] -= 1
        self.busy_feeds[feed] -= 1
        self.free_hosts[host] = monotonic()

    def document(self, feed: int, head: str) -> bytes:
        """Return the response to a poll."""
        for act in range(self.known, self.acts()):
            for reporting in feeds_of(act, self.feeds, self.hosts):
                self.reported[reporting].append(act)
            self.known = act + 1
        listed = self.reported[feed][-LISTED:]
        tag = f'"{feed}-{listed[-1] if listed else -1}"'
        if f"if-none-match: {tag}" in head.lower():
            return response("304 Not Modified", b"", tag)
        items = "".join(_ITEM.format(feed=feed, act=act, name=name_of(act)) for act in reversed(listed))
        self.served.update(f"{feed}-{act}" for act in listed)
        title = f"<title>Feed {feed}</title><link>http://news.example/</link><description>d</description>"
        return response("200 OK", f'<rss version="2.0"><channel>{title}{items}</channel></rss>'.encode(), tag)

    def receive(self, head: str, body: bytes) -> None:
        """Count a message of the webhook."""
        id = next(
            line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("webhook-id:")
        )
        self.hooks.setdefault(id, []).append(body.decode())
        self.kinds[id] = json.loads(body)["type"]

    def longest_gap(self) -> float:
        """Return the longest time between two polls of a feed, in seconds."""
        gaps = (after - before for times in self.times.values() for before, after in pairwise(times))
        return max(gaps, default=0.0)

    def stats(self) -> bytes:
        """Return all counts as JSON."""
        repeated = [bodies for bodies in self.hooks.values() if len(bodies) > 1]
        return json.dumps(
            {
                "polls": self.polls,
                "acts": self.acts(),
                "served": sorted(self.served),
                "faults": self.faults,
                "longest": self.longest_gap(),
                "received": sorted(self.hooks),
                "kinds": self.kinds,
                "repeated": sum(len(bodies) - 1 for bodies in repeated),
                "repeated_with_other_text": sum(len(set(bodies)) > 1 for bodies in repeated),
            }
        ).encode()

    def command(self, path: str) -> bytes:
        """Answer a request of the benchmark itself."""
        if path == "/reset":
            self.polls = 0
            self.times.clear()
            self.faults.clear()
        elif path == "/pause":
            self.frozen_at = monotonic()
        elif path == "/times":
            return response("200 OK", json.dumps(self.times).encode())
        return response("200 OK", self.stats())


def response(status: str, body: bytes, tag: str = "") -> bytes:
    """Return a response."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n"
    return (head + (f"ETag: {tag}\r\n" if tag else "") + "\r\n").encode() + body


async def talk(world: World, incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
    """Answer the requests of a connection."""
    host = outgoing.get_extra_info("sockname")[0]
    try:
        while head := (await incoming.readuntil(b"\r\n\r\n")).decode("latin-1"):
            path = head.split(" ", 2)[1]
            length = [line for line in head.split("\r\n") if line.lower().startswith("content-length:")]
            body = await incoming.readexactly(int(length[0].split(":")[1])) if length else b""
            if path.startswith("/f"):
                feed = int(path[2:])
                world.begin(host, feed)
                try:
                    await asyncio.sleep(0.02)
                    outgoing.write(world.document(feed, head))
                    await outgoing.drain()
                finally:
                    world.end(host, feed)
                continue
            if path == "/hook":
                world.receive(head, body)
            outgoing.write(response("204 No Content", b"") if path == "/hook" else world.command(path))
            await outgoing.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        outgoing.close()


async def serve(world: World) -> None:
    """Serve until standard input is closed."""

    async def connected(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        await talk(world, incoming, outgoing)

    server = await asyncio.start_server(connected, "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    raise_open_files(200_000)  # workers keep connections to hosts with several feeds
    feeds, hosts, acts, gap = sys.argv[1:]
    asyncio.run(serve(World(int(feeds), int(hosts), float(acts), float(gap))))
