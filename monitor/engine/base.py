"""What an engine promises."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

#: What a kick runs, given the key. It may be run again at any time, and asks the store what is to be done.
Handler = Callable[[str], Awaitable[object]]
Tick = Callable[[], Awaitable[None]]


class Engine(Protocol):
    """Runs handlers when kicked and ticks by the clock; what fails is logged and may be kicked again."""

    def handler(self, kind: str, fn: Handler, *, lane: int) -> None:
        """Say what a kick of this kind runs, and how many of them side by side.

        Each kind has a lane of its own, so that slow polls never hold up deliveries.
        """

    async def kick(self, works: Iterable[tuple[str, str]]) -> None:
        """Ask for a run of each (kind, key): at least one starts after the call, unless the engine stops.

        At most one is queued and one runs for each kind and key, on all machines together; a dead worker's
        run is given to another within its lease.
        """

    def every(self, seconds: float, fn: Tick, name: str) -> None:
        """Call `fn` when `run` begins and then every so many seconds, never twice at once.

        Calls that come late, or while the last one still runs, are not caught up. A call that fails is
        logged, and the next one comes in its time.
        """

    async def run(self) -> None:
        """Work until `stop` has ended."""

    async def stop(self) -> None:
        """Begin nothing more, let what runs finish within its grace, then cancel it."""
