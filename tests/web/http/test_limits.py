"""Requests that take longer than the server allows."""

import httpx
import pytest

from monitor.executor import Executor
from monitor.feeds.http.authorities import trusted_authorities
from monitor.jobs.policy import WebAccess
from monitor.store import SqlStore
from monitor.web.server import WebServer
from tests.conftest import FakeClock
from tests.support.policies import job_context
from tests.web.conftest import LOOPBACK

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/stories", "/api/v1/stories"])
async def test_a_request_that_is_not_answered_in_time_is_ended_with_the_reason(
    web_store: SqlStore, clock: FakeClock, path: str
) -> None:
    db = Executor("store")
    server = WebServer(job_context(web_store, db, clock, web=WebAccess(LOOPBACK)), time_limit_s=0.0)
    await server.serve()
    async with httpx.AsyncClient(verify=trusted_authorities(), base_url=server.url, timeout=240) as http:
        answer = await http.get(path)
    await server.stop()
    db.close()
    assert answer.status_code == 408
    assert "This request took too long." in answer.text
