"""Run the service, or a member of a cluster: schedule every job, reload on SIGHUP, end on SIGTERM.

Due times are in the store; the engine only moves kicks. One sweep a second asks the store which shards and
channels are due and kicks them; losing or repeating a kick is harmless.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from monitor.engine.base import Engine
from monitor.jobs.lists import NEW_COPY
from monitor.model import Feed

from . import sd_notify
from .build import App
from .reloads import Reloads

log = structlog.get_logger()

SWEEP_S = 1
DIGEST_S = 2
HEALTH_S = 5
CANARY_S = 60
RETENTION_S = 3600
LISTS_S = 60
WEB_S = 5
ESCALATE_S = 5
REFOLD_S = 60
REMIND_S = 60
SILENCE_S = 10
WEBSUB_S = 20

#: The longest that a due feed waits for others to be polled with it.
GATHER_S = 5.0

#: How long polls that wait for a slow server may delay the end of the program.
POLL_GRACE_S = 10

#: The clock may go back so far without a word: the time service corrects it all the time.
CLOCK_TOLERANCE = timedelta(seconds=30)

#: How many runs of one kind of job go on at once.
CONCURRENCY = {"poll": 16, "deliver": 64, "article": 8, "digest": 1, "retention": 1, "lists": 1}


@dataclass(kw_only=True)
class Service:
    """Serves one database until SIGTERM or SIGINT. `config_path` is read again on SIGHUP.

    `has_desk` is false in a member of a cluster that only works.
    """

    app: App
    engine: Engine
    config_path: Path
    has_desk: bool = True
    _ending: bool = False
    _reloads: Reloads = field(init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _swept_at: datetime | None = None
    _began_at: datetime | None = None
    _gathered_for: Mapping[str, Feed] | None = None
    _gather: timedelta = timedelta()

    def __post_init__(self) -> None:
        self._reloads = Reloads(app=self.app, config_path=self.config_path, spawn=self._spawn)

    async def run(self) -> None:
        """Run every job until the end; then finish deliveries and commits, and cancel polls that wait."""
        self._handle_kicks()
        self._schedule()
        self.app.web.on_reload(self.request_reload)
        if self.app.membership is None:
            await self.app.deliver.resume_channels()
        with self._signals():
            feeds = len(self.app.policy.alerts.feeds)
            log.info("service_started", feeds=feeds, database=_database_label(self.app.settings.database))
            sd_notify.ready()
            await self.engine.run()
        await self.app.web.stop()
        await self._end_polls()
        sd_notify.stopping()
        log.info("service_stopped")

    def _handle_kicks(self) -> None:
        """Register the job that a kick of each kind runs."""
        app, handler = self.app, self.engine.handler
        poll = app.poll.serve_shard if app.membership else app.poll.poll_shard
        runs: dict[str, Callable[[str], Awaitable[object]]] = {
            "poll": lambda key: poll(int(key), self._stop),
            "deliver": lambda key: app.deliver.send_due(key, self._stop),
            "digest": lambda key: app.digest.plan_due(),
            "article": lambda key: app.fulltext.read_shard(int(key), self._stop),
            "retention": lambda key: app.retention.run(self._stop),
            "lists": lambda key: self.refresh_lists(),
        }
        for kind, run in runs.items():
            handler(kind, run, max_concurrent=CONCURRENCY[kind])

    def _schedule(self) -> None:
        """Register what is called at intervals."""
        every = self.engine.every
        every(SWEEP_S, self.sweep, "sweep")
        every(LISTS_S, self._kicker("lists"), "lists")
        every(DIGEST_S, self._kicker("digest"), "digests")
        every(RETENTION_S, self._kicker("retention"), "retention")
        every(HEALTH_S, self._unless_ending(self._check_health), "health")
        every(CANARY_S, self._unless_ending(self.app.canary.run), "canary")
        if self.has_desk:
            every(WEB_S, self._unless_ending(self.app.web.serve), "web", everywhere=True)
        every(ESCALATE_S, self._unless_ending(self.app.escalate.run), "escalate")
        every(REFOLD_S, lambda: self.app.refold.run_all(self._stop), "refold")
        every(REMIND_S, self._unless_ending(self.app.remind.run), "remind")
        every(WEBSUB_S, self._unless_ending(self.app.websub.run), "websub")
        every(SILENCE_S, self._unless_ending(self.app.silence_end.run), "silences")
        if pause := sd_notify.watchdog_s():
            every(max(1, int(pause / 2)), self._notify_watchdog, "watchdog", everywhere=True)
        if membership := self.app.membership:
            membership.on_reload = self._reloads.request_here
            beat_s = membership.heartbeat.beat_s
            every(beat_s, membership.beat, "heartbeat", everywhere=True)
            every(beat_s, self._follow_lists, "shared lists", everywhere=True)
            every(SWEEP_S, self.app.deliver.release_leases, "leases", everywhere=True)
            every(SWEEP_S, self.app.poll.release_hosts, "hosts", everywhere=True)

    async def _follow_lists(self) -> None:
        """Put the lists in force that another member of the cluster has fetched."""
        if self.app.shared_lists and await self.app.shared_lists.fetch() and not self._ending:
            await self._reloads.reload_names()

    async def sweep(self) -> None:
        """Ask the store what is due, and kick it."""
        if self._ending:
            return
        await self._follow_clock()
        due = await self.app.due_kinds()
        if "poll" in due and self._polls_begin():
            shards = await self.app.poll.due_shards()
            await self.engine.kick([("poll", str(shard)) for shard in shards])
        if "article" in due:
            shards = await self.app.fulltext.due_shards()
            await self.engine.kick([("article", str(shard)) for shard in shards])
        if "deliver" in due:
            channels = await self.app.deliver.due_channels()
            await self.engine.kick([("deliver", channel) for channel in channels])

    def _polls_begin(self) -> bool:
        """Say whether polls may begin: due feeds gather for a moment, and share a query and a transaction.

        The moment is short beside the shortest interval, and at most `GATHER_S`.
        """
        now, feeds = self.app.clock(), self.app.policy.alerts.feeds
        if self._gathered_for is not feeds:
            shortest = min((feed.every.total_seconds() for feed in feeds.values()), default=0.0)
            self._gathered_for, self._gather = feeds, timedelta(seconds=min(GATHER_S, shortest / 120))
        if self._began_at and timedelta() <= now - self._began_at < self._gather:
            return False
        self._began_at = now
        return True

    async def _follow_clock(self) -> None:
        """Make due what was planned by a clock that has been set back since."""
        now, before = self.app.clock(), self._swept_at
        self._swept_at = now
        if before and before - now > CLOCK_TOLERANCE:
            log.warning("clock_set_back", seconds=round((before - now).total_seconds()))
            await self.app.follow_clock_back()

    def request_reload(self) -> None:
        """Reload soon, all members of a cluster; requests while a reload waits are one."""
        self._reloads.request()

    async def refresh_lists(self) -> None:
        """Refresh the lists that are due; if one has changed, put its names in force."""
        shared = self.app.shared_lists
        changed = await shared.fetch() if shared else False
        with self.app.context.current.use():
            refreshed = await self.app.lists.refresh_due(self._stop)
        if self._ending:
            return
        if changed or any(each.state in NEW_COPY for each in refreshed):
            await self._reloads.reload_names()
        if shared and refreshed:
            await shared.publish()

    def end(self) -> None:
        """Begin nothing more; finish what is in flight."""
        self._ending = True
        sd_notify.stopping()
        if self.app.membership:
            self._spawn(self.app.membership.retire())
        self._spawn(self.engine.stop())

    async def idle(self) -> None:
        """Wait until no reload runs or waits."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _end_polls(self) -> None:
        """Let slow polls finish for a moment, then cancel them."""
        try:
            async with asyncio.timeout(POLL_GRACE_S):
                await self.app.poll.finish()
        except TimeoutError:
            await self.app.poll.cancel()

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


def _database_label(database: str) -> str:
    """Return the path or URL of a database without credentials."""
    return database.rpartition("@")[2]
