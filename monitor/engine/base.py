"""The protocol of an engine, which runs handlers and ticks."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

#: Called with the key when its kind is kicked; idempotent: it reads from the store what is due.
Handler = Callable[[str], Awaitable[object]]
Tick = Callable[[], Awaitable[None]]


class Engine(Protocol):
    """Runs handlers when kicked, and ticks at intervals; a failed run is logged and may be kicked again."""

    def handler(self, kind: str, fn: Handler, *, max_concurrent: int) -> None:
        """Register the handler of a kind, with the number of its concurrent runs in this process.

        Each kind has its own limit, so that slow polls never delay deliveries.
        """

    async def kick(self, works: Iterable[tuple[str, str]]) -> None:
        """Request a run of each (kind, key): at least one starts after the call, unless the engine stops.

        At most one is queued and one runs for each kind and key, on all machines together; a dead worker's
        run is given to another within its lease.
        """

    def every(self, seconds: float, fn: Tick, name: str, *, everywhere: bool = False) -> None:
        """Call `fn` when `run` begins and then every so many seconds, never twice at once.

        Of several processes one makes the calls, or each its own if they are to be made `everywhere`. Calls
        that are missed, or due while the last one still runs, are not repeated. A call that fails is logged,
        and the next one is made as usual.
        """

    async def run(self) -> None:
        """Work until `stop` has ended."""

    async def stop(self) -> None:
        """Start nothing more, give running calls time to finish, then cancel them."""
