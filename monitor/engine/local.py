"""The engine of one process: APScheduler for the ticks, two sets for the kicks."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.clock import utc_now
from monitor.errors import StoreError

from .base import Handler, Tick

log = structlog.get_logger()

GRACE_S = 30.0

Work = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Kind:
    run: Handler
    max_concurrent: asyncio.Semaphore


class LocalEngine:
    """Runs everything in this process's event loop; `stop` waits `grace_s` for running calls."""

    def __init__(self, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._kinds: dict[str, _Kind] = {}
        self._every: list[tuple[float, Tick, str]] = []
        self._queued: set[Work] = set()
        self._running: set[Work] = set()
        self._tasks: dict[asyncio.Task[None], Work] = {}
        self._ticking: set[asyncio.Task[None]] = set()
        self._failing: set[str] = set()
        self._stopping = False
        self._stopped = asyncio.Event()

    def handler(self, kind: str, fn: Handler, *, max_concurrent: int) -> None:
        """Register the handler of a kind, with the number of its concurrent runs."""
        self._kinds[kind] = _Kind(fn, asyncio.Semaphore(max_concurrent))

    def every(self, seconds: float, fn: Tick, name: str, *, everywhere: bool = False) -> None:
        """Call `fn` when `run` begins and then every so many seconds; `name` is unique."""
        self._every.append((seconds, fn, name))

    async def kick(self, works: Iterable[Work]) -> None:
        """Start a run of each work; while one runs, queue one more; a second in the queue is dropped."""
        for work in works:
            kind = self._kinds[work[0]]
            if self._stopping or work in self._queued:
                continue
            self._queued.add(work)
            if work not in self._running:
                task = asyncio.create_task(self._work(kind, work), name=":".join(work))
                self._tasks[task] = work
                task.add_done_callback(self._tasks.pop)

    async def run(self) -> None:
        """Tick until `stop` has ended."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        for seconds, fn, name in self._every:
            scheduler.add_job(
                self._tick,
                IntervalTrigger(seconds=seconds, timezone="UTC"),
                args=(fn, name),
                id=name,
                next_run_time=utc_now(),  # its default is one interval from now
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,  # its default drops a tick that is a second late
            )
        scheduler.start()
        try:
            await self._stopped.wait()
        finally:
            scheduler.shutdown(wait=False)

    async def stop(self) -> None:
        """Start nothing more; wait for running calls, then cancel them."""
        self._stopping = True
        self._queued.clear()
        running = {task for task, work in self._tasks.items() if work in self._running} | self._ticking
        for task in self._tasks.keys() - running:
            task.cancel()
        if running:
            _, late = await asyncio.wait(running, timeout=self._grace_s)
            for task in late:
                log.warning("engine_run_cancelled", run=task.get_name(), after_s=self._grace_s)
                task.cancel()
        await asyncio.gather(*running, *self._tasks, return_exceptions=True)
        self._stopped.set()

    async def idle(self) -> None:
        """Wait until no kick is queued or running."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _work(self, kind: _Kind, work: Work) -> None:
        """Run until no kick is queued; there is no await between the last check and the end."""
        try:
            while work in self._queued:
                async with kind.max_concurrent:
                    await self._attempt(kind, work)
        finally:
            self._queued.discard(work)  # a run that cancelled itself must not leave its key queued for ever

    async def _attempt(self, kind: _Kind, work: Work) -> None:
        self._queued.discard(work)
        self._running.add(work)
        try:
            await kind.run(work[1])
        except StoreError as error:
            log.warning("engine_run_failed", kind=work[0], key=work[1], reason=str(error))
        except Exception:  # a failed run must not stop the others; the next sweep kicks it again
            log.exception("engine_run_failed", kind=work[0], key=work[1])
        finally:
            self._running.discard(work)

    async def _tick(self, fn: Tick, name: str) -> None:
        task = asyncio.current_task()
        if self._stopping or task is None:
            return
        task.set_name(name)
        self._ticking.add(task)
        try:
            await fn()
            self._failing.discard(name)
        except StoreError as error:  # logged once, until it succeeds again: an outage fails every tick
            if name not in self._failing:
                log.warning("engine_tick_failed", tick=name, reason=str(error))
            self._failing.add(name)
        except Exception:  # a failed tick must not prevent the next one
            log.exception("engine_tick_failed", tick=name)
        finally:
            self._ticking.discard(task)
