"""What every page works with: the context of the jobs, and a store that only reads."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import ParamSpec, TypeVar

from monitor.clock import Clock
from monitor.jobs.context import JobContext
from monitor.jobs.policy import Policy
from monitor.store import Store

from .events import EventHub
from .news_counts import NewsCounts
from .page_cache import PageCache
from .security.csrf import FormTokens
from .stories.listing import AlertViews
from .turns import WorkTurns

P = ParamSpec("P")
T = TypeVar("T")

#: Items by feed and ISO date.
DayCounts = Mapping[str, Mapping[str, int]]

#: Pages that read the store at the same time; polling and delivery have a connection apart.
READ_THREADS = 4


@dataclass(kw_only=True)
class WebContext:
    """The shared resources of all pages and of the API.

    `store` reads through connections of its own and cannot write: `read` calls it in a small pool of threads.
    `write` calls the store of the jobs in its thread. `url` is the address that is listened at;
    `request_reload` asks the service to read rules and configuration again. `changes` counts the calls of
    `write`; `item_days` are those counted last, with the minute. Whoever replaces a file of the operator's
    holds `file_lock` from reading to writing it.
    """

    jobs: JobContext
    store: Store
    tokens: FormTokens = field(default_factory=FormTokens)
    alert_views: AlertViews = field(default_factory=AlertViews)
    pages: PageCache = field(default_factory=PageCache)
    news_counts: NewsCounts = field(default_factory=NewsCounts)
    turns: WorkTurns = field(default_factory=WorkTurns)
    file_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    changes: int = 0
    item_days: tuple[int, DayCounts] | None = None
    url: str = ""
    request_reload: Callable[[], None] = lambda: None
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(READ_THREADS, thread_name_prefix="web")
    )

    @cached_property
    def events(self) -> EventHub:
        """The source of events for open pages."""
        return EventHub(self.store)

    @property
    def policy(self) -> Policy:
        """The policy in force now."""
        return self.jobs.policy

    @property
    def clock(self) -> Clock:
        """The clock of all jobs."""
        return self.jobs.clock

    async def read(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a reading call gives, run in a thread: ``await web.read(web.store.alert, id)``."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, partial(function, *args, **kwargs))

    async def write(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `function(*args, **kwargs)`, run in the thread of the jobs' store; one short transaction."""
        try:
            return await self.jobs.db.run(function, *args, **kwargs)
        finally:
            self.changes += 1

    def close(self) -> None:
        """Stop the threads and close the connections for reading."""
        self.threads.shutdown(wait=True, cancel_futures=True)
        self.store.close()
