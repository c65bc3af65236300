"""The servers of a soak run, in one process: ``python -m benchmarks.soak_servers FOLDER``.

It reads the world from ``world.json`` in the folder and serves every feed at an address of its own, a webhook and a mail server,
with the faults of the plan. It prints the ports of the three. Each message that arrives is a line of
``received.jsonl``; when standard input ends, ``served.json`` says which entries each feed has listed.
"""

import asyncio
import json
import resource
import sys
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import TextIO

from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.polling import address
from benchmarks.soak_world import SharedClock, World, current, shared_clock


@dataclass
class Servers:
    """The state of all servers."""

    world: World
    clock: SharedClock
    received: TextIO
    served: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    requests: Counter[str] = field(default_factory=Counter)
    feed_ports: list[asyncio.Server] = field(default_factory=list)
    hook_ports: list[asyncio.Server] = field(default_factory=list)
    mail_ports: list[asyncio.Server] = field(default_factory=list)

    async def talk_feed(self, incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        """Answer requests for feeds on one connection."""
        while head := await _head(incoming):
            feed = int(head.split(" ", 2)[1].rpartition("/f")[2])
            fault = self.world.feed_fault(feed, self.clock.true)
            self.requests[fault or "well"] += 1
            if fault == "reset":
                _abort(outgoing.transport)
                return
            answer = FAULTY[fault] if fault in FAULTY else self._answer(feed, head, fault)
            outgoing.write(answer)
            await outgoing.drain()
            if fault in {"slow", "truncated"}:
                if fault == "slow":
                    await incoming.read()  # until the client gives up
                break
        outgoing.close()

    def _answer(self, feed: int, head: str, fault: str) -> bytes:
        """Return the document of a feed, or 304; cut off in the middle if that is the fault."""
        entries = self.world.listed(feed, self.clock.true)
        newest = entries[0].number if entries else 0
        if fault == "empty":
            entries, newest = (), 0
        tag = f'"{feed}-{newest}"'
        if f"if-none-match: {tag}" in head.lower():
            self.requests["304"] += 1
            return _response("304 Not Modified", b"", tag)
        rows = "".join(
            f"<item><guid isPermaLink='false'>{each.number}</guid><link>http://news.example/{each.number}</link>"
            f"<title>{each.title}</title><description>Entry {each.number}.</description>"
            f"<pubDate>{format_datetime(datetime.fromtimestamp(each.at, UTC))}</pubDate></item>"
            for each in entries
        )
        body = f"<rss version='2.0'><channel><title>Feed {feed}</title>{rows}</channel></rss>".encode()
        whole = _response("200 OK", body, tag)
        if fault == "truncated":
            return whole[: len(whole) // 2]
        self.served[feed] |= {each.number for each in entries}
        return whole

    async def talk_hook(self, incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        """Take messages on one connection."""
        while head := await _head(incoming):
            fields = dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:])
            body = await incoming.readexactly(int(fields["content-length"]))
            fault = current(self.world.hook, self.clock.true)
            self.requests[f"hook {fault}".strip()] += 1
            if fault in {"500", "429"}:
                outgoing.write(_response(f"{fault} Not now", b""))
            else:
                self._record("hook", fields["webhook-id"], body.decode(), answered=not fault)
                if fault == "dropped":
                    _abort(outgoing.transport)
                    return
                outgoing.write(_response("200 OK", b""))
            await outgoing.drain()
        outgoing.close()

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        """Refuse mail if that is the fault."""
        fault = current(self.world.mail, self.clock.true)
        self.requests[f"mail {fault}".strip()] += 1
        if fault in {"421", "450"}:
            return f"{fault} 4.3.2 not now"
        envelope.mail_from = sender
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail, and break the connection off without an answer if that is the fault."""
        fault = current(self.world.mail, self.clock.true)
        content = (envelope.original_content or b"").decode("utf-8", "replace")
        self._record(envelope.rcpt_tos[0], "", content, answered=not fault)
        if fault == "dropped":
            _abort(server.transport)
        return "250 2.0.0 taken"

    def _record(self, recipient: str, id: str, content: str, *, answered: bool) -> None:
        clock = self.clock
        line = {
            "at": clock.true, "generation": clock.generation, "to": recipient, "id": id,
            "answered": answered, "content": content,
        }  # fmt: skip
        self.received.write(json.dumps(line) + "\n")
        self.received.flush()

    async def open_ports(self) -> tuple[int, int, int]:
        """Listen everywhere; return the ports of feeds, webhook and mail."""
        self.hook_ports.append(await asyncio.start_server(self.talk_hook, "127.0.0.1", 0))
        loop = asyncio.get_running_loop()
        self.mail_ports.append(await loop.create_server(self._mail_session, "127.0.0.1", 0))
        first = await asyncio.start_server(self.talk_feed, address(0), 0, backlog=1024)
        self.feed_ports.append(first)
        await self._open_feeds(1, port_of(first))
        return port_of(first), port_of(self.hook_ports[0]), port_of(self.mail_ports[0])

    async def follow_plan(self, ports: tuple[int, int, int]) -> None:
        """Close ports, and open them again, as the plan says, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            now = self.clock.true
            if await self._toggle(self.feed_ports, current(self.world.network, now) == "refused"):
                await self._open_feeds(0, ports[0])
            if await self._toggle(self.hook_ports, current(self.world.hook, now) == "closed"):
                self.hook_ports.append(await asyncio.start_server(self.talk_hook, "127.0.0.1", ports[1]))
            if await self._toggle(self.mail_ports, current(self.world.mail, now) == "closed"):
                self.mail_ports.append(await loop.create_server(self._mail_session, "127.0.0.1", ports[2]))
            await asyncio.sleep(0.05)

    async def _toggle(self, ports: list[asyncio.Server], closed: bool) -> bool:
        """Close open ports if they must be closed; return whether closed ones must be opened."""
        if closed and ports:
            for server in ports:
                server.close()
            ports.clear()
        return not closed and not ports

    async def _open_feeds(self, first: int, port: int) -> None:
        for number in range(first, self.world.feeds):
            self.feed_ports.append(await asyncio.start_server(self.talk_feed, address(number), port))

    def _mail_session(self) -> SMTP:
        return SMTP(self, hostname="mail.example", enable_SMTPUTF8=True)


def port_of(server: asyncio.Server) -> int:
    """Return the port that a server listens on."""
    return int(server.sockets[0].getsockname()[1])


async def _head(incoming: asyncio.StreamReader) -> str:
    """Read the head of a request; empty at the end of the connection."""
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        return (await incoming.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip()
    return ""


def _abort(transport: asyncio.BaseTransport | None) -> None:
    """Close a connection without a word."""
    assert isinstance(transport, asyncio.WriteTransport)
    transport.abort()


def _response(status: str, body: bytes, tag: str = "", kind: str = "application/rss+xml") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return (head + (f"ETag: {tag}\r\n" if tag else "") + "\r\n").encode() + body


#: Answers that do not depend on the feed.
FAULTY = {
    "garbage": _response("200 OK", bytes(range(256)) * 8),
    "html": _response("200 OK", b"<!doctype html><title>Sign in</title><p>Please sign in.", kind="text/html"),
    "http500": _response("500 Internal Server Error", b"no"),
    "throttled": _response("429 Too Many Requests", b"later"),
    "slow": b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 9000\r\n\r\n<rss",
}


async def serve(folder: Path) -> None:
    """Serve until standard input ends."""
    world = World(**json.loads((folder / "world.json").read_text("utf-8")))
    with (
        shared_clock(folder / "clock", real=world.real) as clock,
        (folder / "received.jsonl").open("a", encoding="utf-8") as received,
    ):
        servers = Servers(world, clock, received)
        ports = await servers.open_ports()
        print(*ports, flush=True)
        plan = asyncio.create_task(servers.follow_plan(ports))
        await asyncio.to_thread(sys.stdin.read)
        plan.cancel()
    listed = {feed: sorted(numbers) for feed, numbers in servers.served.items()}
    text = json.dumps({"listed": listed, "requests": servers.requests})
    (folder / "served.json").write_text(text, "utf-8")


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(serve(Path(sys.argv[1])))
