"""A real server on loopback, with a store in a file, for the tests of pages."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from monitor.executor import Executor
from monitor.feeds.http.authorities import trusted_authorities
from monitor.jobs.policy import ListenAddress, WebAccess
from monitor.model import Role, User
from monitor.store import SqlStore, open_store
from monitor.web.server import WebServer
from tests.conftest import NOW, FakeClock
from tests.support.databases import prepare_database
from tests.support.policies import job_context

LOOPBACK = ListenAddress("127.0.0.1", 0)
PASSWORD = "a long password"

#: How long a request may take, so long that no busy machine reaches it.
TIME_LIMIT_S = 240.0
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e\"' style=x onclick=y"


class _Tags(HTMLParser):
    """Collects the tags of a page with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def assert_harmless(page: str) -> None:
    """Fail if the text of a feed has become markup, a script, a style, or a link to anything but the web."""
    parser = _Tags()
    parser.feed(page)
    assert "\u202e" not in page
    for tag, attributes in parser.tags:
        assert tag not in {"img", "iframe", "object", "base"}, tag
        assert tag != "script" or attributes["src"].startswith("/static/")
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (
            tag,
            attributes,
        )
        for name in ("href", "src", "action"):
            assert attributes.get(name, "/").startswith(("/", "#", "?", "https://", "http://")), (
                tag,
                attributes,
            )
        if tag == "a" and attributes.get("href", "").startswith("http"):
            assert "noopener" in attributes.get("rel", "")


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

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as a page does where nobody signs in."""
        assert self.server._web
        return await self.http.post(path, data={"csrf": self.server._web.tokens.token(""), **fields})

    def on_reload(self) -> list[str]:
        """Return a list that grows whenever a page asks for a reload."""
        asked: list[str] = []
        assert self.server._web
        self.server._web.request_reload = lambda: asked.append("reload")
        return asked

    async def form_token(self, path: str = "/login") -> str:
        """Return the token of the first form of a page."""
        page = (await self.http.get(path)).text
        return page.partition('name="csrf" value="')[2].partition('"')[0]

    async def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        fields = {"csrf": await self.form_token(), "name": name, "password": password, "next": "/"}
        return await self.http.post("/login", data=fields)


@cache
def password_hash() -> str:
    """Return a hash of `PASSWORD` that takes a thousandth of the usual time to check."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def add_user(store: SqlStore, name: str = "ayse", role: Role = Role.EDIT) -> None:
    store.put_user(User(name=name, role=role, password_hash=password_hash(), created_at=NOW))


@pytest.fixture
def web_store(tmp_path: Path) -> Iterator[SqlStore]:
    prepare_database(tmp_path / "m.db")
    store = open_store(str(tmp_path / "m.db"), lock=False)
    yield store
    store.close()


@asynccontextmanager
async def serving(store: SqlStore, clock: FakeClock) -> AsyncIterator[Served]:
    """Serve the desk of a store, as a process of its own would, until the block ends."""
    db = Executor("store")
    server = WebServer(job_context(store, db, clock, web=WebAccess(LOOPBACK)), TIME_LIMIT_S)
    await server.serve()
    async with httpx.AsyncClient(
        verify=trusted_authorities(), base_url=server.url, timeout=TIME_LIMIT_S
    ) as http:
        yield Served(http, server, store, clock)
    await server.stop()
    db.close()


@pytest.fixture
async def served(web_store: SqlStore, clock: FakeClock) -> AsyncIterator[Served]:
    async with serving(web_store, clock) as served:
        yield served
