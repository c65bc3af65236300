"""Run the service: schedule every job, reload on SIGHUP, end on SIGTERM.

Due times are in the store; the engine only moves kicks. One sweep a second asks the store which shards and
channels are due and kicks them; losing or repeating a kick is harmless.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from monitor import config
from monitor.engine.base import Engine
from monitor.errors import MonitorError
from monitor.jobs.attempt import DeliveryCounts
from monitor.jobs.fulltext import ArticleCounts
from monitor.jobs.lists import RefreshResult
from monitor.jobs.poll import PollCounts

from . import sd_notify
from .build import App

log = structlog.get_logger()

SWEEP_S = 1
DIGEST_S = 2
HEALTH_S = 5
CANARY_S = 60
RETENTION_S = 3600
LISTS_S = 60
WEB_S = 5
ESCALATE_S = 5

#: The clock may go back so far without a word: the time service corrects it all the time.
CLOCK_TOLERANCE = timedelta(seconds=30)

#: How many runs of one kind of job go on at once.
CONCURRENCY = {"poll": 16, "deliver": 64, "article": 8, "digest": 1, "retention": 1, "lists": 1}


@dataclass
class Service:
    """Serves one database until SIGTERM or SIGINT. `config_path` is read again on SIGHUP."""

    app: App
    engine: Engine
    config_path: Path
    _ending: bool = False
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _reloading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _reload_waits: bool = False
    _swept_at: datetime | None = None

    async def run(self) -> None:
        """Run every job until the end; then finish deliveries and commits, and cancel polls that wait."""
        self._handle_kicks()
        self._schedule()
        await self.app.deliver.resume_channels()
        with self._signals():
            feeds = len(self.app.policy.alerts.feeds)
            log.info("service_started", feeds=feeds, database=_plain(self.app))
            sd_notify.ready()
            await self.engine.run()
        await self.app.web.stop()
        await self.app.poll.cancel()
        sd_notify.stopping()
        log.info("service_stopped")

    def _handle_kicks(self) -> None:
        """Say what a kick of each kind runs."""
        app, handler = self.app, self.engine.handler
        runs: dict[str, Callable[[str], Awaitable[object]]] = {
            "poll": lambda key: app.poll.poll_shard(int(key), self._stop),
            "deliver": lambda key: app.deliver.send_due(key, self._stop),
            "digest": lambda key: app.digest.plan_due(),
            "article": lambda key: app.fulltext.read_shard(int(key), self._stop),
            "retention": lambda key: app.retention.run(self._stop),
            "lists": lambda key: self.refresh_lists(),
        }
        for kind, run in runs.items():
            handler(kind, run, lane=CONCURRENCY[kind])

    def _schedule(self) -> None:
        """Say what runs how often."""
        every = self.engine.every
        every(SWEEP_S, self.sweep, "sweep")
        every(LISTS_S, self._kicker("lists"), "lists")
        every(DIGEST_S, self._kicker("digest"), "digests")
        every(RETENTION_S, self._kicker("retention"), "retention")
        every(HEALTH_S, self._unless_ending(self._check_health), "health")
        every(CANARY_S, self._unless_ending(self.app.canary.run), "canary")
        every(WEB_S, self._unless_ending(self.app.web.serve), "web")
        every(ESCALATE_S, self._unless_ending(self.app.escalate.run), "escalate")
        if pause := sd_notify.watchdog_s():
            every(max(1, int(pause / 2)), self._notify_watchdog, "watchdog")

    async def sweep(self) -> None:
        """Ask the store what is due, and kick it."""
        if self._ending:
            return
        await self._follow_clock()
        shards = await self.app.poll.due_shards()
        article_shards = await self.app.fulltext.due_shards()
        channels = await self.app.deliver.due_channels()
        await self.engine.kick([("poll", str(shard)) for shard in shards])
        await self.engine.kick([("article", str(shard)) for shard in article_shards])
        await self.engine.kick([("deliver", channel) for channel in channels])

    async def _follow_clock(self) -> None:
        """Make due what was planned by a clock that has been set back since."""
        now, before = self.app.clock(), self._swept_at
        self._swept_at = now
        if before and before - now > CLOCK_TOLERANCE:
            log.warning("clock_set_back", seconds=round((before - now).total_seconds()))
            await self.app.enrol()

    def request_reload(self) -> None:
        """Reload soon; requests while one reload runs and another waits are one."""
        if not self._reload_waits:
            self._reload_waits = True
            self._spawn(self._reload_in_turn())

    async def _reload_in_turn(self) -> None:
        async with self._reloading:
            self._reload_waits = False
            await self.reload()

    async def reload(self) -> None:
        """Read configuration, rules and templates again; the old ones stay in force if that fails."""
        sd_notify.reloading()
        try:
            await self.app.reload(config.load(self.config_path))
            await self.app.deliver.resume_channels()
        except MonitorError as error:
            log.error("reload_refused", reason=str(error))
        else:
            log.info("reloaded", feeds=len(self.app.policy.alerts.feeds))
        finally:
            sd_notify.ready()

    async def refresh_lists(self) -> None:
        """Refresh the lists that are due; if one has changed, put its names in force."""
        with self.app.context.current.use():
            refreshed = await self.app.lists.refresh_due(self._stop)
        if any(each.state in {"first", "changed"} for each in refreshed) and not self._ending:
            async with self._reloading:
                await self.app.reload(self.app.settings)
            log.info("reloaded", feeds=len(self.app.policy.alerts.feeds))

    def end(self) -> None:
        """Begin nothing more; finish what is in flight."""
        self._ending = True
        sd_notify.stopping()
        self._spawn(self.engine.stop())

    async def idle(self) -> None:
        """Wait until no reload runs or waits."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _stop(self) -> bool:
        return self._ending

    def _kicker(self, kind: str) -> Callable[[], Awaitable[None]]:
        async def kick() -> None:
            if not self._ending:
                await self.engine.kick([(kind, "0")])

        return kick

    def _unless_ending(self, run: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        async def run_unless_ending() -> None:
            if not self._ending:
                await run()

        return run_unless_ending

    async def _check_health(self) -> None:
        await self.app.overdue.run()
        await self.app.health.run()
        await self.app.context.current.close_retired()

    async def _notify_watchdog(self) -> None:
        """Notify the service manager only after the store has responded: a stuck database is a fault."""
        await self.app.poll.due_shards()
        sd_notify.watchdog()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        wanted: dict[signal.Signals, Callable[[], None]] = {
            signal.SIGTERM: self.end,
            signal.SIGINT: self.end,
            signal.SIGHUP: self.request_reload,
        }
        for number, react in wanted.items():
            loop.add_signal_handler(number, react)
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
    """The result of one pass of `once`."""

    polled: PollCounts
    sent: DeliveryCounts
    digests: int
    lists: tuple[RefreshResult, ...] = ()


async def once(app: App, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> RunSummary:
    """Run every job once, in order: lists, polls, articles, health, overdue, digests, deliveries, retention.

    A feed whose host was asked a moment ago waits for the host's turn, as in the service; one whose host
    asked for a long pause is left for the next time.
    """
    lists = await app.lists.refresh_due()
    polled = await _poll_due(app, pause)
    articles = await _read_articles(app, pause)
    await app.health.run()
    await app.overdue.run(final=True)
    digests = await app.digest.plan_due(final=True)
    await app.escalate.run()
    sent = await _deliver_due(app)
    if await app.overdue.run(final=True):
        sent += await _deliver_due(app)
    await app.retention.run()
    return RunSummary(polled + PollCounts(alerts=articles.alerts), sent, digests, lists)


async def _poll_due(app: App, pause: Callable[[float], Awaitable[None]]) -> PollCounts:
    """Poll every feed that is due at the start, each host's one after another."""
    begun, polled = app.clock(), PollCounts()
    host_gap = app.policy.polling.host_gap
    while await _is_due_since(app, begun):
        shards = await app.poll.due_shards()
        polled = sum(await asyncio.gather(*map(app.poll.poll_shard, shards)), polled)
        if not shards and not await _is_soon(app):
            break
        if not shards:
            await pause(host_gap.total_seconds() / 4)
        polled += await app.poll.finish()
    return polled + await app.poll.finish()


async def _deliver_due(app: App) -> DeliveryCounts:
    channels = await app.deliver.due_channels()
    return sum(await asyncio.gather(*map(app.deliver.send_due, channels)), DeliveryCounts())


async def _read_articles(app: App, pause: Callable[[float], Awaitable[None]]) -> ArticleCounts:
    """Fetch the articles that are due, each host's one after another."""
    read, idle = ArticleCounts(), 0
    host_gap = app.policy.polling.host_gap
    while idle <= 5 and await app.fulltext.count_due():
        shards = await app.fulltext.due_shards()
        read = sum(await asyncio.gather(*map(app.fulltext.read_shard, shards)), read)
        idle = 0 if shards else idle + 1
        await pause(0 if shards else host_gap.total_seconds() / 4)
    return read


async def _is_soon(app: App) -> bool:
    """Say whether some feed's turn comes within the usual gap between two requests to a host."""
    turn = await app.db.run(app.store.next_due)
    return turn is not None and turn - app.clock() <= app.policy.polling.host_gap


async def _is_due_since(app: App, begun: datetime) -> bool:
    states = await app.db.run(app.store.feed_states)
    return any(state.next_poll_at <= begun for state in states)
