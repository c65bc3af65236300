"""The long-running program: who does what when, and how it begins, reloads and ends.

Due times are the store's; the engine only moves kicks. One sweep a second asks the store which shards and
channels are due and kicks them; losing or repeating a kick is harmless.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from monitor import config
from monitor.engine.base import Engine
from monitor.errors import MonitorError
from monitor.jobs.deliver import DeliveryCounts
from monitor.jobs.fulltext import ArticleCounts
from monitor.jobs.lists import RefreshResult
from monitor.jobs.poll import PollCounts

from . import sd_notify as notify
from .build import App

log = structlog.get_logger()

SWEEP_S = 1
DIGEST_S = 2
WATCH_S = 5
CANARY_S = 60
TIDY_S = 3600
LISTS_S = 60
WEB_S = 5
ESCALATE_S = 5
LANES = {"poll": 16, "deliver": 64, "page": 8, "digest": 1, "tidy": 1, "lists": 1}


@dataclass
class Service:
    """Serves one database until told to stop. `config_path` is read again on SIGHUP."""

    app: App
    engine: Engine
    config_path: Path
    _ending: bool = False
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Poll, deliver and plan digests until SIGTERM or SIGINT; then finish what is in flight."""
        engine = self.engine
        engine.handler(
            "poll", lambda key: self.app.ingest.poll_shard(int(key), self._stop), lane=LANES["poll"]
        )
        engine.handler(
            "deliver", lambda key: self.app.deliver.send_due(key, self._stop), lane=LANES["deliver"]
        )
        engine.handler("digest", lambda key: self.app.digests.plan_due(), lane=LANES["digest"])
        engine.handler(
            "page", lambda key: self.app.fulltext.read_shard(int(key), self._stop), lane=LANES["page"]
        )
        engine.handler("tidy", lambda key: self.app.retention.tidy(self._stop), lane=LANES["tidy"])
        engine.handler("lists", lambda key: self.refresh_lists(), lane=LANES["lists"])
        engine.every(SWEEP_S, self.sweep, "sweep")
        engine.every(LISTS_S, self._kick_lists, "lists")
        engine.every(DIGEST_S, self._kick_digests, "digests")
        engine.every(WATCH_S, self._watch, "watch")
        engine.every(CANARY_S, self._sing, "canary")
        engine.every(TIDY_S, self._kick_tidy, "tidy")
        engine.every(WEB_S, self._serve, "web")
        engine.every(ESCALATE_S, self._escalate, "escalate")
        if pause := notify.watchdog_s():
            engine.every(max(1, int(pause / 2)), self._alive, "watchdog")
        await self.app.deliver.resume_channels()
        with self._signals():
            log.info("service_started", feeds=len(self.app.ingest.context.feeds), database=_plain(self.app))
            notify.ready()
            await engine.run()
        await self.app.acting.server.stop()
        await self.app.ingest.give_up()
        notify.stopping()
        log.info("service_stopped")

    async def sweep(self) -> None:
        """Ask what is due, and have it done."""
        if self._ending:
            return
        shards = await self.app.ingest.due_shards()
        pages = await self.app.fulltext.due_shards()
        channels = await self.app.deliver.due_channels()
        await self.engine.kick([("poll", str(shard)) for shard in shards])
        await self.engine.kick([("page", str(shard)) for shard in pages])
        await self.engine.kick([("deliver", channel) for channel in channels])

    async def reload(self) -> None:
        """Read configuration, rules and templates again; what cannot be used leaves the old ones in force."""
        notify.reloading()
        try:
            await self.app.reload(config.load(self.config_path))
            await self.app.deliver.resume_channels()
        except MonitorError as error:
            log.error("reload_refused", reason=str(error))
        else:
            log.info("reloaded", feeds=len(self.app.ingest.context.feeds))
        finally:
            notify.ready()

    def end(self) -> None:
        """Begin nothing more; finish what is in flight."""
        self._ending = True
        notify.stopping()
        self._spawn(self.engine.stop())

    def _stop(self) -> bool:
        return self._ending

    async def _kick_digests(self) -> None:
        if not self._ending:
            await self.engine.kick([("digest", "0")])

    async def _watch(self) -> None:
        if not self._ending:
            await self.app.overdue.look()
            await self.app.watch.look()

    async def _sing(self) -> None:
        if not self._ending:
            await self.app.canary.sing()

    async def _serve(self) -> None:
        if not self._ending:
            await self.app.acting.server.serve()

    async def _escalate(self) -> None:
        if not self._ending:
            await self.app.acting.escalate.look()

    async def _kick_tidy(self) -> None:
        if not self._ending:
            await self.engine.kick([("tidy", "0")])

    async def refresh_lists(self) -> None:
        """Refresh the lists that are due; once one has changed, its names count."""
        refreshed = await self.app.refresh.refresh_due(self._stop)
        if any(each.state in {"first", "changed"} for each in refreshed) and not self._ending:
            await self.app.reload(self.app.settings)
            log.info("reloaded", feeds=len(self.app.ingest.context.feeds))

    async def _kick_lists(self) -> None:
        if not self._ending:
            await self.engine.kick([("lists", "0")])

    async def _alive(self) -> None:
        """Tell the service manager only after the store has answered: a stuck database is not alive."""
        await self.app.ingest.due_shards()
        notify.watchdog()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        wanted: dict[signal.Signals, Callable[[], None]] = {
            signal.SIGTERM: self.end,
            signal.SIGINT: self.end,
            signal.SIGHUP: lambda: self._spawn(self.reload()),
        }
        for number, act in wanted.items():
            loop.add_signal_handler(number, act)
        try:
            yield
        finally:
            for number in wanted:
                loop.remove_signal_handler(number)

    def _spawn(self, work: Awaitable[None]) -> None:
        async def done() -> None:
            await work

        task = asyncio.create_task(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _plain(app: App) -> str:
    """The database without credentials."""
    return app.settings.database.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What one pass of `once` came to."""

    polled: PollCounts
    sent: DeliveryCounts
    digests: int
    lists: tuple[RefreshResult, ...] = ()


async def once(app: App, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> RunSummary:
    """Refresh lists, poll what is due, look after the feeds, plan the digests due, deliver; then end.

    A feed whose host was asked a moment ago waits for the host's turn, as in the service; one whose host
    asked for a long rest is left for the next time.
    """
    lists = await app.refresh.refresh_due()
    begun, polled = app.clock(), PollCounts()
    while await _is_due_since(app, begun):
        shards = await app.ingest.due_shards()
        polled = sum(await asyncio.gather(*map(app.ingest.poll_shard, shards)), polled)
        if not shards and not await _is_soon(app):
            break
        if not shards:
            await pause(app.ingest.host_gap.total_seconds() / 4)
        polled += await app.ingest.finish()
    read = await _read_pages(app, pause)
    await app.watch.look()
    await app.overdue.look(settled=True)
    digests = await app.digests.plan_due(settled=True)
    await app.acting.escalate.look()
    channels = await app.deliver.due_channels()
    done = sum(await asyncio.gather(*map(app.deliver.send_due, channels)), DeliveryCounts())
    if await app.overdue.look(settled=True):
        channels = await app.deliver.due_channels()
        done += sum(await asyncio.gather(*map(app.deliver.send_due, channels)), DeliveryCounts())
    await app.retention.tidy()
    return RunSummary(polled + PollCounts(alerts=read.alerts), done, digests, lists)


async def _read_pages(app: App, pause: Callable[[float], Awaitable[None]]) -> ArticleCounts:
    """Read the pages that are due, each host's one after another."""
    read, idle, gap = ArticleCounts(), 0, app.ingest.host_gap
    while idle <= 5 and await app.fulltext.owed():
        shards = await app.fulltext.due_shards()
        read = sum(await asyncio.gather(*map(app.fulltext.read_shard, shards)), read)
        idle = 0 if shards else idle + 1
        await pause(0 if shards else gap.total_seconds() / 4)
    return read


async def _is_soon(app: App) -> bool:
    """Say whether some feed's turn comes within the usual gap between two requests to a host."""
    turn = await app.db.run(app.store.next_due)
    return turn is not None and turn - app.clock() <= app.ingest.host_gap


async def _is_due_since(app: App, begun: datetime) -> bool:
    states = await app.db.run(app.store.feed_states)
    return any(state.next_poll_at <= begun for state in states)
