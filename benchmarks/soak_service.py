"""The service under soak: ``python -m benchmarks.soak_service CONFIG CLOCK [STEP_S]``.

Without STEP_S it serves in real time. With it, time goes on by that many seconds as soon as there is nothing left to
do at the present moment; signals are handled between two steps.
"""

import asyncio
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from benchmarks.soak_world import SharedClock, shared_clock
from monitor.app.build import App, build
from monitor.app.log import configure_logging
from monitor.app.service import Service
from monitor.config import load
from monitor.engine.base import Engine, Handler, Tick
from monitor.engine.local import LocalEngine
from monitor.resources import limit_heaps, raise_open_files, settle_memory

log = structlog.get_logger()


@dataclass
class Ticking:
    """A job that runs at intervals, and when it runs next."""

    name: str
    every_s: float
    run: Tick
    next_at: float = 0.0


@dataclass
class SteppedEngine:
    """An engine whose time goes on when all work of a moment is done."""

    app: App
    clock: SharedClock
    step_s: float
    _local: LocalEngine = field(default_factory=LocalEngine)
    _ticks: list[Ticking] = field(default_factory=list)
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False

    def handler(self, kind: str, fn: Handler, *, max_concurrent: int) -> None:
        """Register the handler of a kind."""
        self._local.handler(kind, fn, max_concurrent=max_concurrent)

    async def kick(self, works: Iterable[tuple[str, str]]) -> None:
        """Start a run of each work."""
        await self._local.kick(works)

    def every(self, seconds: float, fn: Tick, name: str, *, everywhere: bool = False) -> None:
        """Call `fn` at intervals of true time."""
        self._ticks.append(Ticking(name, seconds, fn))

    async def run(self) -> None:
        """Go through time step by step until `stop` has ended."""
        while not self._stopping:
            for each in self._ticks:
                await self._tick(each)
            await self._local.idle()
            await self.app.poll.finish()
            self.clock.set(true=self.clock.true + self.step_s)
            await asyncio.sleep(0)
        await self._stopped.wait()

    async def stop(self) -> None:
        """Take no further step, and let what runs finish."""
        self._stopping = True
        await self._local.stop()
        self._stopped.set()

    async def _tick(self, each: Ticking) -> None:
        if self._stopping or self.clock.true < each.next_at:
            return
        each.next_at = self.clock.true + each.every_s
        try:
            await each.run()
        except Exception:  # as the engine of the program does: the next tick is made as usual
            log.exception("engine_tick_failed", tick=each.name)


async def serve(config: Path, clock: SharedClock, step_s: float) -> None:
    """Serve until SIGTERM."""
    settings = load(config)
    configure_logging("json", "info")
    async with build(settings, clock=clock, config_file=config) as app:
        settle_memory()
        engine: Engine = SteppedEngine(app, clock, step_s) if step_s else LocalEngine()
        await Service(app=app, engine=engine, config_path=config).run()


def main(config: str, clock: str, step_s: str = "0") -> None:
    raise_open_files()
    limit_heaps()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the service handles it
    with shared_clock(Path(clock), real=step_s == "0") as shared:
        asyncio.run(serve(Path(config), shared, float(step_s)))


if __name__ == "__main__":
    main(*sys.argv[1:])
