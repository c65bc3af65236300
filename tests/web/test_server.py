"""The web server over real HTTP: GET shows, only POST acts; what is refused is refused politely."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from monitor.alerts.signed_links import SignedLinks
from monitor.executor import Executor
from monitor.feeds.http.authorities import trusted_authorities
from monitor.jobs.outgoing import Outgoing
from monitor.jobs.policy import ListenAddress, WebAccess
from monitor.model import Alert, Decision, Placement
from monitor.store import SqlStore, open_store
from monitor.web.http.forms import MAX_LINK_BODY
from monitor.web.server import WebServer
from tests.conftest import FakeClock, delivery, item
from tests.store.builders import raised
from tests.support.databases import prepare_database
from tests.support.policies import job_context
from tests.web.conftest import TIME_LIMIT_S

pytestmark = pytest.mark.anyio

LINKS = SignedLinks("https://alerts.example", "a secret")
HERE = ListenAddress("127.0.0.1", 0, "https://alerts.example")
NOT_FLAGGED = Decision(Placement.TAIL, "only possible")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@dataclass
class Desk:
    """A server with one alert that went to one recipient."""

    http: httpx.AsyncClient
    server: WebServer
    store: SqlStore
    clock: FakeClock
    alert: Alert
    delivery: str = "d" * 20

    def change(self, **changes: Any) -> None:
        """Put a policy in force that differs in these fields."""
        current = self.server.context.current
        current.value = replace(current.value, **changes)

    def link(self, action: str, delivery: str = "") -> str:
        url = LINKS.action_link(self.alert.id, action, delivery or self.delivery, self.clock())
        return url.removeprefix(LINKS.base_url)

    def unsubscription(self, recipient: str = "a@example.org") -> str:
        return LINKS.unsubscribe_link("desk", recipient).removeprefix(LINKS.base_url)

    def done(self) -> list[str]:
        return [each.kind for each in self.store.actions(self.alert.id)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    prepare_database(tmp_path / "m.db")
    store = open_store(str(tmp_path / "m.db"), lock=False)
    yield store
    store.close()


@pytest.fixture
async def desk(store: SqlStore, clock: FakeClock) -> AsyncIterator[Desk]:
    db = Executor("store")
    alerts = raised(
        store, item(), item(guid="2", title="Fees <b>rise</b>"), decision=Decision(Placement.NOW, "grave")
    )
    raised(store, item(guid="3"), decision=NOT_FLAGGED)
    store.add_deliveries(
        [
            delivery(id="d" * 20, ref=alerts[0].id, recipient="a@example.org"),
            delivery(id="e" * 20, ref=alerts[0].id, recipient="b@example.org"),
            delivery(id="f" * 20, ref=alerts[0].id, channel="slack"),
        ]
    )
    server = WebServer(job_context(store, db, clock, links=LINKS, web=WebAccess(HERE)), TIME_LIMIT_S)
    await server.serve()
    async with httpx.AsyncClient(
        verify=trusted_authorities(), base_url=server.url, timeout=TIME_LIMIT_S
    ) as http:
        yield Desk(http, server, store, clock, alerts[0])
    await server.stop()
    db.close()


# ---------------------------------------------------------------- acts


async def test_opening_a_link_shows_the_alert_and_does_nothing(desk: Desk) -> None:
    for method in ("GET", "HEAD", "GET"):
        answer = await desk.http.request(method, desk.link("noise"))
        assert answer.status_code == 200
    assert "Ministry orders 12 howitzers" in answer.text
    assert "Nobody has done anything about it yet" in answer.text
    assert '<button name="act" value="noise"' in answer.text
    assert 'value="relevant"' not in answer.text
    assert desk.done() == []


@pytest.mark.parametrize("action", ["acknowledge", "relevant", "noise", "duplicate", "wrong_entity"])
async def test_a_button_runs_its_action_and_a_second_push_changes_nothing(desk: Desk, action: str) -> None:
    first = await desk.http.post(desk.link(action), data={"act": action})
    desk.clock.advance(minutes=5)
    again = await desk.http.post(desk.link(action), data={"act": action})
    assert (first.status_code, again.status_code) == (200, 200)
    assert "Done:" in first.text
    assert desk.done() == [action]
    assert desk.store.actions(desk.alert.id)[0].recipient == "a@example.org"


async def test_a_link_for_one_action_allows_no_other(desk: Desk) -> None:
    answer = await desk.http.post(desk.link("relevant"), data={"act": "noise"})
    assert answer.status_code == 404
    answer = await desk.http.post(desk.link("relevant"))
    assert answer.status_code == 404
    assert desk.done() == []


async def test_the_answer_link_of_a_digest_offers_every_action(desk: Desk) -> None:
    page = await desk.http.get(desk.link("answer"))
    for action in ("acknowledge", "relevant", "noise", "duplicate", "wrong_entity", "silence", "unsubscribe"):
        assert f'value="{action}"' in page.text
    await desk.http.post(desk.link("answer"), data={"act": "relevant"})
    page = await desk.http.post(desk.link("answer"), data={"act": "noise"})
    assert desk.done() == ["noise"]
    assert "marked as noise" in page.text
    assert "by you" in page.text
    assert 'value="noise"' not in page.text


async def test_others_see_what_was_done_but_not_by_whom(desk: Desk) -> None:
    await desk.http.post(desk.link("acknowledge"), data={"act": "acknowledge"})
    page = await desk.http.get(desk.link("acknowledge", "e" * 20))
    assert "acknowledged, 23 Nov 2026 09:00 UTC, by another reader" in page.text
    assert "a@example.org" not in page.text


async def test_a_story_is_silenced_for_seven_days_for_whoever_asked(desk: Desk) -> None:
    for _ in range(2):
        await desk.http.post(desk.link("silence"), data={"act": "silence"})
        desk.clock.advance(days=1)
    (silence,) = desk.store.silences(desk.clock())
    assert (silence.story, silence.channel, silence.recipient) == ("s1", "desk", "a@example.org")
    assert (silence.expires_at - silence.created_at).days == 7
    mine = delivery(id="1" * 20, ref=desk.alert.id, recipient="a@example.org")
    other = replace(mine, id="2" * 20, recipient="b@example.org")
    outgoing = Outgoing(desk.server.context)
    desk.store.add_deliveries(await outgoing.prepare([mine, other]))
    states = {each.id[0]: each.state for each in desk.store.deliveries()}
    assert (states["1"], states["2"]) == ("suppressed", "owed")


async def test_a_channel_without_recipients_is_nobodys_to_unsubscribe(desk: Desk) -> None:
    page = await desk.http.get(desk.link("answer", "f" * 20))
    assert 'value="unsubscribe"' not in page.text
    answer = await desk.http.post(desk.link("answer", "f" * 20), data={"act": "unsubscribe"})
    assert answer.status_code == 404
    assert desk.store.unsubscriptions() == ()


async def test_a_link_that_is_old_forged_or_about_nothing_says_so_and_does_nothing(desk: Desk) -> None:
    link = desk.link("noise")
    unknown = LINKS.action_link(desk.alert.id, "noise", "9" * 20, desk.clock()).removeprefix(LINKS.base_url)
    desk.clock.advance(days=31)
    for path, status in ((link, 410), (link[:-2], 404), ("/a/x", 404), ("/u/x", 404), ("/nowhere", 404)):
        answer = await desk.http.get(path)
        assert (path, answer.status_code) == (path, status)
        assert "Nothing to do here" in answer.text
        assert (await desk.http.post(path, data={"act": "noise"})).status_code == (
            405 if path == "/x" else status
        )
    desk.clock.advance(days=-31)
    assert (await desk.http.get(unknown)).status_code == 410
    assert desk.done() == []


# ---------------------------------------------------------------- unsubscribing


async def test_one_click_of_a_mail_program_unsubscribes(desk: Desk) -> None:
    page = await desk.http.get(desk.unsubscription())
    assert page.status_code == 200
    assert desk.store.unsubscriptions() == ()
    for _ in range(2):
        assert (await desk.http.post(desk.unsubscription(), data=ONE_CLICK)).status_code == 200
    (gone,) = desk.store.unsubscriptions()
    assert (gone.channel, gone.recipient, gone.how) == ("desk", "a@example.org", "by one click")
    assert "is unsubscribed" in (await desk.http.get(desk.unsubscription())).text


async def test_one_click_may_come_as_a_form_in_parts(desk: Desk) -> None:
    parts: Any = {"List-Unsubscribe": (None, "One-Click")}
    assert (await desk.http.post(desk.unsubscription(), files=parts)).status_code == 200
    assert len(desk.store.unsubscriptions()) == 1


async def test_a_post_that_does_not_say_so_does_not_unsubscribe(desk: Desk) -> None:
    for body in ({}, {"List-Unsubscribe": "maybe"}, {"act": "unsubscribe"}):
        assert (await desk.http.post(desk.unsubscription(), data=body)).status_code == 400
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (
        await desk.http.post(desk.unsubscription(), content=b"--y\r\n\r\n", headers=broken)
    ).status_code == 400
    assert desk.store.unsubscriptions() == ()


FORM = "application/x-www-form-urlencoded"
PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: nosuch\r\n\r\nb\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": f"{FORM}; charset=nosuch"}, b"act=noise"),
        ({"Content-Type": f"{FORM}; charset=base64"}, b"act=noise"),
        ({"Content-Type": FORM}, b"act=\xff"),
        ({"Content-Type": FORM, "Content-Encoding": "gzip"}, b"abcd"),
        ({"Content-Type": FORM, "Content-Encoding": "deflate"}, b"abcd"),
        ({"Content-Type": "multipart/form-data"}, b"x"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x\r\nbroken\r\n\r\n--x-"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, PART),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused_without_a_traceback(
    headers: dict[str, str], body: bytes, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    for link in (desk.link("noise"), desk.unsubscription()):
        answer = await desk.http.post(link, content=body, headers=headers)
        assert answer.status_code == 400
    assert (desk.done(), desk.store.unsubscriptions()) == ([], ())
    assert "Traceback" not in caplog.text


async def test_what_is_no_http_is_one_line_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as lines:
        for request in (b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nbroken\r\n\r\n"):
            stream, writer = await asyncio.open_connection(
                "127.0.0.1", int(desk.server.url.rpartition(":")[2])
            )
            writer.write(request)
            assert (await stream.read()).startswith(b"HTTP/1.1 400 Bad Request")
            writer.close()
    assert [line["event"] for line in lines] == ["web_request_refused"] * 2
    assert "Traceback" not in caplog.text


async def test_a_link_in_the_message_unsubscribes_too(desk: Desk) -> None:
    await desk.http.post(desk.link("unsubscribe"), data={"act": "unsubscribe"})
    assert [each.recipient for each in desk.store.unsubscriptions()] == ["a@example.org"]
    page = await desk.http.get(desk.link("unsubscribe"))
    assert "is unsubscribed from" in page.text
    assert 'value="unsubscribe"' not in page.text


# ---------------------------------------------------------------- the feed


async def test_the_feed_has_what_was_flagged_and_is_sent_once(desk: Desk) -> None:
    first = await desk.http.get("/alerts.atom")
    assert first.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert first.text.count("<entry>") == 2
    assert 'href="https://alerts.example/alerts.atom"' in first.text
    for tag in (first.headers["etag"], f"W/{first.headers['etag']}", f'"x", {first.headers["etag"]}', "*"):
        again = await desk.http.get("/alerts.atom", headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
    raised(desk.store, item(guid="4"))
    later = await desk.http.get("/alerts.atom", headers={"If-None-Match": first.headers["etag"]})
    assert later.status_code == 200


async def test_the_feed_may_be_for_those_who_know_its_token(desk: Desk) -> None:
    desk.change(web=WebAccess(HERE, "öffentlich nicht"))
    for query in ({}, {"token": ""}, {"token": "öffentlich"}):
        assert (await desk.http.get("/alerts.atom", params=query)).status_code == 403
    assert (await desk.http.get("/alerts.atom", params={"token": "öffentlich nicht"})).status_code == 200


# ---------------------------------------------------------------- what holds for all


async def test_every_answer_is_fetched_by_nobody_else_and_kept_by_nobody(desk: Desk) -> None:
    paths = ("/", "/healthz", "/nowhere", desk.link("noise"), desk.unsubscription(), "/a/x")
    for answer in [await desk.http.get(path) for path in paths]:
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["server"] == "sanctions-monitor"
        assert "set-cookie" not in answer.headers


async def test_a_style_is_allowed_by_a_nonce_that_is_used_once(desk: Desk) -> None:
    nonces = set()
    for _ in range(2):
        page = await desk.http.get("/")
        nonce = page.text.partition('<style nonce="')[2].partition('"')[0]
        assert f"style-src 'nonce-{nonce}'" in page.headers["content-security-policy"]
        assert " style=" not in page.text
        nonces.add(nonce)
    assert len(nonces) == 2


async def test_hostile_titles_stay_text(desk: Desk) -> None:
    (hostile,) = raised(
        desk.store, item(guid="5", title="</h1><script>alert(1)</script>", url="javascript:alert(1)")
    )
    answer = await desk.http.get(replace(desk, alert=hostile).link("noise"))
    assert "&lt;script&gt;" in answer.text
    assert "<script>" not in answer.text
    assert "javascript:" not in answer.text


async def test_a_body_too_long_is_refused(desk: Desk) -> None:
    answer = await desk.http.post(desk.link("noise"), data={"act": "noise" * MAX_LINK_BODY})
    assert answer.status_code == 413
    assert desk.done() == []


async def test_only_those_methods_are_there_that_are_meant(desk: Desk) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        assert (await desk.http.request(method, desk.link("noise"))).status_code == 405
    assert (await desk.http.post("/")).status_code == 405


async def test_a_server_for_this_machine_does_not_go_by_a_strangers_name(desk: Desk) -> None:
    for name, status in (("localhost", 200), ("alerts.example", 200), ("rebound.example", 421)):
        assert (await desk.http.get("/", headers={"Host": name})).status_code == status


async def test_health_is_whether_the_store_answers_and_nothing_more(desk: Desk) -> None:
    answer = await desk.http.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    with desk.store.database.write_transaction() as connection:
        connection.exec_driver_sql("DROP TABLE silences")
    answer = await desk.http.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "the store does not answer\n")


async def test_without_links_no_action_is_served(desk: Desk) -> None:
    desk.change(links=None)
    for path in (desk.link("noise"), desk.unsubscription()):
        assert (await desk.http.get(path)).status_code == 404
    assert (await desk.http.get("/alerts.atom")).status_code == 200


# ---------------------------------------------------------------- the port


async def test_a_port_in_use_is_reported_once_and_tried_again(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        desk.change(web=WebAccess(ListenAddress("127.0.0.1", port)))
        with capture_logs() as logs:
            await desk.server.serve()
            await desk.server.serve()
        assert [log["event"] for log in logs] == ["web_failed"]
        assert f"127.0.0.1:{port}" in logs[0]["reason"]
        (incident,) = desk.server.incidents(desk.clock())
        assert (incident.subject, incident.kind) == ("", "web")
    await desk.server.serve()
    assert list(desk.server.incidents(desk.clock())) == []
    assert (await desk.http.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200


async def test_a_server_that_is_switched_off_is_gone(desk: Desk) -> None:
    desk.change(web=WebAccess(None))
    await desk.server.serve()
    with pytest.raises(httpx.ConnectError):
        await desk.http.get("/healthz")
