"""A feed that names a hub, from its first poll to the alert that a notice brings, against real servers."""

import hashlib
import hmac
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from monitor.app.build import App, build
from monitor.app.once import once
from monitor.config import load
from monitor.model import HubState, HubSubscription
from tests.conftest import NOW, FakeClock
from tests.end_to_end.story import FOOTBALL, config, feed
from tests.support.servers import Reply, Site

LICENCE = ("licence", "OFAC issues General License 13Q authorizing wind-down transactions", "")


@dataclass
class Subscribed:
    """A running program whose feed names a hub; the test calls the program as the hub would."""

    app: App
    site: Site
    http: httpx.AsyncClient

    @property
    def form(self) -> dict[str, str]:
        """The last request that the hub got."""
        return {
            name: values[0] for name, values in parse_qs(self.site.asked("/hub")[-1].body.decode()).items()
        }

    @property
    def subscription(self) -> HubSubscription:
        found = self.app.store.hub_subscription("wire")
        assert found
        return found

    @property
    def path(self) -> str:
        """The path of the address that the hub was given."""
        return urlsplit(self.form["hub.callback"]).path

    async def confirm(self, **changes: str) -> httpx.Response:
        asked = {
            "mode": "subscribe",
            "topic": self.form["hub.topic"],
            "challenge": "c-1",
            "lease_seconds": "86400",
        }
        return await self.http.get(self.path, params={f"hub.{k}": v for k, v in (asked | changes).items()})

    async def notify(self, secret: str = "", body: bytes = b"<rss/>") -> int:
        made = hmac.new((secret or self.form["hub.secret"]).encode(), body, hashlib.sha256).hexdigest()
        signature = {"X-Hub-Signature": f"sha256={made}"}
        return (await self.http.post(self.path, content=body, headers=signature)).status_code

    def next_poll(self) -> timedelta:
        (state,) = self.app.store.feed_states()
        return state.next_poll_at - NOW


def with_hub(site: Site, *items: tuple[str, str, str]) -> Reply:
    links = f'<{site.url("/hub")}>; rel="hub", <https://news.example/feed.xml>; rel="self"'
    return Reply(feed(*items), headers={"Link": links})


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/hub": Reply(status=202), "/hook": Reply(status=204)}) as site:
        site.routes["/feed.xml"] = with_hub(site, FOOTBALL)
        yield site


@pytest.fixture
async def running(tmp_path: Path, site: Site, clock: FakeClock) -> AsyncIterator[Subscribed]:
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    own = 'base_url = "http://localhost:8080"\nsecret = "sixteen letters!"\n[websub]\nenabled = true'
    listen = 'listen = "127.0.0.1:0"'
    path.write_text(path.read_text("utf-8").replace(listen, f"{listen}\n{own}"), "utf-8")
    async with build(load(path), clock=clock, stream=io.StringIO()) as app:
        await app.web.serve()
        async with httpx.AsyncClient(base_url=app.web.url, timeout=240) as http:
            await once(app)
            yield Subscribed(app, site, http)
        await app.web.stop()


async def test_a_feed_is_subscribed_at_the_hub_that_its_response_names(running: Subscribed) -> None:
    assert running.subscription.state is HubState.OFFERED
    assert await running.app.websub.run() == 1
    assert running.form["hub.mode"] == "subscribe"
    assert running.form["hub.topic"] == "https://news.example/feed.xml"
    assert running.form["hub.callback"].startswith("http://localhost:8080/websub/")
    assert running.form["hub.lease_seconds"] == "864000"
    answer = await running.confirm()
    assert (answer.status_code, answer.text) == (200, "c-1")
    assert running.subscription.expires_at == NOW + timedelta(days=1)
    assert running.subscription.is_active(NOW)
    assert not running.subscription.is_active(NOW + timedelta(days=1))


async def test_a_signed_notice_makes_the_feed_due_and_its_news_alert(
    running: Subscribed, clock: FakeClock
) -> None:
    await running.app.websub.run()
    await running.confirm()
    clock.advance(minutes=5)
    assert running.next_poll() > timedelta(hours=1)
    running.site.routes["/feed.xml"] = with_hub(running.site, FOOTBALL, LICENCE)
    assert await running.notify() == 202
    assert running.next_poll() == timedelta(minutes=5)
    assert (await once(running.app)).polled.alerts == 1
    assert (running.subscription.notices, running.subscription.notified_at) == (1, NOW + timedelta(minutes=5))


async def test_a_notice_with_a_false_signature_changes_nothing(running: Subscribed, clock: FakeClock) -> None:
    await running.app.websub.run()
    await running.confirm()
    clock.advance(minutes=5)
    before = running.next_poll()
    assert await running.notify(secret="guessed") == 202
    assert (await running.http.post(running.path, content=b"<rss/>")).status_code == 202
    assert (running.next_poll(), running.subscription.notices) == (before, 0)


async def test_a_failing_feed_waits_its_turn_in_spite_of_a_notice(
    running: Subscribed, clock: FakeClock
) -> None:
    await running.app.websub.run()
    await running.confirm()
    running.site.routes["/feed.xml"] = Reply(status=503)
    clock.advance(days=2)
    await once(running.app)
    before = running.next_poll()
    assert await running.notify() == 202
    assert running.next_poll() == before


async def test_a_subscription_is_renewed_before_it_expires_with_the_same_address(
    running: Subscribed, clock: FakeClock
) -> None:
    await running.app.websub.run()
    await running.confirm()
    path = running.path
    assert await running.app.websub.run() == 0
    clock.advance(hours=19)
    assert await running.app.websub.run() == 1
    assert running.path == path
    assert running.subscription.is_active(clock())


@pytest.mark.parametrize(
    "changes", [{"topic": "https://other.example/"}, {"mode": "unsubscribe"}, {"challenge": ""}]
)
async def test_only_what_was_asked_for_is_confirmed(running: Subscribed, changes: dict[str, str]) -> None:
    await running.app.websub.run()
    assert (await running.confirm(**changes)).status_code == 404
    assert running.subscription.state is HubState.REQUESTED


async def test_an_address_that_was_never_given_away_is_gone(running: Subscribed) -> None:
    answer = await running.http.post("/websub/guessed", content=b"")
    assert answer.status_code == 410


async def test_a_hub_that_denies_or_refuses_is_asked_again_later(
    running: Subscribed, clock: FakeClock
) -> None:
    running.site.routes["/hub"] = [Reply(status=500), Reply(status=202)]
    assert await running.app.websub.run() == 0
    assert running.subscription.state is HubState.REFUSED
    assert running.subscription.reason == "the hub answers HTTP 500"
    clock.advance(hours=1)
    assert await running.app.websub.run() == 1
    await running.confirm(mode="denied", **{"reason": "<b>no</b>"})
    assert running.subscription.reason.startswith("the hub denies it: ")
    assert running.subscription.state is HubState.REFUSED


async def test_a_document_that_names_another_hub_or_none_begins_anew(
    running: Subscribed, clock: FakeClock
) -> None:
    await running.app.websub.run()
    await running.confirm()
    old = running.path
    running.site.routes["/feed.xml"] = Reply(feed(FOOTBALL, LICENCE))
    clock.advance(days=3)
    await once(running.app)
    assert running.app.store.hub_subscription("wire") is None
    assert (await running.http.post(old, content=b"")).status_code == 410


async def test_the_page_of_a_feed_shows_its_subscription(running: Subscribed) -> None:
    await running.app.websub.run()
    await running.confirm()
    page = (await running.http.get("/feeds/wire")).text
    assert "subscribed at 127.0.0.1; 0 notices" in page
    metrics = (await running.http.get("/metrics")).text
    assert 'sanctions_monitor_hub_subscriptions{state="active"} 1.0' in metrics
