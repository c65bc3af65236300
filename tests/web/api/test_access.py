"""Who may use the API, and how often: tokens, sessions, loopback, other sites, limits."""

from datetime import timedelta

import httpx
import pytest
from starlette.responses import Response
from structlog.testing import capture_logs

from monitor.model import Role, TokenScope
from monitor.web.api.access import ApiAccess
from monitor.web.api.rate_limit import MAX_REFUSED, MAX_REQUESTS, RateLimit
from tests.conftest import NOW
from tests.web.api.conftest import Api, add_token, assert_problem, stories
from tests.web.conftest import Served, add_user

pytestmark = pytest.mark.anyio

NOTE = {"action": "note", "text": "looks wrong"}


async def test_without_a_token_nothing_is_read_and_nobody_is_led_to_a_form(api: Api) -> None:
    for path in ("/stories", "/items", "/nowhere"):
        answer = await api.get(path, token="")
        problem = assert_problem(answer, 401)
        assert "token add" in problem["detail"]
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert (await api.get("/openapi.json", token="")).status_code == 200


@pytest.mark.parametrize("header", ["Bearer smt_unknown", "Bearer", "Basic YTpi", "smt_unknown"])
async def test_a_token_that_is_not_valid_is_refused_even_where_nobody_must_sign_in(
    served: Served, header: str
) -> None:
    answer = await served.http.get("/api/v1/stories", headers={"Authorization": header})
    assert_problem(answer, 401)
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert (await served.http.get("/api/v1/stories")).status_code == 200


async def test_a_token_ends_when_it_expires_or_is_revoked(api: Api) -> None:
    assert (await api.get("/identity")).json() == {
        "name": "token:program",
        "may_edit": True,
        "by_token": True,
    }
    short = add_token(api.store, "short", days=1)
    api.served.clock.advance(days=1)
    assert_problem(await api.get("/identity", token=short), 401)
    assert (await api.get("/identity")).status_code == 200
    api.store.remove_token("program")
    assert_problem(await api.get("/identity"), 401)


async def test_a_token_to_read_changes_nothing(api: Api) -> None:
    stories(api.served, 1)
    reading = add_token(api.store, "reading", TokenScope.READ)
    assert (await api.get("/identity", token=reading)).json()["may_edit"] is False
    for path, body in (
        ("/stories/s1/actions", NOTE),
        ("/silences", {"reason": "x", "hours": 1, "words": "x"}),
        ("/silences/x/end", {}),
        ("/deliveries/x/retry", {}),
        ("/undo", {"token": "x"}),
    ):
        assert "scope write" in assert_problem(await api.post(path, body, reading), 403)["detail"]
    assert api.store.notes("s1") == ()
    assert api.store.audit() == ()


async def test_no_token_is_logged(api: Api) -> None:
    with capture_logs() as logs:
        await api.get("/stories", q=1)
        await api.get("/stories", token="smt_unknown")
    assert [log["user"] for log in logs if log["event"] == "web_requested"] == ["token:program", ""]
    assert "smt_" not in str(logs)


async def test_whoever_sits_at_this_machine_needs_no_token_while_there_are_no_users(served: Served) -> None:
    stories(served, 1)
    answer = await served.http.post("/api/v1/stories/s1/actions", json=NOTE)
    assert answer.status_code == 200
    assert [entry.who for entry in served.store.audit()] == ["desk"]


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
async def test_another_site_changes_nothing_through_a_browser(
    served: Served, headers: dict[str, str]
) -> None:
    stories(served, 1)
    answer = await served.http.post("/api/v1/stories/s1/actions", json=NOTE, headers=headers)
    assert_problem(answer, 403)
    assert served.store.notes("s1") == ()


async def test_a_session_needs_the_token_of_a_form_and_a_bearer_does_not(api: Api) -> None:
    stories(api.served, 1)
    await api.served.sign_in("ayse")
    assert (await api.get("/identity", token="")).json()["name"] == "ayse"
    assert_problem(await api.post("/stories/s1/actions", NOTE, token=""), 403)
    csrf = await api.served.form_token("/stories?view=all")
    sent = await api.post("/stories/s1/actions", NOTE, token="", **{"X-CSRF-Token": csrf})
    assert sent.status_code == 200
    assert (await api.post("/stories/s1/actions", NOTE)).status_code == 200
    assert {each.who for each in api.store.notes("s1")} == {"ayse", "token:program"}


async def test_a_reader_with_a_session_changes_nothing(api: Api) -> None:
    add_user(api.store, "zoe", Role.READ)
    await api.served.sign_in("zoe")
    assert_problem(await api.post("/undo", {"token": "x"}, token=""), 403)


async def test_a_token_has_so_many_requests_a_minute_and_another_has_its_own(api: Api) -> None:
    first = await api.get("/identity")
    assert first.headers["ratelimit-policy"] == f'"minute";q={MAX_REQUESTS};w=60'
    assert first.headers["ratelimit"] == f'"minute";r={MAX_REQUESTS - 1};t=60'

    assert api.served.server._web
    guarded = ApiAccess(Response("fine"), api.served.server._web, frozenset())
    transport = httpx.ASGITransport(guarded, client=("127.0.0.1", 9))
    async with httpx.AsyncClient(transport=transport, base_url=api.served.server.url) as program:
        mine, other = (
            {"Authorization": f"Bearer {token}"} for token in (api.token, add_token(api.store, "other"))
        )
        answers = [await program.get("/", headers=mine) for _ in range(MAX_REQUESTS + 1)]
        assert {each.status_code for each in answers[:-1]} == {200}
        assert_problem(answers[-1], 429)
        assert answers[-1].headers["retry-after"] == "60"
        assert (await program.get("/", headers=other)).status_code == 200
        api.served.clock.advance(minutes=1)
        assert (await program.get("/", headers=mine)).status_code == 200


async def test_an_address_that_guesses_tokens_must_wait(api: Api) -> None:
    for _ in range(MAX_REFUSED):
        assert_problem(await api.get("/identity", token="smt_guess"), 401)
    assert "retry-after" in (await api.get("/identity", token="smt_guess")).headers
    assert_problem(await api.get("/identity", token="smt_guess"), 429)
    api.served.clock.advance(minutes=1)
    assert (await api.get("/identity")).status_code == 200


def test_the_limit_forgets_the_oldest_and_survives_a_clock_set_back() -> None:
    limit = RateLimit(1)
    assert limit.take("a", NOW).allowed
    assert not limit.take("a", NOW).allowed
    assert not limit.peek("a", NOW).allowed
    assert limit.take("a", NOW - timedelta(hours=1)).allowed
    for number in range(10_000):
        limit.take(str(number), NOW)
    assert limit.peek("a", NOW - timedelta(hours=1)).allowed
