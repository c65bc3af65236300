"""What every job works with: the store, its thread, the CPU thread, the clock, and the policy in force."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from monitor.clock import Clock
from monitor.executor import Executor
from monitor.store import Store

from .durations import COMPUTING_S, Durations
from .policy import Policy

Close = Callable[[], Awaitable[None]]

#: Returns the text of an article by its address, its bytes and their type; raises `FeedError`.
ReadArticle = Callable[[str, bytes, str], Awaitable[str]]


class CurrentPolicy:
    """The policy in force. A replaced policy is closed when the last run that reads it has ended."""

    def __init__(self, policy: Policy, close: Close) -> None:
        self.value = policy
        self._close = close
        self._runs: Counter[Close] = Counter()
        self._retired: list[Close] = []

    def replace(self, policy: Policy, close: Close) -> None:
        """Put another policy in force; call `close_retired` to close the old one."""
        self._retired.append(self._close)
        self.value, self._close = policy, close

    @contextmanager
    def use(self) -> Iterator[Policy]:
        """Yield the policy in force and keep it open until the end of the block."""
        close = self._close
        self._runs[close] += 1
        try:
            yield self.value
        finally:
            self._runs[close] -= 1

    async def close_retired(self) -> None:
        """Close the replaced policies that no run reads any longer."""
        ended = [close for close in self._retired if not self._runs[close]]
        self._retired = [close for close in self._retired if self._runs[close]]
        for close in ended:
            del self._runs[close]
            await close()

    async def close(self) -> None:
        """Close every policy, in use or not."""
        for close in (*self._retired, self._close):
            await close()


@dataclass(frozen=True, slots=True)
class ClusterMember:
    """This process among those that serve the database; `lease` is how long it may be silent."""

    id: str
    lease: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContext:
    """The shared resources of all jobs.

    `db` runs every call of `store`, `cpu` every long computation; both keep their order. `judging` counts how
    long it took to judge each item. `read_article` reads a page in a process with limits. `member` is set if
    other processes serve the database too.
    """

    store: Store
    db: Executor
    cpu: Executor
    clock: Clock
    random: Random
    current: CurrentPolicy
    read_article: ReadArticle | None = None
    member: ClusterMember | None = None
    judging: Durations = field(default_factory=lambda: Durations(COMPUTING_S))

    @property
    def policy(self) -> Policy:
        """The policy in force now."""
        return self.current.value

    def host_free_at(self, requested: timedelta | None = None) -> datetime:
        """Return when a host may get another request; a wait that it requests is for all its feeds."""
        return self.policy.polling.host_free_at(self.clock(), requested)
