"""Measure how fast mails are sent from a long outbox: ``python -m benchmarks.outbox [--owed 1000 100000] [--drain]``.

A mail server in a process of its own takes everything on loopback. For each number of owed mails the benchmark
fills an empty outbox (500 recipients at most), sends for some seconds, and prints messages per second; with
``--drain`` it sends all.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from math import inf
from pathlib import Path
from time import perf_counter

from monitor.app.build import build
from monitor.app.log import configure_logging
from monitor.clock import utc_now
from monitor.config import load
from monitor.model import Delivery, DeliveryKind, Message

RECIPIENTS = 500
BATCH = 5_000

CONFIG = """
database = "{folder}/m.db"
[polling]
parsers = 1
[delivery]
storm = {storm}
[channels.desk]
type = "email"
host = "127.0.0.1"
port = {port}
tls = "none"
sender = "monitor@news.example"
to = ["r0@desk.example"]
connections = {connections}
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many mails were sent, in how many seconds, while so many were owed at first."""

    owed: int
    sent: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Messages per second."""
        return self.sent / self.seconds


def main(arguments: Sequence[str] = ()) -> list[Rate]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--owed", type=int, nargs="+", default=[1_000, 10_000], help="mails owed at first")
    parser.add_argument("--seconds", type=float, default=5, help="how long to send")
    parser.add_argument("--connections", type=int, default=2, help="mails that leave at the same time")
    parser.add_argument("--drain", action="store_true", help="send all")
    given = parser.parse_args(arguments)
    rates = [
        asyncio.run(measured(owed, inf if given.drain else given.seconds, given.connections))
        for owed in given.owed
    ]
    for rate in rates:
        print(
            f"{rate.owed:>9,} owed: {rate.per_second:7.1f} messages/s"
            f" ({rate.sent:,} sent in {rate.seconds:.1f} s, {rate.per_second / rates[0].per_second:.2f} of the first)"
        )
    return rates


async def measured(owed: int, seconds: float, connections: int) -> Rate:
    """Return the rate of an outbox with this many owed mails."""
    with tempfile.TemporaryDirectory() as folder, mail_server() as port:
        path = Path(folder) / "config.toml"
        parameters = {"folder": folder, "storm": owed + 1, "port": port, "connections": connections}
        path.write_text(CONFIG.format(**parameters), "utf-8")
        async with build(load(path)) as app:
            for batch in chunks(mails(owed), BATCH):
                await app.db.run(app.store.add_deliveries, batch)
            begun = perf_counter()
            counts = await app.deliver.send_due("desk", lambda: perf_counter() - begun > seconds)
            return Rate(owed, counts.sent, perf_counter() - begun)


def chunks(deliveries: Iterator[Delivery], size: int) -> Iterator[list[Delivery]]:
    """Yield lists of at most `size`."""
    while chunk := list(islice(deliveries, size)):
        yield chunk


def mails(count: int) -> Iterator[Delivery]:
    """Yield mails of one size, alert by alert to all recipients."""
    now = utc_now() - timedelta(minutes=5)
    message = Message(subject="12 howitzers ordered", text="Some text. " * 80, html="<p>Some text.</p>" * 80)
    for number in range(count):
        alert, recipient = divmod(number, RECIPIENTS)
        yield Delivery(
            id=f"d{number}",
            kind=DeliveryKind.ALERT,
            ref=f"a{alert}",
            channel="desk",
            recipient=f"r{recipient}@desk.example",
            message=message,
            created_at=now,
            due_at=now,
        )


@contextmanager
def mail_server() -> Iterator[int]:
    """Run the mail server in another process; yield its port."""
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def serve() -> None:
    """Take every mail and forget it."""
    server = await asyncio.start_server(session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def session(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
    replies = {
        b"EHLO": b"250-mail.example\r\n250 SIZE 33554432\r\n",
        b"DATA": b"354 go on\r\n",
        b"QUIT": b"221 bye\r\n",
    }
    outgoing.write(b"220 mail.example ESMTP\r\n")
    while line := await incoming.readline():
        verb = line[:4].upper()
        outgoing.write(replies.get(verb, b"250 ok\r\n"))
        if verb == b"DATA":
            await incoming.readuntil(b"\r\n.\r\n")
            outgoing.write(b"250 2.0.0 queued\r\n")
        if verb == b"QUIT":
            break
    outgoing.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        asyncio.run(serve())
    else:
        configure_logging(level="error")
        main(sys.argv[1:])
