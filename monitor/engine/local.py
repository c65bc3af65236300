"""The embedded engine: one process, APScheduler for the ticks, a dictionary for the kicks."""

import asyncio
from collections.abc import Iterable
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from .base import Handler, Tick

log = structlog.get_logger()

GRACE_S = 30.0

Work = tuple[str, str]


class LocalEngine:
    """Runs everything in this process's event loop."""

    def __init__(self, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._handlers: dict[str, Handler] = {}
        self._lanes: dict[str, asyncio.Semaphore] = {}
        self._ticks: list[tuple[float, Tick, str]] = []
        self._tasks: dict[Work, asyncio.Task[None]] = {}
        self._running: set[Work] = set()
        self._again: set[Work] = set()
        self._ending = False
        self._ended = asyncio.Event()

    def handler(self, kind: str, fn: Handler, *, lane: int) -> None:
        """Say what a kick of this kind runs, and how many side by side."""
        self._handlers[kind] = fn
        self._lanes[kind] = asyncio.Semaphore(lane)

    def every(self, seconds: float, fn: Tick, name: str) -> None:
        """Call `fn` at once and then every so many seconds, from `run` on."""
        self._ticks.append((seconds, fn, name))

    async def kick(self, works: Iterable[Work]) -> None:
        """Start what is idle; what runs already runs once more afterwards; what is queued stays queued."""
        for work in works:
            if self._ending:
                return
            if work in self._tasks:
                if work in self._running:
                    self._again.add(work)
                continue
            task = asyncio.create_task(self._work(work), name=":".join(work))
            self._tasks[work] = task
            task.add_done_callback(partial(self._forget, work))

    async def run(self) -> None:
        """Tick until `stop` has ended."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        for seconds, fn, name in self._ticks:
            scheduler.add_job(
                self._tick,
                IntervalTrigger(seconds=seconds, timezone="UTC"),
                args=(fn, name),
                id=name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,  # its default drops a tick that is a second late
            )
        scheduler.start()
        try:
            for _, fn, name in self._ticks:
                await self._tick(fn, name)
            await self._ended.wait()
        finally:
            scheduler.shutdown(wait=False)

    async def stop(self) -> None:
        """Begin nothing more; give what runs its grace, then cancel it."""
        self._ending = True
        queued = [task for work, task in self._tasks.items() if work not in self._running]
        for task in queued:
            task.cancel()
        running = [task for work, task in self._tasks.items() if work in self._running]
        if running:
            _, late = await asyncio.wait(running, timeout=self._grace_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await asyncio.gather(*queued, return_exceptions=True)
        self._ended.set()

    async def idle(self) -> None:
        """Wait until nothing is queued or running."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    def _forget(self, work: Work, _task: asyncio.Task[None]) -> None:
        del self._tasks[work]

    async def _work(self, work: Work) -> None:
        kind, key = work
        while True:
            async with self._lanes[kind]:
                self._again.discard(work)
                self._running.add(work)
                try:
                    await self._handlers[kind](key)
                except Exception:
                    log.exception("engine_run_failed", kind=kind, key=key)
                finally:
                    self._running.discard(work)
            if work not in self._again or self._ending:
                return

    async def _tick(self, fn: Tick, name: str) -> None:
        if self._ending:
            return
        try:
            await fn()
        except Exception:
            log.exception("engine_tick_failed", tick=name)
