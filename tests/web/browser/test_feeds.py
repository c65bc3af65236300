"""Feeds in a real browser: adding one by its address, undoing that, and the raw document."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from monitor.config import load
from monitor.feeds.http.fetch import Fetcher, Limits
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.transport import client
from monitor.model import ArchivedDocument
from tests.conftest import NOW, alert, delivery, item
from tests.store.builders import outcome, state_of
from tests.support.servers import Reply, Site
from tests.web.browser.conftest import Desk, fill
from tests.web.conftest import HOSTILE

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

ITEM = "<item><title>{0}</title><link>https://news.example/{1}</link><guid>{1}</guid><pubDate>Mon, 23 Nov 2026 08:3{1}:00 GMT</pubDate></item>"
TITLES = (
    "Ministry orders 12 howitzers from Acme for $90 million",
    "وزارة الدفاع توقع عقدا لشراء مدافع هاوتزر",
    "Weather: a long dry week ahead for the coast, with some rain expected from the north on Sunday evening",
    HOSTILE.replace("<", "&lt;"),
)
FEED = "<rss version='2.0'><channel><title>Çelik &amp; News</title>{}</channel></rss>".format(
    "".join(ITEM.format(title, number) for number, title in enumerate(TITLES))
)
ROWS = "".join(
    f"<li class=notice><time>2026-11-2{n}</time><a href=/n/{n}>Notice number {n} about a sale</a></li>"
    for n in range(1, 5)
)


@pytest.fixture
async def site(desk: Desk, tmp_path: Path) -> AsyncIterator[Site]:
    path = tmp_path / "config.toml"
    path.write_text('database = "m.db"\n\n[feeds.ofac]\nurl = "https://ofac.example/feed"\n', "utf-8")
    listing = f"<!doctype html><html><body><ul>{ROWS}</ul></body></html>"
    with Site({"/feed.xml": Reply(FEED), "/page": Reply(listing)}) as site:
        guard = Guard((site.host,))
        async with client(guard, "monitor") as http, Fetcher(http, guard, Limits()) as fetch:
            served = desk.served
            articles = replace(
                served.server.context.policy.articles, is_internal=lambda url: site.host in url
            )
            served.change(config_file=path, fetch=fetch, articles=articles)
            yield site


def config(desk: Desk) -> Path:
    path = desk.served.server.context.policy.config_file
    assert path
    return path


async def test_a_feed_is_added_by_its_address_and_that_is_undone(desk: Desk, site: Site) -> None:
    fill(desk.served)
    page = await desk.open("/feeds")
    await page.get_by_role("link", name="Add a feed").click()
    await page.get_by_label("Address").fill(site.url("/feed.xml"))
    await page.get_by_role("button", name="Look at it").click()
    await expect(page.locator("#found")).to_contain_text("2 would be flagged")
    await desk.shot("new-feed-1280")
    await page.get_by_label("Comment in the file").fill("asked for by the desk")
    await page.get_by_label("Tier").select_option("trade")
    await page.get_by_role("button", name="Add the feed").click()
    await expect(page.locator(".undone")).to_contain_text("added [feeds.celik-news]")
    assert load(config(desk)).feeds["celik-news"].tier.value == "trade"
    await page.keyboard.press("u")
    await expect(page.locator("#done")).to_have_count(0)
    assert "celik-news" not in load(config(desk)).feeds
    assert desk.violations == []


async def test_a_page_without_a_feed_is_read_by_selectors_without_javascript_on_a_phone(
    desk: Desk, site: Site
) -> None:
    fill(desk.served)
    page = await desk.open(
        "/new-feed", java_script_enabled=False, viewport={"width": 375, "height": 800}, device_scale_factor=2
    )
    await page.get_by_label("Address").fill(site.url("/page"))
    await page.get_by_role("button", name="Look at it").first.click()
    await expect(page.get_by_text("The page names no feed.")).to_be_visible()
    await desk.shot("new-feed-page-375")
    await page.get_by_role("button", name="Try").first.click()
    await expect(page.locator("#found")).to_contain_text("4 items")
    await desk.shot("new-feed-375")
    await page.get_by_label("Title").last.fill("Notices")
    await page.get_by_role("button", name="Add the feed").click()
    await expect(page.locator(".undone")).to_contain_text("added [feeds.notices]")
    await page.get_by_role("button", name="Undo").first.click()
    assert "notices" not in load(config(desk)).feeds


async def test_axe_finds_nothing_serious_on_the_pages_of_feeds(desk: Desk, site: Site) -> None:
    fill(desk.served)
    wrong = {}
    for width in (1280, 320):
        page = await desk.open("/new-feed", viewport={"width": width, "height": 900})
        for path in ("/feed.xml", "/page", "/nothing"):
            await page.goto("/new-feed")
            await page.get_by_label("Address").fill(site.url(path))
            await page.get_by_role("button", name="Look at it").first.click()
            await page.wait_for_selector("#found")
            found = await Axe().run(page)
            serious = [
                (each["id"], [node["html"][:120] for node in each["nodes"][:2]])
                for each in found.response["violations"]
                if each["impact"] in {"serious", "critical"}
            ]
            sideways = await page.evaluate("document.documentElement.scrollWidth") > width
            if serious or sideways:
                wrong[f"{path} at {width}"] = (serious, sideways)
    assert wrong == {}
    assert desk.violations == []


async def test_a_raw_document_runs_nothing(desk: Desk) -> None:
    served = desk.served
    fill(served)
    body = b"<!doctype html><script>document.title = 'it ran'</script>"
    document = ArchivedDocument(
        hash=hashlib.sha256(body).hexdigest(),
        feed="wire",
        url="https://wire.example",
        fetched_at=NOW,
        headers=(("content-type", "text/html"),),
        body=body,
    )
    one = item(feed="wire", guid="raw")
    alerts, owed = (alert(item=one),), (delivery(id="raw"),)
    served.store.commit(
        [outcome(state_of(served.store), one, alerts=alerts, deliveries=owed, document=document)]
    )
    page = await desk.open("/feeds/wire/document")
    assert "<script>" in await page.inner_text("body")
    assert await page.title() != "it ran"
    page = await desk.open("/feeds/wire")
    await desk.shot("feed-1280")
    await desk.open("/feeds/wire", viewport={"width": 375, "height": 800}, device_scale_factor=2)
    await desk.shot("feed-375")
