"""Receivers of HTTP that misbehave, and what any channel must make of them: rows to add a channel's own to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from monitor.channels.post import HOUR
from monitor.errors import ChannelError, DeliveryError
from tests.conftest import NOW
from tests.support.receivers import Reply


@dataclass(frozen=True)
class Outcome:
    """What comes of an attempt. `wait` is how long the other side asked for, None if it did not."""

    permanent: bool = False
    channel: bool = True
    uncertain: bool = False
    wait: timedelta | None = None
    code: str = ""
    tries: int | None = None


def outcome_of(error: DeliveryError) -> Outcome:
    """Return what an error says."""
    channel = isinstance(error, ChannelError)
    return Outcome(error.permanent, channel, error.uncertain, error.retry_after, error.code, error.tries)


def coded(status: int, **facts: Any) -> Outcome:
    """Return the outcome of an HTTP status."""
    return Outcome(code=f"HTTP {status}", **facts)


def _asking(value: str, status: int = 429) -> Reply:
    return Reply(status, b"slow down", {"Retry-After": value})


def _date(at: datetime) -> str:
    return format_datetime(at, usegmt=True)


#: Every form of Retry-After, the wait it asks for by a clock that stands at `NOW`.
WAITS: Sequence[tuple[str, timedelta | None]] = (
    ("30", timedelta(seconds=30)),
    ("0.5", timedelta(seconds=0.5)),
    ("0", None),
    ("-60", None),
    ("1e9", None),
    ("99999999", HOUR),
    ("9" * 400, None),
    ("soon", None),
    ("", None),
    ("30, 60", None),
    ("nan", None),
    ("inf", None),
    (_date(NOW + timedelta(minutes=10)), timedelta(minutes=10)),
    (_date(NOW - timedelta(days=1)), None),
    (_date(NOW + timedelta(days=9)), HOUR),
    ("Mon, 99 Foo 2026 99:99:99 GMT", None),
)

THROTTLED = tuple(
    (f"{status} asking for {value[:20]!r}", _asking(value, status), coded(status, wait=wait))
    for status, waits in ((429, WAITS), (503, WAITS[:1]))
    for value, wait in waits
)

#: Whatever the channel: the connection itself misbehaves. The body had left, so that nobody knows.
TORN = (
    ("silence", Reply(hang=True), Outcome(uncertain=True)),
    ("hang-up", Reply(drop=True), Outcome(uncertain=True)),
    ("reset", Reply(reset=True), Outcome(uncertain=True)),
    ("garbage", Reply(raw=b"\x16\x03\x01 this is no HTTP\r\n\r\n"), Outcome(uncertain=True)),
    ("half a status line", Reply(raw=b"HTTP/1.1 2"), Outcome(uncertain=True)),
    ("half a head", Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Le"), Outcome(uncertain=True)),
    (
        "half an answer",
        Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nok"),
        Outcome(uncertain=True),
    ),
    (
        "an endless head",
        Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 300_000 + b"\r\n\r\n"),
        Outcome(uncertain=True),
    ),
)


def redirecting(url: str) -> tuple[tuple[str, Reply, Outcome], ...]:
    """Return redirects to elsewhere, by every status: nobody must be asked there."""
    to = {"Location": url}
    slow = {"wait": HOUR, "tries": 7}
    return tuple((f"HTTP {n}", Reply(n, b"", to), coded(n, **slow)) for n in (301, 302, 303, 307, 308))
