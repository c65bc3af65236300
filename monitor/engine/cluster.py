"""The engine of several processes: kicks go through a Procrastinate queue on PostgreSQL, one process ticks.

Each kind of job has a queue and a worker of its own, its lane. Two locks named after kind and key keep the
promise of one queued and one running run. A process whose heartbeat stops loses its runs: the process that
makes the ticks gives them to others.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.jobs import Job, Status
from procrastinate.utils import utcnow
from procrastinate.worker import Worker

from monitor.clock import utc_now
from monitor.errors import StoreError
from monitor.model import Heartbeat, Lane, Run

from .base import Handler, Tick
from .local import GRACE_S, LocalEngine
from .queue_jobs import RETRY_S, QueueJobs, queue_errors, reason_of

log = structlog.get_logger()

#: How long to wait for a connection of the queue.
_CONNECT_S = 5.0

#: How soon a lane that has failed begins again, such as after a restart of the server.
_RESTART_S = 1.0

#: How often a lane polls the queue: it is notified of new kicks, but not of the end of the run before one.
_POLL_INTERVAL_S = 1.0

#: The state of a run that nobody has begun.
_QUEUED = "todo"

Work = tuple[str, str]


class ClusterEngine:
    """Shares the runs of all kinds with the other processes on a database.

    `leads` says whether this process makes the ticks of all. Runs of a process that is lost are with others
    within `lease`. `runs_jobs` is false in a process that only kicks. `stop` waits `grace_s` for running
    calls.
    """

    def __init__(
        self,
        url: str,
        *,
        lease: timedelta,
        leads: Callable[[], bool],
        runs_jobs: bool = True,
        grace_s: float = GRACE_S,
    ) -> None:
        self._heartbeat = Heartbeat(lease)
        self._leads = leads
        self._runs_jobs = runs_jobs
        self._grace_s = grace_s
        self._ticks = LocalEngine(grace_s)
        connector = PsycopgConnector(
            conninfo=url, min_size=1, max_size=8, timeout=_CONNECT_S, reconnect_timeout=_CONNECT_S
        )
        self._app = App(connector=connector)
        self._app.job_manager = self._jobs = QueueJobs(connector)
        self._lanes: dict[str, int] = {}
        self._running: dict[Work, datetime] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._workers: dict[str, Worker] = {}
        self._stopping = False
        self.every(self._heartbeat.beat_s, self._reap, "reap")
        self.every(RETRY_S, self._jobs.finish_late, "ends", everywhere=True)
        for name in ("procrastinate", "psycopg.pool"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what fails is logged here, as events

    def handler(self, kind: str, fn: Handler, *, max_concurrent: int) -> None:
        """Register the handler of a kind, with the number of its concurrent runs in this process."""

        async def run(key: str) -> None:
            self._running[kind, key] = utc_now()
            try:
                await fn(key)
            except StoreError as error:
                log.warning("engine_run_failed", kind=kind, key=key, reason=str(error))
            except Exception:  # a failed run must not stop the others; the next sweep kicks it again
                log.exception("engine_run_failed", kind=kind, key=key)
            finally:
                self._running.pop((kind, key), None)

        self._app.task(name=kind, queue=kind)(run)
        self._lanes[kind] = max_concurrent

    def every(self, seconds: float, fn: Tick, name: str, *, everywhere: bool = False) -> None:
        """Call `fn` at intervals in the process that leads, or in each one; `name` is unique."""

        async def unless_another_leads() -> None:
            if everywhere or self._leads():
                await fn()

        self._ticks.every(seconds, unless_another_leads, name)

    async def kick(self, works: Iterable[Work]) -> None:
        """Queue a run of each work that is not queued yet.

        Raises:
            StoreError: the queue does not answer.
        """
        wanted = {":".join(work): work for work in works if not self._stopping}
        if wanted:
            with queue_errors():
                await self._queue_missing(wanted)

    async def _queue_missing(self, wanted: Mapping[str, Work]) -> None:
        queued = await self._jobs.list_jobs_async(status=_QUEUED)
        missing = wanted.keys() - {job.queueing_lock for job in queued}
        jobs = [_job(lock, wanted[lock]) for lock in sorted(missing)]
        try:
            if jobs:
                await self._jobs.batch_defer_jobs_async(jobs)
        except exceptions.AlreadyEnqueued:  # another process was first with one of them
            for job in jobs:
                await self._queue(job)

    def lanes(self) -> tuple[Lane, ...]:
        """Return what runs now in each lane of this process."""
        if not self._runs_jobs:
            return ()
        runs = defaultdict[str, list[Run]](list)
        for (kind, key), since in self._running.items():
            runs[kind].append(Run(key, since))
        return tuple(Lane(kind, limit, tuple(runs[kind])) for kind, limit in sorted(self._lanes.items()))

    async def run(self) -> None:
        """Tick, and run what any process has kicked, until `stop` has ended."""
        async with self._app.open_async():
            if self._runs_jobs:
                for kind, concurrency in self._lanes.items():
                    self._tasks.add(asyncio.create_task(self._serve(kind, concurrency), name=f"lane {kind}"))
            await self._ticks.run()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Start nothing more; wait for running calls, then cancel them."""
        self._stopping = True
        for worker in self._workers.values():
            # To cancel its task is not enough: in Python 3.11 a wait for the database may swallow that.
            worker.stop()  # type: ignore[no-untyped-call]  # no annotations there
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._ticks.stop()

    async def _queue(self, job: Job) -> None:
        try:
            await self._jobs.defer_job_async(job)
        except exceptions.AlreadyEnqueued:
            return

    async def _serve(self, kind: str, concurrency: int) -> None:
        """Run the jobs of a kind; begin again when that fails, such as while the server restarts."""
        while not self._stopping:
            try:
                await self._work(kind, concurrency)
            except exceptions.ProcrastinateException as error:
                log.warning("engine_lane_failed", kind=kind, reason=reason_of(error))
            if not self._stopping:
                await asyncio.sleep(_RESTART_S)

    async def _work(self, kind: str, concurrency: int) -> None:
        worker = self._workers[kind] = Worker(
            self._app,
            name=kind,
            queues=[kind],
            concurrency=concurrency,
            delete_jobs="always",
            fetch_job_polling_interval=_POLL_INTERVAL_S,
            shutdown_graceful_timeout=self._grace_s,
            update_heartbeat_interval=self._heartbeat.beat_s,
            stalled_worker_timeout=self._heartbeat.limit_s,
            install_signal_handlers=False,
        )
        await worker.run()  # type: ignore[no-untyped-call]  # no annotations there

    async def _reap(self) -> None:
        """Give the runs of processes without a heartbeat to others."""
        limit_s = self._heartbeat.limit_s
        with queue_errors():
            await self._jobs.prune_stalled_workers(limit_s)
            for job in await self._jobs.get_stalled_jobs(seconds_since_heartbeat=limit_s):
                await self._give_to_another(job)

    async def _give_to_another(self, job: Job) -> None:
        """Queue a lost run again, unless it has a successor or has ended after all."""
        log.warning("engine_run_lost", kind=job.queue, key=job.task_kwargs.get("key"))
        try:
            await self._jobs.retry_job(job, retry_at=utcnow())
        except exceptions.UniqueViolation:  # its successor is queued already; procrastinate#1446
            await self._jobs.finish_job(job, status=Status.FAILED, delete_job=True)
        except exceptions.ConnectorException as error:  # it has ended after all
            log.info("engine_run_ended_late", kind=job.queue, reason=reason_of(error))


def _job(lock: str, work: Work) -> Job:
    kind, key = work
    kwargs: dict[str, Any] = {"key": key}
    return Job(
        id=None,
        status=None,
        queue=kind,
        lock=lock,
        queueing_lock=lock,
        task_name=kind,
        task_kwargs=kwargs,
        priority=0,
        scheduled_at=None,
        attempts=0,
    )
