"""Who is let in: everybody at this machine while there are no users, else those who sign in or come by the proxy."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from structlog.testing import capture_logs

from monitor.jobs.policy import ListenAddress, TrustedProxy, WebAccess
from monitor.model import Role
from monitor.web.security.access import SESSION_LIFE
from tests.web.conftest import LOOPBACK, PASSWORD, Served, add_user

pytestmark = pytest.mark.anyio

EVERYWHERE = ListenAddress("0.0.0.0", 0)
PROXIED = ListenAddress("127.0.0.1", 0, "https://desk.example")
PROXY = TrustedProxy("X-User", (ip_network("127.0.0.0/8"),), Role.READ)


async def test_an_address_open_to_others_is_not_listened_at_while_nobody_can_sign_in(served: Served) -> None:
    served.change(web=WebAccess(EVERYWHERE))
    with capture_logs() as logs:
        await served.server.serve()
        await served.server.serve()
    assert served.server.url == ""
    assert [log["event"] for log in logs] == ["web_failed"]
    (incident,) = served.server.incidents(served.clock())
    assert "user add" in incident.reason
    add_user(served.store)
    await served.server.serve()
    assert served.server.url.startswith("http://0.0.0.0:")
    assert list(served.server.incidents(served.clock())) == []


async def test_a_server_whose_last_user_is_removed_closes(served: Served) -> None:
    add_user(served.store)
    served.change(web=WebAccess(EVERYWHERE))
    await served.server.serve()
    assert served.server.url
    served.store.remove_user("ayse")
    await served.server.serve()
    assert served.server.url == ""


async def test_whoever_is_not_signed_in_is_led_to_the_form_and_back(served: Served) -> None:
    add_user(served.store)
    answer = await served.http.get("/audit", params={"before": 7})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Faudit%3Fbefore%3D7")
    answer = await served.sign_in("ayse")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await served.http.get("/audit")).status_code == 200
    assert [entry.what for entry in served.store.audit()] == ["signed in"]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
async def test_signing_in_leads_nowhere_else(served: Served, target: str) -> None:
    add_user(served.store)
    fields = {"csrf": await served.form_token(), "name": "ayse", "password": PASSWORD, "next": target}
    assert (await served.http.post("/login", data=fields)).headers["location"] == "/"


async def test_the_cookie_is_for_this_server_and_not_for_scripts(served: Served) -> None:
    add_user(served.store)
    cookie = (await served.sign_in("ayse")).headers["set-cookie"]
    assert cookie.startswith("session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    served.change(web=WebAccess(PROXIED))
    cookie = (await served.sign_in("ayse")).headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie


async def test_the_database_does_not_hold_the_id_of_a_session(served: Served) -> None:
    add_user(served.store)
    await served.sign_in("ayse")
    id = served.http.cookies["session"]
    with served.store.database.read_transaction() as connection:
        (row,) = connection.exec_driver_sql("SELECT * FROM sessions").all()
    assert id not in str(row)


async def test_a_session_ends_by_signing_out_by_age_and_with_its_user(served: Served) -> None:
    add_user(served.store)
    await served.sign_in("ayse")
    token = await served.form_token("/audit")
    await served.http.post("/logout", data={"csrf": token})
    assert (await served.http.get("/audit")).status_code == 303
    await served.sign_in("ayse")
    served.clock.advance(days=SESSION_LIFE / timedelta(days=1))
    assert (await served.http.get("/audit")).status_code == 303
    await served.sign_in("ayse")
    assert (await served.http.get("/audit")).status_code == 200
    add_user(served.store)  # another password
    assert (await served.http.get("/audit")).status_code == 303


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(served: Served) -> None:
    add_user(served.store)
    wrong = await served.sign_in("ayse", "not the password")
    unknown = await served.sign_in("zoe", "not the password")
    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert wrong.text.partition("<main")[2].replace("ayse", "zoe") == unknown.text.partition("<main")[2]


async def test_after_five_failures_a_name_must_wait_whatever_the_password(served: Served) -> None:
    add_user(served.store)
    for _ in range(5):
        assert (await served.sign_in("ayse", "not the password")).status_code == 403
    assert (await served.sign_in("ayse")).status_code == 429
    served.clock.advance(minutes=15)
    assert (await served.sign_in("ayse")).status_code == 303


async def test_a_form_from_another_site_or_without_its_token_does_nothing(served: Served) -> None:
    add_user(served.store)
    fields = {"csrf": await served.form_token(), "name": "ayse", "password": PASSWORD}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        assert (await served.http.post("/login", data=fields, headers=headers)).status_code == 403
    assert (await served.http.post("/login", data={**fields, "csrf": "0" * 40})).status_code == 403
    assert (await served.http.get("/audit")).status_code == 303


async def test_behind_a_proxy_nobody_is_let_in_without_a_user(served: Served) -> None:
    served.change(web=WebAccess(PROXIED))
    answer = await served.http.get("/audit")
    assert answer.status_code == 403
    assert "user add NAME" in answer.text
    assert (await served.http.get("/")).status_code == 200


async def test_a_trusted_proxy_names_people_and_no_one_else_can(served: Served) -> None:
    served.change(web=WebAccess(LOOPBACK, proxy=PROXY))
    assert (await served.http.get("/audit", headers={"X-User": "ayse"})).status_code == 200
    assert (await served.http.get("/audit")).status_code == 303
    elsewhere = TrustedProxy("X-User", (ip_network("10.0.0.0/8"),), Role.EDIT)
    served.change(web=WebAccess(LOOPBACK, proxy=elsewhere))
    assert (await served.http.get("/audit", headers={"X-User": "ayse"})).status_code == 303


@pytest.mark.parametrize(
    ("listen", "host", "accepted"),
    [
        ("127.0.0.1", "localhost:80", True),
        ("127.0.0.1", "10.1.2.3", False),
        ("127.0.0.1", "evil.example", False),
        ("0.0.0.0", "10.1.2.3:8080", True),
        ("0.0.0.0", "[2001:db8::1]:80", True),
        ("0.0.0.0", "evil.example", False),
        ("0.0.0.0", "desk.example", True),
        ("0.0.0.0", "monitor.lan", True),
        ("0.0.0.0", "[bad", False),
        ("0.0.0.0", "", False),
    ],
)
def test_requests_for_other_names_are_refused_at_every_address(
    listen: str, host: str, accepted: bool
) -> None:
    address = ListenAddress(listen, 80, "https://desk.example", ("monitor.lan",))
    assert address.accepts_host(host) is accepted
