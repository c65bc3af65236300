"""Every refusal of the API is a problem document, also those of the server around it."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from monitor.web.api.bodies import MAX_BODY
from tests.web.api.conftest import Api, assert_problem

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}


async def test_an_unknown_path_or_method_is_a_problem(api: Api) -> None:
    assert_problem(await api.get("/nowhere"), 404)
    answer = await api.post("/stories")
    assert_problem(answer, 405)
    assert answer.headers["allow"] == "GET"
    assert_problem(await api.served.http.get("/api/v2/stories"), 404)
    assert (await api.served.http.get("/nowhere")).headers["content-type"].startswith("text/html")


async def test_another_host_is_refused_with_a_problem(api: Api) -> None:
    answer = await api.served.http.get("/api/v1/stories", headers={"Host": "evil.example"})
    assert_problem(answer, 421)


@pytest.mark.parametrize("length", [MAX_BODY + 1, 10 * MAX_BODY])
async def test_a_body_that_is_too_long_is_refused(api: Api, length: int) -> None:
    body = b'{"title": "' + b"x" * length + b'"}'
    assert_problem(await _post(api, body), 413)

    async def in_parts() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    assert_problem(await _post(api, in_parts()), 413)


async def test_a_client_that_sends_all_of_a_long_body_before_it_reads_gets_the_refusal(api: Api) -> None:
    body = b"x" * 5_000_000
    url = httpx.URL(api.served.server.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        f"POST /api/v1/explain HTTP/1.1\r\nHost: {url.netloc.decode()}\r\nAuthorization: Bearer {api.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    )
    for start in range(0, len(body), 65_536):
        writer.write(body[start : start + 65_536])
        await writer.drain()
    assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    writer.close()


async def test_a_body_that_is_not_json_is_refused(api: Api) -> None:
    form = {"Authorization": f"Bearer {api.token}", "Content-Type": "text/plain"}
    assert_problem(await api.served.http.post("/api/v1/explain", content=b"{}", headers=form), 415)
    assert_problem(await _post(api, b"\xff"), 400)
    for body in (b"{", b"[]", b'{"title": "\\ud800"}', b'{"title": "\\u0000"}', b""):
        assert_problem(await _post(api, body), 422)


async def test_a_value_that_cannot_be_encoded_is_no_more_than_a_wrong_one(api: Api) -> None:
    for path in ("/stories?party=%00", "/stories?q=%00", "/feeds/%00", "/alerts/%00", "/items?feed=%00"):
        assert_problem(await _get(api, path), 422)
    for path in ("/stories?party=%ff", "/feeds/%ff", "/feeds/%ed%a0%80"):
        assert (await _get(api, path)).status_code in {200, 404}


async def _get(api: Api, path: str) -> httpx.Response:
    return await api.served.http.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {api.token}"})


async def _post(api: Api, body: bytes | AsyncIterator[bytes]) -> httpx.Response:
    headers = {"Authorization": f"Bearer {api.token}", **JSON}
    return await api.served.http.post("/api/v1/explain", content=body, headers=headers)


async def test_allow_names_every_method_of_a_path(api: Api) -> None:
    answer = await api.served.http.delete(
        "/api/v1/silences", headers={"Authorization": f"Bearer {api.token}"}
    )
    assert_problem(answer, 405)
    assert answer.headers["allow"] == "GET, POST"
