"""The desk under fuzz: requests for any page with any form; none may fail inside the program."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import httpx
from starlette.routing import Route

from monitor.errors import FeedError
from monitor.executor import Executor
from monitor.feeds.base import Fetched, NotModified
from monitor.jobs.policy import ListenAddress, WebAccess
from monitor.model import Feed, FeedState
from monitor.store import open_store
from monitor.web.application import _ROUTERS, application
from monitor.web.base import WebContext
from tests.conftest import FakeClock, item
from tests.match.seeds import ENGINE
from tests.store.builders import raised
from tests.support.databases import prepare_database
from tests.support.policies import job_context
from tests.web.conftest import TIME_LIMIT_S

HOST = "http://127.0.0.1"
ENDLESS = {"/events"}  # a stream that ends with its client
TYPES = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json", "")


class Desk:
    """The application of the desk over a small archive, asked without a socket."""

    def __init__(self, folder: Path) -> None:
        prepare_database(folder / "m.db")
        self._store = open_store(str(folder / "m.db"), lock=False)
        raised(self._store, item())
        (folder / "config.toml").write_text('database = "m.db"\n', "utf-8")
        self._db = Executor("store")
        context = job_context(
            self._store,
            self._db,
            FakeClock(),
            web=WebAccess(ListenAddress("127.0.0.1", 0)),
            fetch=_unreachable,
            judge=ENGINE.judge,
            engine=ENGINE,
            rules_folder=folder / "rules",
            lexicon_folder=folder / "lexicon",
            config_file=folder / "config.toml",
        )
        self._web = WebContext(jobs=context, store=self._store.for_reading(), request_reload=_ignore)
        self._app = application(self._web, lambda host: True, TIME_LIMIT_S)
        self._runner = asyncio.Runner()

    @cached_property
    def routes(self) -> tuple[tuple[str, str], ...]:
        """The method and path of each page, in order."""
        found = [route for router in _ROUTERS for route in router.routes]
        pages = [route for route in found if isinstance(route, Route) and route.path not in ENDLESS]
        return tuple((method, route.path) for route in pages for method in sorted(route.methods or ()))

    def ask(self, data: bytes) -> None:
        """Send a request: a byte for the page, one for the kind of form, a line for the path, the form."""
        first, second, after = data[:1] or b"\0", data[1:2] or b"\0", data[2:]
        method, path = self.routes[first[0] % len(self.routes)]
        line, _, body = after.partition(b"\n")
        form = b"csrf=%s&%s" % (self._web.tokens.token("").encode(), body) if second[0] % 2 else body
        self._runner.run(self._send(method, path, line, form, TYPES[second[0] // 2 % len(TYPES)]))

    async def _send(self, method: str, path: str, line: bytes, form: bytes, kind: str) -> None:
        named = re.sub(r"\{[^}]*\}", lambda _: quote(line, safe="") or "x", path)
        address = f"{HOST}{named}" + (f"?{quote(line, safe='=&+%')}" if method == "GET" else "")
        headers = {"content-type": kind, "host": "127.0.0.1", "origin": HOST}
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport) as client:
            body = form if method != "GET" else None
            response = await client.request(method, address, content=body, headers=headers)
        assert response.status_code < 500 or response.status_code == 503, (method, named, response.text[:300])

    def close(self) -> None:
        """Close the store."""
        self._web.close()
        self._runner.close()
        self._db.close()
        self._store.close()


@contextmanager
def desk() -> Iterator[Desk]:
    """Open a desk in a folder of its own."""
    with TemporaryDirectory() as folder:
        opened = Desk(Path(folder))
        try:
            yield opened
        finally:
            opened.close()


async def _unreachable(feed: Feed, state: FeedState, now: datetime) -> Fetched | NotModified:
    raise FeedError("nothing is fetched here")


def _ignore() -> None:
    """Reload nothing."""
