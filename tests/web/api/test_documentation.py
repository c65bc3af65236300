"""What docs/api.md shows is run against a real server: every line of curl, and the example in Python."""

import asyncio
import os
import re
import shlex
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path
from string import Template

import httpx
import pytest

from tests.web.api.conftest import Api, dead, entity, stories, with_list
from tests.web.pages.test_policy_pages import planned

pytestmark = pytest.mark.anyio

DOCUMENT = (Path(__file__).parents[3] / "docs/api.md").read_text("utf-8")
LINES = re.findall(r"`(curl .+?)` \|$", DOCUMENT, re.M)
(EXAMPLE,) = re.findall(r"```python\n(.+?)```", DOCUMENT, re.S)


def request_of(line: str) -> httpx.Request:
    """Return what a line of curl sends; it has only these options."""
    words = iter(shlex.split(line)[1:])
    headers, url, query, body = {}, "", list[tuple[str, str]](), None
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word in {"-d", "--data-urlencode"}:
            name, _, value = next(words).partition("=")
            query.append((name, value))
        elif word == "--json":
            body = next(words)
            headers["Content-Type"] = headers["Accept"] = "application/json"
        elif word != "-G":
            assert word.startswith("http"), word
            url = word
    asked = httpx.URL(url)
    full = asked.copy_with(params=[*asked.params.multi_items(), *query])
    return httpx.Request("POST" if body else "GET", full, headers=headers, content=body)


async def prepare(api: Api, folder: Path) -> dict[str, str]:
    """Fill every resource; return what the variables of the lines stand for."""
    stories(api.served, 5)
    dead(api.served)
    with_list(api.served, folder, entity(1))
    api.served.clock.advance(hours=1)
    made = (await api.post("/silences", {"reason": "x", "hours": 1, "words": "x"})).json()
    undo = (await api.post("/stories/s1/actions", {"action": "relevant"})).json()["undo"]
    return {
        "API": f"{api.served.server.url}/api/v1",
        "AUTH": f"Authorization: Bearer {api.token}",
        "STORY": "s1",
        "ALERT": (await api.get("/alerts")).json()["items"][0]["id"],
        "ITEM": (await api.get("/items")).json()["items"][0]["id"],
        "DELIVERY": "d" * 20,
        "FEED": "wire",
        "LIST": "own",
        "ENTRY": "e.1",
        "DIGEST": planned(api.served),
        "SILENCE": made["silence"]["id"],
        "UNDO": undo,
    }


async def test_every_line_is_answered(api: Api, tmp_path: Path) -> None:
    known = await prepare(api, tmp_path)
    for line in LINES:
        request = request_of(Template(line).substitute(known))
        answer = await api.served.http.send(request)
        assert answer.is_success, (line, answer.text)


async def test_there_is_a_line_for_every_resource(api: Api) -> None:
    paths = (await api.get("/openapi.json")).json()["paths"]
    operations = {(method.upper(), path) for path in paths for method in paths[path]}
    known = dict.fromkeys(re.findall(r"\$(\w+)", " ".join(LINES)), "x") | {"API": "http://api"}
    sent = [request_of(Template(line).substitute(known)) for line in LINES]
    shown = {(each.method, path) for each in sent for path in paths if fits(path, each.url.path)}
    assert operations - shown == set()


def fits(template: str, path: str) -> bool:
    """Say whether a path is one of a template with names in braces."""
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) is not None


async def test_the_example_prints_every_alert(api: Api, tmp_path: Path) -> None:
    known = await prepare(api, tmp_path)
    environment = {**os.environ, "API": known["API"], "TOKEN": api.token}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-c", EXAMPLE), env=environment, stdout=PIPE, stderr=STDOUT
    )
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output
    assert output.count("2026-11-23 now") == 5
