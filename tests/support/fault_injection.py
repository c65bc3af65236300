"""Runs the program over and over in processes that come to harm at an exact point, without importing it anew.

``python -m tests.support.fault_injection`` reads orders from standard input, a JSON object a line, and answers each with one. For
each it forks a process that runs `once`, or the service, over real files and real sockets. From outside, and only in
that process, the methods of the store, of its transactions and of the channels are wrapped: each says when it begins
and ends, which are the points at which harm is done.

An order: ``config``, ``now`` (the clock's beginning), ``at`` (the number of the point, 0 for none), ``harm`` (one of
`HARMS`), ``serve`` (the service instead of `once`). The answer: ``status`` of the process, ``points`` (how many it
came to), ``name`` of the one where harm was done, ``open`` (ids of deliveries that were leaving or had left and were
not written down as sent when that happened, or when the process ended).
"""

import asyncio
import contextlib
import functools
import json
import os
import resource
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from monitor.app import policies
from monitor.app.build import App, build
from monitor.app.once import once
from monitor.app.rulebook import Rulebook
from monitor.app.service import Service
from monitor.channels.email import Email
from monitor.channels.post import Poster
from monitor.channels.smtp.submission import Submission
from monitor.channels.webhook import Webhook
from monitor.config import Settings, load
from monitor.engine.local import LocalEngine
from monitor.errors import MonitorError
from monitor.feeds.base import EarlierDocument, FeedDocument, ParsedDocument
from monitor.feeds.parsing.document import parse_document
from monitor.store import SqlStore, database
from monitor.store.database import Database
from tests.support.warm import warm_up

TIMEOUT_S = 240

#: What is written, in the order of a round.
WRITES = (
    "enrol", "subscribe", "recover", "commit", "report", "plan_each", "lease", "record_phase",
    "close_delivery", "postpone", "record_channel_fault", "expire", "suppress", "suppress_leased", "add_deliveries",
)  # fmt: skip

HARMS = ("kill", "term", "full", "locked", "back", "forward", "years")
SHIFTS = {"back": timedelta(days=-3), "forward": timedelta(days=3), "years": timedelta(days=800)}

#: How many points a full disk or a lock lasts.
LASTS = 12


class Harm:
    """Counts the points that a process comes to, and does harm at one of them."""

    def __init__(self, order: dict[str, Any], progress_fd: int) -> None:
        self.order, self.progress_fd = order, progress_fd
        self.points, self.name = 0, ""
        self.open: set[str] = set()
        self.shift = timedelta()
        self._begun = time.monotonic()
        self._lock = threading.RLock()
        self._locking_connection: sqlite3.Connection | None = None

    def clock(self) -> datetime:
        """The clock of the process, which one of the harms moves."""
        gone = timedelta(seconds=time.monotonic() - self._begun)
        return datetime.fromisoformat(self.order["now"]) + gone + self.shift

    def point(self, name: str) -> None:
        """Come to a point."""
        with self._lock:
            self.points += 1
            if self.points == self.order["at"]:
                self.name = name
                self._do(self.order["harm"])
            elif self.name and self.points == self.order["at"] + LASTS:
                self.heal()

    def leaves(self, id: str) -> None:
        """Know of a delivery from here on that it may have arrived; it leaves before harm is done, or never."""
        with self._lock:
            self.open.add(id)

    def write_progress(self) -> None:
        """Say where the process has come to; the last thing said counts."""
        said = {"points": self.points, "name": self.name, "open": sorted(self.open)}
        os.write(self.progress_fd, json.dumps(said).encode() + b"\n")

    def heal(self) -> None:
        """End what was wrong."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if self._locking_connection:
            self._locking_connection.close()
            self._locking_connection = None

    def _do(self, harm: str) -> None:
        self.write_progress()
        path = Path(load(Path(self.order["config"])).database)
        if harm in {"kill", "term"}:
            os.kill(os.getpid(), signal.SIGKILL if harm == "kill" else signal.SIGTERM)
        elif harm == "full":
            size = path.with_name(f"{path.name}-wal").stat().st_size
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        elif harm == "locked":
            with contextlib.suppress(sqlite3.OperationalError):  # the program itself is writing
                self._locking_connection = sqlite3.connect(
                    path, timeout=0.2, isolation_level=None, check_same_thread=False
                )
                self._locking_connection.execute("BEGIN IMMEDIATE")
        else:
            self.shift = SHIFTS[harm]


def wrap(harm: Harm) -> None:
    """Let every step of a round be a point."""
    for name in WRITES:
        setattr(SqlStore, name, _stepped(harm, name, getattr(SqlStore, name)))
    Database.write_transaction = _last_moment(harm, Database.write_transaction)  # type: ignore[method-assign]
    for owner in (Email, Webhook):
        owner.send = _leaving(harm, owner.send)  # type: ignore[method-assign]
    for owner, name in (
        (Submission, "open"),
        (Submission, "envelope"),
        (Submission, "send"),
        (Poster, "_exchange"),
    ):
        setattr(owner, name, _awaited(harm, name.strip("_"), getattr(owner, name)))


def _stepped(harm: Harm, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def step(*args: Any, **kwargs: Any) -> Any:
        harm.point(f"before {name}")
        done = function(*args, **kwargs)
        if name == "close_delivery":
            harm.open.discard(args[1].id)
        harm.point(f"after {name}")
        return done

    return step


def _last_moment(harm: Harm, writing: Callable[..., Any]) -> Callable[..., Any]:
    @contextmanager
    def written(self: Database) -> Iterator[Any]:
        with writing(self) as connection:
            yield connection
            harm.point("just before a commit")

    return written


def _leaving(harm: Harm, send: Callable[..., Awaitable[str]]) -> Callable[..., Awaitable[str]]:
    @functools.wraps(send)
    async def sent(self: Any, delivery: Any, mark: Any) -> str:
        async def marked(phase: str) -> None:
            await mark(phase)
            harm.leaves(delivery.id)

        harm.point("before a message")
        answer = await send(self, delivery, marked)
        harm.point("after a message")
        return answer

    return sent


def _awaited(harm: Harm, name: str, function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(function)
    async def step(*args: Any, **kwargs: Any) -> Any:
        harm.point(f"before {name}")
        done = await function(*args, **kwargs)
        harm.point(f"after {name}")
        return done

    return step


# ---------------------------------------------------------------- one process


async def _here(document: FeedDocument, before: EarlierDocument) -> ParsedDocument:
    """Read a document in this process: the workers that do so are no part of what is tried here."""
    return parse_document(document, before)


@asynccontextmanager
async def _program(order: dict[str, Any], harm: Harm) -> AsyncIterator[App]:
    async with build(load(Path(order["config"])), clock=harm.clock) as app:
        app.poll.parse_document = _here
        yield app


async def _round(order: dict[str, Any], harm: Harm) -> None:
    async with _program(order, harm) as app:
        if order.get("serve"):
            await Service(app=app, engine=LocalEngine(), config_path=Path(order["config"])).run()
        else:
            await once(app)


def _live(order: dict[str, Any], progress_fd: int) -> int:
    """Be the process; return its exit code."""
    signal.alarm(TIMEOUT_S)
    harm = Harm(order, progress_fd)
    if order.get("at") is not None:
        wrap(harm)
    try:
        asyncio.run(_round(order, harm))
    except MonitorError as error:  # it ends the program, as it would on a terminal
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        return 1
    finally:
        harm.heal()
        harm.write_progress()
    return 0


def _obey(order: dict[str, Any]) -> dict[str, Any]:
    read_fd, progress_fd = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_fd)
        code = 1
        try:
            code = _live(order, progress_fd)
        finally:
            os._exit(code)
    os.close(progress_fd)
    with os.fdopen(read_fd, "rb") as answer:
        lines = answer.read().splitlines()
    _, status = os.waitpid(pid, 0)
    return json.loads(lines[-1] if lines else b"{}") | {"status": os.waitstatus_to_exitcode(status)}


def main() -> None:
    """Make what all processes share once, then obey."""
    kept: list[Rulebook] = []
    usual = policies.rulebook

    def once_only(settings: Settings, *rest: Any) -> Rulebook:
        if not kept:
            kept.append(usual(settings, *rest))
            warm_up(kept[0].engine)
        return kept[0]

    policies.rulebook = once_only
    database._TIMEOUT_S = 0.3  # type: ignore[assignment]
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    for line in sys.stdin:
        order = json.loads(line)
        if not kept:
            once_only(load(Path(order["config"])))
        sys.stdout.write(f"{json.dumps(_obey(order))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
