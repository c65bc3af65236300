"""Keep this process a member of a cluster: its heartbeat, its leases, and what the others ask of it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from monitor.errors import StoreError
from monitor.model import (
    Heartbeat,
    Incident,
    IncidentKind,
    Lane,
    LeaseName,
    Worker,
    differing_workers,
    missing_workers,
)

from .context import JobContext

log = structlog.get_logger()

#: The remedy for processes that run other versions than the rest.
SAME_FILES = "put the same files on every machine, then run `sanctions-monitor reload`"


@dataclass(kw_only=True)
class Membership:
    """Reports this process to the others, and takes the lease of the ticks when it is free.

    `worker` says what it was at its start. `repeatable` returns the channels on which a message may be
    repeated, `lanes` what runs in this process. `on_reload` is called when a reload of all processes was
    requested.
    """

    context: JobContext
    worker: Worker
    lease: timedelta
    repeatable: Callable[[], tuple[str, ...]]
    on_reload: Callable[[], None] = field(default=lambda: None)
    lanes: Callable[[], tuple[Lane, ...]] = field(default=lambda: ())
    _leads_until: float = float("-inf")
    _reloads: int | None = None
    _differing_since: dict[tuple[str, tuple[str, ...]], datetime] = field(default_factory=dict)
    _differing: frozenset[tuple[str, tuple[str, ...]]] = frozenset()
    _missing: tuple[Worker, ...] = ()

    @property
    def heartbeat(self) -> Heartbeat:
        """How often this process reports that it lives."""
        return Heartbeat(self.lease)

    def leads(self) -> bool:
        """Say whether this process calls what is due at intervals for all.

        It stops before another may begin, also if it was frozen for a time.
        """
        return asyncio.get_running_loop().time() < self._leads_until

    async def join(self) -> None:
        """Add this process to the cluster.

        Raises:
            StoreError: processes of another version of the program serve the database.
        """
        context, store = self.context, self.context.store
        await self.beat()
        others = await context.db.run(store.workers, context.clock() - self.lease)
        if strangers := [each for each in others if each.program != self.worker.program]:
            await self.leave()
            named = ", ".join(f"{each.process} runs {each.program}" for each in strangers)
            raise StoreError(
                f"this is sanctions-monitor {self.worker.program}, but {named}; end those processes first,"
                " or start the same version"
            )
        log.info("cluster_joined", members=len(others))

    async def retire(self) -> None:
        """Give up the lease of the ticks, so that another process takes it while this one ends."""
        self.worker = replace(self.worker, runs_jobs=False)
        self._leads_until = float("-inf")
        context = self.context
        await context.db.run(context.store.end_lease, LeaseName.TICKS, self.worker.id, context.clock())

    async def leave(self) -> None:
        """Remove this process from the cluster, so that others take over at once."""
        self._leads_until = float("-inf")
        await self.context.db.run(self.context.store.remove_worker, self.worker.id, self.context.clock())

    async def beat(self) -> None:
        """Report that this process lives and what it runs; take over from processes that do not."""
        context, store, begun = self.context, self.context.store, asyncio.get_running_loop().time()
        now = context.clock()
        await context.db.run(store.report_worker, self._running(now))
        if self.worker.runs_jobs:
            await self._lead(begun)
        await self._follow_reloads()

    def incidents(self, now: datetime) -> Iterator[Incident]:
        """Yield the processes that are missing, and those that run other versions than the rest.

        Only the process that leads knows them, as of its last heartbeat.
        """
        for each in self._missing:
            reason = (
                f"no heartbeat since {each.seen_at:%Y-%m-%d %H:%M} UTC, and none was started in its place"
            )
            yield Incident(each.process, IncidentKind.WORKER, f"{reason}: start it again", now)
        for process, names in sorted(self._differing):
            yield Incident(process, IncidentKind.DIFFERS, f"other {', '.join(names)}: {SAME_FILES}", now)

    async def request_reload(self) -> None:
        """Make all processes read their configuration, rules and templates again."""
        await self.context.db.run(self.context.store.request_reload)
        await self.beat()

    def _running(self, now: datetime) -> Worker:
        engine = self.context.policy.engine
        versions = engine.versions if engine else {}
        return replace(
            self.worker,
            rules=versions.get("rules", ""),
            lexicon=versions.get("lexicon", ""),
            lists=versions.get("lists", ""),
            config=self.context.policy.settings_version,
            seen_at=now,
            lanes=self.lanes(),
        )

    async def _lead(self, begun: float) -> None:
        """Take or renew the lease of the ticks; if it is ours, forget the processes that are lost."""
        context, store, now = self.context, self.context.store, self.context.clock()
        led, heartbeat = self.leads(), self.heartbeat
        until = now + heartbeat.limit
        epoch = await context.db.run(store.take_lease, LeaseName.TICKS, self.worker.id, now, until)
        if epoch is None:
            self._leads_until = float("-inf")
            return
        if not led:
            log.info("cluster_led", epoch=epoch)
        uncertain_until = now + context.policy.delivery.uncertain_wait
        lost = await context.db.run(
            store.forget_workers, now - heartbeat.limit, now, uncertain_until, self.repeatable()
        )
        for process in lost.processes:
            log.warning("worker_lost", process=process)
        if lost.deliveries:
            log.warning("leases_released", count=lost.deliveries)
        known = await context.db.run(store.known_workers)
        self._missing = missing_workers(known)
        self._compare(known, now)
        self._leads_until = begun + heartbeat.limit_s - heartbeat.beat_s

    def _compare(self, workers: Iterable[Worker], now: datetime) -> None:
        """Log once which processes run other versions than the rest, and when they no longer do.

        Processes reload one after another: what differs for less than a lease is not logged.
        """
        found = {(each.process, names) for each, names in differing_workers(workers)}
        self._differing_since = {each: self._differing_since.get(each, now) for each in found}
        lasting = {each for each, since in self._differing_since.items() if now - since >= self.lease}
        for process, names in sorted(lasting - self._differing):
            log.warning("worker_differs", process=process, versions=names, remedy=SAME_FILES)
        for process, names in sorted(self._differing - found):
            log.info("worker_agrees", process=process, versions=names)
        self._differing = frozenset(lasting)

    async def _follow_reloads(self) -> None:
        count = await self.context.db.run(self.context.store.reload_count)
        if self._reloads is not None and count != self._reloads:
            self.on_reload()
        self._reloads = count
