"""The API on PostgreSQL: every line of the documentation, and filters whose SQL differs."""

from collections.abc import Iterator
from pathlib import Path
from string import Template

import pytest

from monitor.store import SqlStore, open_store
from tests.store.postgres import Databases, postgres
from tests.web.api.conftest import Api, assert_problem
from tests.web.api.test_documentation import LINES, prepare, request_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def web_store() -> Iterator[SqlStore]:
    """A store on a server, in place of the one in a file."""
    with postgres() as server:
        databases = Databases(server)
        url = databases.create()
        store = open_store(url, lock=False)
        yield store
        store.close()
        databases.drop(url)


async def test_resources_answer_as_on_sqlite(api: Api, tmp_path: Path) -> None:
    known = await prepare(api, tmp_path)
    for line in LINES:
        answer = await api.served.http.send(request_of(Template(line).substitute(known)))
        assert answer.is_success, (line, answer.text)
    for path, params, count in (
        ("/stories", {"party": "weapon:howitzer", "since": "7d"}, 5),
        ("/stories", {"q": "howitzers NEAR/2 ministry"}, 5),
        ("/alerts", {"topic": "arms", "feed": "wire", "severity": 4, "since": "7d"}, 5),
        ("/alerts", {"until": "2020-01-01"}, 0),
        ("/items", {"q": "howitzers", "topic": "arms", "event": "contract", "lang": "en"}, 5),
        ("/items", {"possible": True}, 0),
        ("/deliveries", {"story": "s1", "channel": "mail"}, 1),
    ):
        assert len(await api.all(path, limit=2, **params)) == count, (path, params)
    assert_problem(await api.get("/stories", party="\0"), 422)
    assert_problem(await api.get("/feeds/%00"), 422)
