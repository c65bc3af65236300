"""A real server on loopback, with a store in a file, for the tests of pages."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from monitor.executor import Executor
from monitor.jobs.policy import ListenAddress, WebAccess
from monitor.model import Role, User
from monitor.store import SqlStore, open_store
from monitor.web.security.passwords import hash_password
from monitor.web.server import WebServer
from tests.conftest import NOW, FakeClock
from tests.support.policies import job_context

LOOPBACK = ListenAddress("127.0.0.1", 0)
PASSWORD = "a long password"


@dataclass
class Served:
    """A server and a client for it."""

    http: httpx.AsyncClient
    server: WebServer
    store: SqlStore
    clock: FakeClock

    def change(self, **changes: Any) -> None:
        """Put a policy in force that differs in these fields."""
        current = self.server.context.current
        current.value = replace(current.value, **changes)

    async def form_token(self, path: str = "/login") -> str:
        """Return the token of the first form of a page."""
        page = (await self.http.get(path)).text
        return page.partition('name="csrf" value="')[2].partition('"')[0]

    async def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        fields = {"csrf": await self.form_token(), "name": name, "password": password, "next": "/"}
        return await self.http.post("/login", data=fields)


def add_user(store: SqlStore, name: str = "ayse", role: Role = Role.EDIT) -> None:
    store.put_user(User(name=name, role=role, password_hash=hash_password(PASSWORD), created_at=NOW))


@pytest.fixture
def web_store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(str(tmp_path / "m.db"), lock=False)
    yield store
    store.close()


@pytest.fixture
async def served(web_store: SqlStore, clock: FakeClock) -> AsyncIterator[Served]:
    db = Executor("store")
    server = WebServer(job_context(web_store, db, clock, web=WebAccess(LOOPBACK)))
    await server.serve()
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as http:
        yield Served(http, server, web_store, clock)
    await server.stop()
    db.close()
