"""Pages of operation in a real browser: a feed with its polls and its hub, health with the workers of a cluster."""

from dataclasses import replace
from datetime import timedelta

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from monitor.errors import FeedHealth
from monitor.feeds.poll_log import poll_to_log
from monitor.feeds.websub.schedule import requested
from monitor.model import HubOffer, Lane, Run
from tests.conftest import NOW
from tests.store.builders import feed, outcome, state_of
from tests.store.test_cluster import worker
from tests.web.browser.conftest import Desk, fill
from tests.web.conftest import Served

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

#: Polls of a feed: minutes after the first, its answer, the reason, bytes, news, and seconds.
POLLS = (
    (0, FeedHealth.OK, "", 184_320, 40, 1.2),
    (10, FeedHealth.NOT_MODIFIED, "", 0, 0, 0.2),
    (20, FeedHealth.NOT_MODIFIED, "", 0, 0, 0.2),
    (30, FeedHealth.OK, "", 184_900, 2, 0.9),
    (40, FeedHealth.TIMEOUT, "https://wire.example/feed did not finish answering within 30 s", 0, 0, 30.0),
    (60, FeedHealth.TIMEOUT, "https://wire.example/feed did not finish answering within 30 s", 0, 0, 30.0),
    (90, FeedHealth.OK, "", 9_800, 1, 0.4),
    (100, FeedHealth.NOT_MODIFIED, "", 0, 0, 0.1),
)


async def show(desk: Desk, path: str, name: str) -> None:
    """Show a page narrow and wide, light and dark; fail if axe finds anything serious or it scrolls sideways."""
    for width in (1280, 375):
        for scheme in ("light", "dark"):
            viewport = {"width": width, "height": 900}
            page = await desk.open(path, viewport=viewport, color_scheme=scheme)
            found = (await Axe().run(page)).response["violations"]
            serious = [each for each in found if each["impact"] in {"serious", "critical"}]
            assert not serious, (path, width, scheme, serious)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            await desk.shot(f"{name}-{width}-{scheme}")


def poll_often(served: Served) -> None:
    """Commit the polls of `POLLS` for the feed "wire"."""
    for minutes, health, reason, size, news, took_s in POLLS:
        before = state_of(served.store, "wire")
        begun = NOW + timedelta(minutes=minutes)
        after = replace(
            before,
            polled_at=begun + timedelta(seconds=took_s),
            health=health,
            reason=reason,
            items_seen=40,
        )
        logged = poll_to_log(before, after, begun, size=size, news=news)
        served.store.commit([outcome(before, state=after, logged=logged)])


def subscribe(served: Served) -> None:
    """Let the document of the feed "wire" name a hub, which is asked and has not answered."""
    state = state_of(served.store, "wire")
    offer = HubOffer("https://hub.example/", "https://wire.example/feed")
    served.store.commit([outcome(state, state=replace(state, polled_at=served.clock()), hub=offer)])
    (due,) = served.store.due_hub_subscriptions(served.clock(), 9)
    assert served.store.record_hub_request(requested(due, served.clock()))


async def test_a_feed_shows_its_polls_and_its_hub_at_every_width(desk: Desk) -> None:
    fill(desk.served)
    poll_often(desk.served)
    subscribe(desk.served)
    desk.served.clock.advance(hours=2)
    page = await desk.open("/feeds/wire")
    await expect(page.locator("main")).to_contain_text("Hub (WebSub)")
    await expect(page.locator("main")).to_contain_text("hub.example")
    log = page.get_by_role("group", name="Latest polls, scroll sideways").locator("tbody tr")
    assert [(await row.inner_text()).split("\t")[2] for row in await log.all()] == ["1", "–", "2", "40"]
    await expect(log.nth(1)).to_contain_text("then 1 poll with the same answer")
    await expect(log.nth(3)).to_contain_text("then 2 polls without news")
    await show(desk, "/feeds/wire", "feed-polls")
    assert desk.violations == []


async def test_health_shows_the_workers_of_a_cluster_at_every_width(desk: Desk) -> None:
    served = desk.served
    fill(served)
    before, now = NOW - timedelta(hours=2), served.clock()
    polls = Lane("poll", 16, (Run(str(feed().shard), NOW),))
    for one in (
        worker("good", lanes=(polls,), started_at=before, seen_at=now),
        worker("second", started_at=before, seen_at=now),
        worker("odd", rules="older", started_at=before, seen_at=now),
        worker("lost", started_at=before, seen_at=before),
    ):
        served.store.report_worker(one)
    served.store.forget_workers(now - timedelta(minutes=5), now - timedelta(days=1), now)
    page = await desk.open("/health")
    await expect(page.locator("main")).to_contain_text("3 at work")
    await expect(page.locator("main")).to_contain_text("missing")
    await show(desk, "/health", "health-cluster")
    await expect(desk.page.get_by_role("columnheader", name="Heartbeat")).to_be_hidden()
    assert desk.violations == []


async def test_a_frame_class_is_typed_at_the_workbench_and_one_of_ones_own_is_saved(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/workbench?kind=frame")
    await page.get_by_label("Frame class").fill("buy × arms")
    await page.get_by_role("button", name="Try").click()
    await expect(page.locator("#state")).to_contain_text("in 30 days")
    await expect(page.locator("#hits li").first).to_be_visible()
    await show(desk, "/workbench?kind=frame&frame=buy+%C3%97+arms", "workbench-frame")
    await show(desk, "/workbench?kind=frame&frame=buyy+%C3%97+arms", "workbench-frame-mistake")
    page = await desk.open("/workbench?kind=frame")
    await page.get_by_label("Frame class").fill("hit × licence")
    await page.get_by_label("Type of event").select_option("enforced")
    await page.get_by_role("button", name="Try").click()
    await page.get_by_role("button", name="Save the frame").click()
    await expect(page.locator(".undone")).to_contain_text("Saved [frame.own-hit-licence]")
    await expect(page.locator(".saved")).to_contain_text("hit × licence: enforced")
    await page.locator("#undo").click()
    await expect(page.locator(".saved")).to_have_count(0)
    assert desk.violations == []
