"""The OpenAPI document against the running server, by schemathesis: no answer that it does not describe."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

from monitor.model import TokenScope
from tests.web.api.conftest import Api, add_token, dead, entity, stories, with_list
from tests.web.pages.test_policy_pages import planned

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.timeout(1800)]

#: A query of the right form may have a mistake, and a cursor may be that of another list: 422. A body may be
#: too long: 413.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 401, 403, 404, 409, 415, 422]
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429]
"""

EXAMPLES = 25


async def test_every_answer_is_one_that_the_document_describes(api: Api, tmp_path: Path) -> None:
    stories(api.served, 5)
    dead(api.served)
    planned(api.served)
    with_list(api.served, tmp_path, *(entity(number) for number in range(3)))
    token = add_token(api.store, "schemathesis", TokenScope.WRITE, days=3650)
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    url = f"{api.served.server.url}/api/v1/openapi.json"
    command = [
        *(sys.executable, "-m", "schemathesis.cli"),
        "--config-file",
        str(tmp_path / "schemathesis.toml"),
    ]
    options = ["--header", f"Authorization: Bearer {token}", "--max-examples", str(EXAMPLES), "--seed", "1"]
    process = await asyncio.create_subprocess_exec(
        *command, "run", url, *options, "--no-color", cwd=tmp_path, stdout=PIPE, stderr=STDOUT
    )
    ended = asyncio.create_task(process.communicate())
    while not ended.done():
        await asyncio.wait([ended], timeout=0.1)
        api.served.clock.advance(minutes=1)  # so that no minute has too many requests
    output = (await ended)[0].decode()
    assert process.returncode == 0, output
    operations = sum(map(len, (await api.get("/openapi.json")).json()["paths"].values()))
    assert f"Tested: {operations}" in output
