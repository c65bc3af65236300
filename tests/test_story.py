"""The whole product on loopback: a real feed server, a real mail server with STARTTLS and AUTH, a real webhook."""

import json
import signal
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from monitor.app.build import App, build
from monitor.app.once import RunSummary, once
from monitor.config import load
from tests.conftest import FakeClock
from tests.end_to_end.story import FOOTBALL, LISTING, config, feed, finish, mail_channel, start, start_warm
from tests.support.cluster import database, in_cluster, members, serve_until_quiet
from tests.support.policies import change_alerts, without_host_gap
from tests.support.running import TIMEOUT_S
from tests.support.servers import Reply, Request, Site
from tests.support.servers_mail import PASSWORD, USER, MailServer


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/feed.xml": Reply(feed(LISTING, FOOTBALL), etag='"v1"'), "/hook": Reply(status=204)}) as site:
        yield site


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


#: Each round of a cluster ends with seconds in which nothing happens.
SLOW = (pytest.mark.slow, pytest.mark.timeout(1800))


@dataclass(frozen=True, slots=True)
class Deployment:
    """How the program runs: alone by `once`, or as two workers of a cluster on the database at `url`."""

    clock: FakeClock
    url: str = ""

    async def run(self, path: Path, *waits: float, prepare: Callable[[App], None] = without_host_gap) -> None:
        """Let the program do all that is due, now and after each of some waits in hours."""
        if self.url:
            in_cluster(path, self.url)
        for hours in (0.0, *waits):
            self.clock.advance(hours=hours)
            async with self._programs(path) as apps:  # a member that has ended joins no more
                for app in apps:
                    prepare(app)
                await (serve_until_quiet(apps, path, self.clock) if self.url else once(apps[0]))

    @asynccontextmanager
    async def _programs(self, path: Path) -> AsyncIterator[list[App]]:
        if self.url:
            async with members(path, 2, clock=self.clock) as apps:
                yield apps
        else:
            async with build(load(path), clock=self.clock) as app:
                yield [app]


@pytest.fixture(params=["embedded", pytest.param("cluster", marks=SLOW)])
def deployment(request: pytest.FixtureRequest, clock: FakeClock) -> Iterator[Deployment]:
    if request.param == "embedded":
        yield Deployment(clock)
        return
    with database() as url:
        yield Deployment(clock, url)


@pytest.fixture
def path(tmp_path: Path, site: Site, mail_server: MailServer) -> Path:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(mail_server.authority.cert_pem.bytes())
    mail = mail_channel(mail_server.port, ca_file, USER, PASSWORD)
    return config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"), mail=mail)


def add_table(path: Path, table: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(table)


def posted(site: Site) -> list[tuple[str, dict[str, Any]]]:
    return [(each.headers["webhook-id"], json.loads(each.body)) for each in site.asked("/hook")]


async def test_an_item_becomes_one_alert_and_stands_in_one_digest(
    path: Path, site: Site, mail_server: MailServer, deployment: Deployment
) -> None:
    await deployment.run(path, 1, 1, 25)

    kinds = [data["type"] for _, data in posted(site)]
    assert kinds == ["alert", "digest", "digest"]
    _, alert = posted(site)[0]
    assert (alert["topics"], alert["event"]["type"]) == (["sanctions"], "imposed")
    assert [len(data["alerts"]) for _, data in posted(site)[1:]] == [1, 0]

    subjects = [
        message_from_bytes(mail.content, policy=policy.default)["Subject"] for mail in mail_server.mails
    ]
    assert len(subjects) == 3
    assert "OFAC adds 14 shipping companies" in subjects[0]
    assert all(
        mail.tls and mail.user == USER and mail.to == ("desk@news.example",) for mail in mail_server.mails
    )


async def test_what_the_webhook_gets_is_signed_and_says_why(
    path: Path, site: Site, deployment: Deployment
) -> None:
    deployment.clock.now = datetime.now(UTC)  # an old signature would be refused
    await deployment.run(path)
    received = site.asked("/hook")[0]
    Webhook(b"a shared key").verify(received.body, dict(received.headers))
    alert = json.loads(received.body)
    for evidence in alert["evidence"]:
        text = {"title": LISTING[1], "summary": LISTING[2]}[evidence["field"]]
        assert text[evidence["start"] : evidence["stop"]] == evidence["quote"]
    assert "listing-act" in alert["rules"]


async def test_an_unchanged_feed_is_recognised_and_raises_nothing(
    path: Path, site: Site, clock: FakeClock
) -> None:
    async with build(load(path), clock=clock) as app:
        await once(app)
        clock.advance(hours=27)  # a day, and the most that chance may add to it
        done = await once(app)
        state = (await app.db.run(app.store.feed_states))[0]
    assert len(site.asked("/feed.xml")) == 2
    assert (state.health, done.polled.items, done.polled.alerts) == ("not_modified", 0, 0)


async def test_the_same_story_from_a_second_feed_raises_no_second_alert(
    tmp_path: Path, site: Site, deployment: Deployment
) -> None:
    retold = (
        "retold",
        "US Treasury adds 14 shipping companies to SDN List over Iranian oil",
        "Six tankers too.",
    )
    site.routes["/other.xml"] = Reply(feed(retold))
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    with path.open("a") as file:
        file.write(f'[feeds.other]\nurl = "{site.url("/other.xml")}"\ntier = "wire"\n')
    await deployment.run(path)
    assert [data["type"] for _, data in posted(site)] == ["alert", "digest"]


async def test_the_official_notice_of_a_known_story_is_an_update_that_says_so(
    tmp_path: Path, site: Site, deployment: Deployment
) -> None:
    notice = ("notice", "OFAC adds 14 shipping companies to SDN List", "Iran-related designations.")
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    await deployment.run(path)
    add_table(path, f'[feeds.treasury]\nurl = "{site.url("/notice.xml")}"\ntier = "official"\n')
    site.routes["/notice.xml"] = Reply(feed(notice))
    deployment.clock.advance(minutes=5)
    await deployment.run(path)
    update = posted(site)[-1][1]
    assert (update["kind"], update["news"]) == ("update", "confirmed by OFAC")
    assert update["story"] == posted(site)[0][1]["story"]


async def test_an_update_has_the_credibility_of_all_sources_of_the_story(
    tmp_path: Path, site: Site, deployment: Deployment
) -> None:
    site.routes["/first.xml"] = Reply(feed(("talks", "Denmark in talks to buy 16 F-35 fighter jets", "")))
    site.routes["/second.xml"] = Reply(feed(("order", "Denmark orders 16 F-35 fighter jets", "")))
    path = config(tmp_path, feed_url=site.url("/first.xml"), hook_url=site.url("/hook"))
    path.write_text(path.read_text("utf-8").replace('tier = "wire"', 'tier = "regional"'), "utf-8")
    await deployment.run(path)
    second = site.url("/second.xml").replace("127.0.0.1", "localhost")
    add_table(path, f'[feeds.second]\nurl = "{second}"\ntier = "regional"\n')
    deployment.clock.advance(minutes=5)
    await deployment.run(path)
    update = posted(site)[-1][1]
    assert update["kind"] == "update"
    assert update["news"].startswith("stage: talks → contract")
    assert update["credibility"]["score"] == 70
    assert update["credibility"]["reasons"][-1] == "told by 2 independent publishers (+10)"


async def test_a_host_with_a_long_retry_after_does_not_delay_a_round(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    site.routes["/feed.xml"] = Reply(b"slow down", 429, headers={"Retry-After": "3600"})
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    with path.open("a") as file:
        file.write(f'[feeds.other]\nurl = "{site.url("/feed.xml")}"\n')
    async with build(load(path), clock=clock) as app:
        context = app.policy.alerts  # a server out in the world, not a bridge of one's own
        feeds = {name: replace(feed, internal=False) for name, feed in context.feeds.items()}
        change_alerts(app, feeds=feeds)
        done = await once(app)
        assert (done.polled.polled, done.polled.failed) == (1, 1)
        clock.advance(hours=2)
        await once(app)
    assert len(site.asked("/feed.xml")) == 2


async def test_a_retry_after_of_one_feed_of_a_local_bridge_does_not_delay_its_other_feeds(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    site.routes["/feed.xml"] = Reply(b"slow down", 429, headers={"Retry-After": "3600"})
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    with path.open("a") as file:
        file.write(f'[feeds.other]\nurl = "{site.url("/feed.xml")}"\n')

    async def pause(seconds: float) -> None:
        clock.advance(seconds=seconds)

    async with build(load(path), clock=clock) as app:
        done = await once(app, pause)
    assert (done.polled.polled, done.polled.failed) == (2, 2)


# ---------------------------------------------------------------- killed at five points, and started again


def lock_database(database: Path) -> sqlite3.Connection:
    """Hold the database's write lock: until it is let go, the program can commit nothing."""
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    return connection


class Killer:
    """Kills the program when a server says that it has come to a point, and lets it be started again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reached = threading.Event()
        self._locks: list[sqlite3.Connection] = []

    def at(self, reply: Reply, *, locked: bool) -> Callable[[Request], Reply]:
        """Return a route that answers once the point is reached; `locked` holds the database before it does."""

        def answer(_: Request) -> Reply:
            if locked and not self.reached.is_set():
                self._locks.append(lock_database(self.path.parent / "monitor.db"))
            self.reached.set()
            return reply

        return answer

    def kill(self) -> None:
        process = start_warm("once", "--config", self.path, cwd=self.path.parent)
        assert self.reached.wait(TIMEOUT_S)
        process.send_signal(signal.SIGKILL)
        finish(process)
        for connection in self._locks:
            connection.close()

    async def again(self) -> RunSummary:
        """Start it again, in this process to save time: nothing of the killed one is left but its files."""
        async with build(load(self.path)) as app:
            return await once(app)


def check_sent_once(site: Site, mail_server: MailServer) -> None:
    """Assert that every message arrived, and that repeats have the same id and the same bytes."""
    bodies: dict[str, set[bytes]] = {}
    for request in site.asked("/hook"):
        bodies.setdefault(request.headers["webhook-id"], set()).add(request.body)
    assert [len(each) for each in bodies.values()] == [1, 1]
    assert sorted(json.loads(body)["type"] for each in bodies.values() for body in each) == [
        "alert",
        "digest",
    ]
    mails: dict[str, set[bytes]] = {}
    for mail in mail_server.mails:
        message_id = message_from_bytes(mail.content)["Message-ID"]
        mails.setdefault(message_id, set()).add(mail.content)
    assert [len(each) for each in mails.values()] == [1, 1]


NEVER = threading.Event()


async def test_killed_while_fetching_it_polls_again(path: Path, site: Site, mail_server: MailServer) -> None:
    killer, usual = Killer(path), site.routes["/feed.xml"]
    site.routes["/feed.xml"] = killer.at(Reply(feed(LISTING), wait=NEVER), locked=False)
    killer.kill()
    site.routes["/feed.xml"] = usual
    assert (await killer.again()).polled.alerts == 1
    check_sent_once(site, mail_server)


async def test_killed_before_the_commit_it_begins_anew_without_validators(
    path: Path, site: Site, mail_server: MailServer
) -> None:
    killer, usual = Killer(path), site.routes["/feed.xml"]
    site.routes["/feed.xml"] = killer.at(Reply(feed(LISTING), etag='"v1"'), locked=True)
    killer.kill()
    site.routes["/feed.xml"] = usual
    assert (await killer.again()).polled.alerts == 1
    assert "if-none-match" not in site.asked("/feed.xml")[-1].headers
    check_sent_once(site, mail_server)


async def test_killed_after_the_commit_it_delivers_what_it_owes(
    path: Path, site: Site, mail_server: MailServer
) -> None:
    killer, usual = Killer(path), site.routes["/hook"]
    site.routes["/hook"] = killer.at(Reply(status=503, wait=NEVER), locked=False)
    mail_server.replies["MAIL"] = "451 4.3.0 not now"
    killer.kill()
    site.requests.clear()
    site.routes["/hook"] = usual
    mail_server.replies.clear()
    with sqlite3.connect(path.parent / "monitor.db") as database:
        assert database.execute("SELECT count(*) FROM alerts").fetchone() == (1,)
        database.execute("UPDATE deliveries SET due_at = created_at WHERE state = 'owed'")
    database.close()
    assert (await killer.again()).polled.polled == 0
    check_sent_once(site, mail_server)


@pytest.mark.parametrize("answered", [False, True], ids=["while sending", "after sending"])
async def test_killed_around_a_post_it_posts_again_with_the_same_id(
    path: Path, site: Site, mail_server: MailServer, answered: bool
) -> None:
    killer, usual = Killer(path), site.routes["/hook"]
    reply = Reply(status=204) if answered else Reply(status=204, wait=NEVER)
    site.routes["/hook"] = killer.at(reply, locked=answered)
    killer.kill()
    site.routes["/hook"] = usual
    await killer.again()
    ids = [request.headers["webhook-id"] for request in site.asked("/hook")]
    assert ids.count(ids[0]) == 2
    check_sent_once(site, mail_server)


async def test_killed_while_the_mail_is_taken_it_sends_the_same_mail_again(
    path: Path, site: Site, mail_server: MailServer
) -> None:
    mail_server.hang = True
    process = start("once", "--config", path, cwd=path.parent)
    assert mail_server.stored.wait(TIMEOUT_S)
    process.send_signal(signal.SIGKILL)
    finish(process)
    mail_server.hang = False
    mail_server.release()
    await Killer(path).again()
    check_sent_once(site, mail_server)
    assert len(mail_server.mails) >= 2
