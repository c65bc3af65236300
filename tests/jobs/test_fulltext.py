"""The pages of items, on loopback: fetched politely, parsed safely, judged again, alerted once."""

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.app.build import App, build
from monitor.app.once import once
from monitor.config import load
from monitor.feeds.parsing.worker_pool import ParserLimits, ParserPool
from monitor.jobs.policy import MAX_HOST_WAIT
from monitor.model import ArticleOutcome
from monitor.store.tables import articles, hosts
from tests.conftest import FakeClock
from tests.store.builders import state_of
from tests.support.archive import found
from tests.support.databases import prepare_database
from tests.support.policies import change_policy
from tests.support.servers import Reply, Request, Route, Site, redirect

FILLER = "".join(
    f"<p>Paragraph {number} of this report speaks at length of the weather, the sea and the harbour.</p>"
    for number in range(12)
)
DULL = ("1", "A note from the ministry", "The ministry published a note today.")
LISTING = (
    "OFAC adds 14 shipping companies to SDN List over Iranian oil trade. The US Treasury designated 14 companies and"
    " sanctioned six tankers. The Treasury sanctioned the companies under Executive Order 13902 on Monday."
)
PLAIN = Reply(status=404)


def page(text: str) -> Reply:
    html = f"<html><head><title>x</title></head><body><article><h1>A note</h1><p>{text}</p>{FILLER}</article></body></html>"
    return Reply(html, headers={"Content-Type": "text/html; charset=utf-8"})


def rss(site: Site, *items: tuple[str, str, str], path: str = "/page/") -> Reply:
    entries = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><link>{site.url(path + guid)}</link><title>{title}</title>"
        f"<description>{summary}</description></item>"
        for guid, title, summary in items
    )
    return Reply(f"<rss version='2.0'><channel><title>A wire</title>{entries}</channel></rss>")


@asynccontextmanager
async def reading(
    folder: Path,
    clock: FakeClock,
    site: Site,
    routes: dict[str, Route],
    items: tuple[tuple[str, str, str], ...] = (DULL,),
) -> AsyncIterator[App]:
    """A program that reads one feed and its pages in full."""
    site.routes |= {"/feed": rss(site, *items), "/robots.txt": PLAIN} | routes
    prepare_database(folder / "m.db")
    (folder / "config.toml").write_text(
        f"""
database = "{folder}/m.db"
[polling]
parsers = 1
deadline = "60s"
[feeds.wire]
url = "{site.url("/feed")}"
tier = "wire"
every = "1d"
full_text = true
[channels.out]
type = "file"
path = "{folder}/out"
[routes.all]
channels = ["out"]
at_least = "digest"
""",
        "utf-8",
    )
    async with build(load(folder / "config.toml"), clock=clock, stream=io.StringIO()) as app:
        yield app


def moving(clock: FakeClock) -> Callable[[float], object]:
    """A pause in which the clock moves and nobody waits."""

    async def pause(seconds: float) -> None:
        clock.advance(seconds=seconds + 0.1)

    return pause


async def run(app: App, clock: FakeClock) -> int:
    return (await once(app, moving(clock))).polled.alerts


def rows(app: App) -> list[tuple[str, int, str]]:
    with app.store.database.read_transaction() as connection:
        found = connection.execute(articles.select().order_by(articles.c.item))
        return [(row.state, row.attempts, row.reason) for row in found]


async def test_a_page_is_read_searched_judged_again_and_sent_exactly_once(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Site() as site:
        async with reading(tmp_path, clock, site, {"/page/1": page(LISTING)}) as app:
            assert await run(app, clock) == 1
            (one,) = found(app.store, "tankers harbour")
            assert one.item.summary == DULL[2]
            assert "sanctions" in one.verdict.topics
            assert any(each.field == "body" for each in one.verdict.evidence)
            (exhibit,) = app.store.exhibits(one.item.id)
            assert exhibit.document
            assert exhibit.document.url == site.url("/page/1")
            clock.advance(days=1)
            assert await run(app, clock) == 0
        assert len(site.asked("/page/1")) == 1
        assert site.asked("/page/1")[0].headers["user-agent"].startswith("sanctions-monitor/")
    assert len(list((tmp_path / "out").glob("*.txt"))) == 1


async def test_a_page_that_says_no_more_than_its_feed_raises_nothing_more(
    tmp_path: Path, clock: FakeClock
) -> None:
    listed_item = (
        "1",
        "OFAC adds 14 shipping companies to SDN List",
        "The US Treasury designated 14 companies.",
    )
    with Site() as site:
        async with reading(tmp_path, clock, site, {"/page/1": page(LISTING)}, (listed_item,)) as app:
            assert await run(app, clock) == 1
            assert rows(app) == [("read", 0, "")]
            assert len(found(app.store, "harbour")) == 1


@pytest.mark.parametrize("text", [LISTING, "Subscribe to read on."])
async def test_a_page_that_says_no_more_than_the_full_text_in_its_feed_raises_nothing_more(
    tmp_path: Path, clock: FakeClock, text: str
) -> None:
    full = "1", DULL[1], f"{DULL[2]}</description><description>{LISTING} {'All details follow. ' * 400}"
    with Site() as site:
        async with reading(tmp_path, clock, site, {"/page/1": page(text)}, (full,)) as app:
            assert await run(app, clock) == 1
            assert rows(app) == [("read", 0, "")]
            (one,) = found(app.store, "tankers")
            assert "sanctions" in one.verdict.topics
            assert len(app.store.alerts(clock() - timedelta(days=1), clock() + timedelta(days=1))) == 1


@pytest.mark.parametrize(
    "robots",
    [
        "User-agent: *\nDisallow: /page/",
        "User-agent: sanctions-monitor\nDisallow: /\n\nUser-agent: *\nAllow: /",
        "User-agent: *\nAllow: /\nDisallow: /*/1$",
    ],
)
async def test_a_page_that_robots_txt_forbids_is_never_asked_for(
    tmp_path: Path, clock: FakeClock, robots: str
) -> None:
    with Site() as site:
        async with reading(
            tmp_path, clock, site, {"/robots.txt": Reply(robots), "/page/1": page(LISTING)}
        ) as app:
            assert await run(app, clock) == 0
            ((state, _, reason),) = rows(app)
            assert (state, "robots.txt of 127.0.0.1" in reason) == ("given up", True)
        assert site.asked("/page/1") == []


async def test_a_robots_txt_that_cannot_be_had_keeps_us_out_until_it_can(
    tmp_path: Path, clock: FakeClock
) -> None:
    robots: Route = [Reply(status=500), Reply("User-agent: *\nDisallow:")]
    with Site() as site:
        async with reading(tmp_path, clock, site, {"/robots.txt": robots, "/page/1": page(LISTING)}) as app:
            await run(app, clock)
            assert site.asked("/page/1") == []
            assert [row[:2] for row in rows(app)] == [("owed", 1)]
            clock.advance(minutes=10)
            assert await run(app, clock) == 1


async def test_robots_txt_is_asked_once_a_day_for_all_pages_of_a_host(
    tmp_path: Path, clock: FakeClock
) -> None:
    items = tuple((str(number), f"Note {number}", "A note.") for number in range(4))
    with Site() as site:
        routes: dict[str, Route] = {f"/page/{number}": page("nothing of note") for number in range(4)}
        async with reading(tmp_path, clock, site, routes, items) as app:
            await run(app, clock)
            assert {row[0] for row in rows(app)} == {"read"}
    assert len(site.asked("/robots.txt")) == 1


async def test_polls_and_pages_never_come_to_a_host_closer_than_its_gap(
    tmp_path: Path, clock: FakeClock
) -> None:
    times: list[datetime] = []

    def timed(reply: Reply) -> Callable[[Request], Reply]:
        def answer(request: Request) -> Reply:
            times.append(clock())
            return reply

        return answer

    items = tuple((str(number), f"Note {number}", "A note.") for number in range(3))
    with Site() as site:
        routes: dict[str, Route] = {f"/page/{number}": timed(page("nothing")) for number in range(3)}
        routes |= {"/robots.txt": timed(PLAIN), "/feed": timed(rss(site, *items))}
        async with reading(tmp_path, clock, site, routes, items) as app:
            await run(app, clock)
    assert len(times) == 5
    assert min(later - sooner for sooner, later in pairwise(times)) >= timedelta(seconds=2)


async def test_pages_give_way_to_a_feed_of_their_host(tmp_path: Path, clock: FakeClock) -> None:
    with Site() as site:
        async with reading(tmp_path, clock, site, {"/page/1": page(LISTING)}) as app:
            (shard,) = await app.poll.due_shards()
            await app.poll.poll_shard(shard)
            await app.poll.finish()
            clock.advance(days=2)
            assert await app.fulltext.due_shards() == ()
            await app.poll.poll_shard(shard)
            await app.poll.finish()
            clock.advance(seconds=2)
            assert await app.fulltext.due_shards() == (shard,)


async def test_while_a_page_is_read_its_host_is_not_free_for_a_feed(tmp_path: Path, clock: FakeClock) -> None:
    with Site() as site:
        async with reading(tmp_path, clock, site, {"/page/1": page(LISTING)}) as app:
            (shard,) = await app.poll.due_shards()
            await app.poll.poll_shard(shard)
            await app.poll.finish()
            clock.advance(days=1, seconds=-1)
            state = state_of(app.store)
            now = state.next_poll_at - timedelta(seconds=1)
            assert app.store.take_articles(shard, now, now + timedelta(seconds=7))
            assert app.store.due_shards(now + timedelta(seconds=2)) == ()
            assert app.store.due_shards(now + timedelta(seconds=7)) == (shard,)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (redirect("http://127.0.0.1:9/admin"), "allowed host|is not fetched|a loopback address"),
        (redirect("http://169.254.169.254/latest/meta-data"), "169.254.169.254"),
        (Reply(b"x" * 2_100_000), "more than 2,000,000 bytes"),
        (Reply(b"%PDF", headers={"Content-Type": "application/pdf"}), "no web page"),
        (
            Reply(
                "<html><body><p>Please accept our cookies.</p></body></html>",
                headers={"Content-Type": "text/html"},
            ),
            "a paywall",
        ),
        (Reply(status=404), "404"),
    ],
    ids=["inside", "metadata", "huge", "pdf", "consent", "missing"],
)
async def test_what_is_no_page_for_us_is_given_up_with_the_reason(
    tmp_path: Path, clock: FakeClock, reply: Reply, why: str
) -> None:
    with Site() as site:
        async with reading(tmp_path, clock, site, {"/page/1": reply}) as app:
            assert await run(app, clock) == 0
            clock.advance(minutes=1)
            await run(app, clock)
            ((state, _, reason),) = rows(app)
            assert state == "given up"
            assert any(each in reason for each in why.split("|")), reason


async def test_a_page_that_drips_is_tried_three_times_with_growing_waits(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Site() as site:
        async with reading(tmp_path, clock, site, {"/page/1": Reply(b"x" * 9_000, drip=10)}) as app:
            change_policy(app, polling=replace(app.policy.polling, time_limit_s=1.0))
            await run(app, clock)
            seen = [rows(app)[0][:2]]
            app.store.enrol([], clock())  # no feed is due in between
            for wait in (timedelta(minutes=10), timedelta(hours=2), timedelta(days=3)):
                clock.advance(seconds=wait.total_seconds() - 20)
                await run(app, clock)
                early = len(site.asked("/page/1"))
                clock.advance(seconds=20)
                await run(app, clock)
                seen.append(rows(app)[0][:2])
                assert (early, len(site.asked("/page/1"))) == (min(len(seen) - 1, 3), min(len(seen), 3))
    assert seen == [("owed", 1), ("owed", 2), ("given up", 3), ("given up", 3)]


async def test_a_page_that_kills_its_parser_harms_nothing_else(tmp_path: Path, clock: FakeClock) -> None:
    with Site() as site:
        bad = page("<div>" * 200_000)
        async with (
            reading(
                tmp_path, clock, site, {"/page/1": bad, "/page/2": page(LISTING)}, (DULL, ("2", *DULL[1:]))
            ) as app,
            ParserPool(1, ParserLimits(wall_s=0.001)) as hasty,
        ):
            patient = app.fulltext.extractor

            class TimedExtractor:
                admits = staticmethod(patient.admits)

                async def article(self, url: str, body: bytes, content_type: str) -> str:
                    extractor = hasty if url.endswith("/1") else patient
                    return await extractor.article(url, body, content_type)

            app.fulltext.extractor = TimedExtractor()
            assert await run(app, clock) == 1
            assert sorted(row[:2] for row in rows(app)) == [("owed", 1), ("read", 0)]
            assert any("took more than" in row[2] for row in rows(app))


class Killed(BaseException):
    """The end of a process."""


async def test_a_crash_between_fetch_and_commit_loses_nothing_and_alerts_once(
    tmp_path: Path, clock: FakeClock
) -> None:
    def dying(outcome: ArticleOutcome) -> bool:
        raise Killed

    with Site() as site:
        routes: dict[str, Route] = {"/page/1": page(LISTING)}
        async with reading(tmp_path, clock, site, routes) as app:
            (shard,) = await app.poll.due_shards()
            await app.poll.poll_shard(shard)
            await app.poll.finish()
            clock.advance(seconds=2)
            await app.fulltext.read_shard(shard)
            clock.advance(seconds=2)
            app.store.commit_article = dying
            with pytest.raises(BaseExceptionGroup):
                await app.fulltext.read_shard(shard)
            assert len(site.asked("/page/1")) == 1
        clock.advance(seconds=63)
        async with reading(tmp_path, clock, site, routes) as app:
            assert await run(app, clock) == 1
            assert rows(app) == [("read", 0, "")]


async def test_a_host_waits_for_retry_after_up_to_the_limit(tmp_path: Path, clock: FakeClock) -> None:
    with Site() as site:
        busy = Reply(status=429, headers={"Retry-After": "86400"})
        async with reading(tmp_path, clock, site, {"/page/1": busy}) as app:
            await run(app, clock)
            with app.store.database.read_transaction() as connection:
                (row,) = connection.execute(hosts.select())
            assert row.free_at - clock() > MAX_HOST_WAIT - timedelta(minutes=1)


async def test_an_address_that_is_none_stops_no_poll(tmp_path: Path, clock: FakeClock) -> None:
    with Site() as site:
        async with reading(tmp_path, clock, site, {}) as app:
            bad = "<rss version='2.0'><channel><title>t</title><item><guid>1</guid><link>http://h:99999/x</link><title>A note</title></item></channel></rss>"
            site.routes["/feed"] = Reply(bad)
            await run(app, clock)
            assert state_of(app.store).health == "ok"
            assert rows(app) == []
