"""Members of a cluster in this process, on a real PostgreSQL, and how to wait for what they do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from monitor.app.build import App, build
from monitor.app.engines import engine_of
from monitor.app.service import Service
from monitor.config import load
from monitor.model import ClusterRole
from tests.conftest import FakeClock
from tests.store.postgres import Databases, postgres

#: Nothing is to come after so many seconds without anything due: ticks follow one another in at most five.
QUIET_S = 6.0


@contextmanager
def database() -> Iterator[str]:
    """Yield the URL of an empty database of a server."""
    with postgres() as server:
        databases = Databases(server)
        url = databases.create()
        yield url
        databases.drop(url)


def in_cluster(path: Path, url: str, lease: str = "30s") -> Path:
    """Make a configuration one of a cluster on a database, once."""
    if "[engine]" in path.read_text("utf-8"):
        return path
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("database = ")]
    text = f'database = "{url}"\n' + "\n".join(kept) + f'\n[engine]\nkind = "cluster"\nlease = "{lease}"\n'
    path.write_text(text, "utf-8")
    return path


@dataclass(frozen=True, slots=True)
class Serving:
    """Members of a cluster at work."""

    runs: list[asyncio.Task[None]]

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        """Let them go on until something is true; the end of the test is the longest wait."""
        while not await true():
            await self.for_a_moment()

    async def for_a_moment(self) -> None:
        ended, _ = await asyncio.wait(self.runs, timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
        assert not ended


@asynccontextmanager
async def serving(apps: list[App], path: Path) -> AsyncIterator[Serving]:
    """Let programs serve as members of the cluster until the block ends."""
    engines = [engine_of(app.settings.database, app.membership) for app in apps]
    services = [
        Service(app=app, engine=engine, config_path=path, has_desk=False)
        for app, engine in zip(apps, engines, strict=True)
    ]
    runs = [asyncio.create_task(service.run()) for service in services]
    try:
        yield Serving(runs)
    finally:
        for service in services:
            service.end()
        await asyncio.gather(*runs)


@asynccontextmanager
async def members(path: Path, count: int, **options: Any) -> AsyncIterator[list[App]]:
    """Yield several programs that have joined the cluster of a configuration."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(build(load(path), role=ClusterRole.WORKER, **options))
            for _ in range(count)
        ]


def count_rows(url: str, table: str, where: str = "true") -> int:
    """Return how many rows of a table there are."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table} WHERE {where}".encode()).fetchone()
        assert row
        return int(row[0])


async def serve_until_quiet(apps: list[App], path: Path, clock: FakeClock) -> None:
    """Let members serve until nothing is due any longer; the clock goes on meanwhile."""
    url = apps[0].settings.database
    async with serving(apps, path) as work:
        quiet_since = asyncio.get_running_loop().time()
        while (now := asyncio.get_running_loop().time()) - quiet_since < QUIET_S:
            clock.advance(seconds=0.1)
            if await apps[0].due_kinds() or count_rows(url, "procrastinate_jobs"):
                quiet_since = now
            await work.for_a_moment()
