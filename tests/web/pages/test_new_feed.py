"""Adding a feed by its address over real HTTP, from a real site; switching, undoing, probing, raw documents."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from monitor.app.rulebook import rulebook
from monitor.config import load
from monitor.feeds.http.fetch import Fetcher, Limits
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.transport import client
from monitor.match.engine import Engine
from monitor.model import ArchivedDocument, Incident, IncidentKind, Role
from tests.conftest import NOW, alert, delivery, item
from tests.store.builders import feed, outcome, state_of
from tests.support.servers import Reply, Site
from tests.web.conftest import HOSTILE, Served, add_user, assert_harmless

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
CONFIG = '# mine\ndatabase = "m.db"  # kept\n\n[feeds.one]\nurl = "https://one.example/feed"\n'
FEED = (
    '<rss version="2.0"><channel><title>Çelik &amp; News</title><language>en</language>'
    "<item><title>Ministry orders 12 howitzers from Acme for $90 million</title><guid>1</guid></item>"
    "<item><title>Weather</title><guid>2</guid></item></channel></rss>"
)
LINK = '<link rel="alternate" type="application/rss+xml" title="{0}" href="/{0}.xml">'
PAGE = "<!doctype html><html><head>{}</head><body>words</body></html>"
ROWS = "".join(
    f"<li class=notice><time>2026-11-2{n}</time><a href=/n/{n}>Notice number {n} about a sale</a></li>"
    for n in range(1, 5)
)
LISTING = f"<!doctype html><html><body><nav><a href=/>A long name of a menu item</a></nav><ul>{ROWS}</ul></body></html>"


@cache
def engine() -> Engine:
    return rulebook(load(ROOT / "config.example.toml")).engine


@pytest.fixture
async def site(served: Served, tmp_path: Path) -> AsyncIterator[Site]:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, "utf-8")
    routes = {
        "/feed.xml": Reply(FEED),
        "/page": Reply(PAGE.format(LINK.format("world") + LINK.format("arms"))),
        "/listing": Reply(LISTING, headers={"Content-Type": "text/html"}),
        "/hostile": Reply(
            FEED.replace("Weather", HOSTILE.replace("<", "&lt;")).replace("News", "&lt;script>")
        ),
    }
    with Site(routes) as site:
        guard = Guard((site.host,))
        async with client(guard, "monitor") as http, Fetcher(http, guard, Limits()) as fetch:
            allowed = replace(served.server.context.policy.articles, is_internal=lambda url: site.host in url)
            served.change(config_file=path, fetch=fetch, articles=allowed, engine=engine())
            yield site


def config(served: Served) -> str:
    path = served.server.context.policy.config_file
    assert path
    return path.read_text("utf-8")


async def test_an_address_is_looked_at_and_its_items_are_judged(served: Served, site: Site) -> None:
    page = (await served.post("/new-feed/look", url=site.url("/feed.xml"))).text
    assert "2 items of <b><bdi>Çelik &amp; News</bdi></b>; of the first 2, 1 would be flagged" in page
    assert 'value="Çelik &amp; News"' in page
    assert [request.path for request in site.requests] == ["/feed.xml"]
    assert config(served) == CONFIG


async def test_a_page_that_names_feeds_offers_them(served: Served, site: Site) -> None:
    page = (await served.post("/new-feed/look", url=site.url("/page"))).text
    assert "Feeds that the page names" in page
    assert f'value="{site.url("/arms.xml")}"' in page
    assert "Add the feed" not in page


async def test_a_page_without_feeds_is_read_by_selectors_that_are_suggested(
    served: Served, site: Site
) -> None:
    page = (await served.post("/new-feed/look", url=site.url("/listing"))).text
    assert "The page names no feed." in page
    assert "<code>li.notice</code>, date <code>time</code>" in page
    fields = {"url": site.url("/listing"), "page_items": "li.notice", "page_date": "time"}
    page = (await served.post("/new-feed/look", **fields)).text
    assert "4 items" in page
    assert "Notice number 3 about a sale" in page
    answer = await served.post("/new-feed", title="Notices", **fields)
    assert answer.status_code == 303
    path = served.server.context.policy.config_file
    assert path
    table = load(path).feeds["notices"]
    assert table.page
    assert (table.kind.value, table.page.items, table.page.date) == ("page", "li.notice", "time")


async def test_a_feed_is_written_with_its_comment_and_everything_else_stays(
    served: Served, site: Site
) -> None:
    asked = served.on_reload()
    fields = {"url": site.url("/feed.xml"), "title": "Çelik & News", "tier": "trade", "lang": "en"}
    answer = await served.post("/new-feed", comment="asked for by\n[feeds.x] the desk", **fields)
    assert answer.status_code == 303
    text = config(served)
    assert text.startswith(CONFIG)
    assert "\n# asked for by [feeds.x] the desk (added at the desk by desk, 2026-11-" in text
    assert "[feeds.celik-news]" in text
    page = (await served.http.get(answer.headers["location"])).text
    assert "added [feeds.celik-news]" in page
    assert "Undo" in page
    assert asked == ["reload"]
    assert [(entry.what, entry.subject) for entry in served.store.audit()] == [("feed added", "celik-news")]
    again = await served.post("/new-feed", **fields)
    assert again.status_code == 422
    assert "there already, as [feeds.celik-news]" in again.text


async def test_a_change_is_undone_by_another_process_and_only_while_nothing_came_after(
    served: Served, site: Site
) -> None:
    await served.post("/new-feed", url=site.url("/feed.xml"), name="new")
    await served.server.stop()  # a restart forgets what is in memory
    await served.server.serve()
    served.http.base_url = served.server.url
    assert (await served.post("/configuration/undo", version="7")).status_code == 409
    assert (await served.post("/configuration/undo", version="1")).status_code == 303
    assert config(served) == CONFIG
    await served.post("/new-feed", url=site.url("/feed.xml"), name="new")
    path = served.server.context.policy.config_file
    assert path
    path.write_text(config(served) + "# by hand\n", "utf-8")
    refused = await served.post("/configuration/undo", version="3")
    assert refused.status_code == 409
    assert "changed since" in refused.text
    assert config(served).endswith("# by hand\n")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": "file:/etc/hostname"}, "begins with https://"),
        ({"url": "http://127.0.0.1:1/feed"}, "This address is internal"),
        ({"url": "http://localhost:1/feed"}, "This address is internal"),
        ({"url": "https://x.example/f", "tier": "best"}, "official"),
        ({"url": "https://x.example/f", "name": "No Name"}, "names are of small letters"),
        ({"url": "https://x.example/f", "name": "one"}, "already"),
        ({"url": "https://x.example/f", "page_items": "li["}, "is no CSS selector"),
        ({"url": "https://one.example/feed"}, "there already"),
    ],
)
async def test_a_feed_with_a_mistake_is_not_written(
    served: Served, site: Site, fields: dict[str, str], said: str
) -> None:
    answer = await served.post("/new-feed", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Add the feed" in answer.text
    assert config(served) == CONFIG
    assert not list(Path(config_folder(served)).glob("*versions"))


def config_folder(served: Served) -> Path:
    path = served.server.context.policy.config_file
    assert path
    return path.parent


async def test_an_internal_address_is_not_asked(served: Served, site: Site) -> None:
    served.change(articles=replace(served.server.context.policy.articles, is_internal=lambda url: False))
    answer = await served.post("/new-feed/look", url=site.url("/feed.xml"))
    assert answer.status_code == 422
    assert "only polling.allow_hosts" in answer.text
    assert site.requests == []


async def test_a_feed_is_switched_off_and_on_in_its_own_table(served: Served, site: Site) -> None:
    one = feed("one")
    served.store.enrol([one], NOW)
    served.change(alerts=replace(served.server.context.policy.alerts, feeds={"one": one}))
    assert "Switch off" in (await served.http.get("/feeds/one")).text
    assert (await served.post("/feeds/one/switch", to="off")).status_code == 303
    assert "[feeds.one]\nenabled = false\n" in config(served)
    served.change(alerts=replace(served.server.context.policy.alerts, feeds={}), feeds_off={"one": one})
    assert "Switched off" in (await served.http.get("/feeds")).text
    assert (await served.post("/feeds/one/switch", to="on")).status_code == 303
    assert "[feeds.one]\nenabled = true\n" in config(served)
    assert (await served.post("/feeds/nowhere/switch", to="on")).status_code == 404
    assert [entry.what for entry in served.store.audit()] == ["feed switched on", "feed switched off"]


async def test_a_feed_is_probed_and_nothing_is_stored(served: Served, site: Site) -> None:
    one = feed("one", url=site.url("/feed.xml"), host=site.host)
    served.store.enrol([one], NOW)
    served.change(alerts=replace(served.server.context.policy.alerts, feeds={"one": one}))
    page = (await served.post("/feeds/one/probe")).text
    assert "✓ ok" in page
    assert "Weather" in page
    assert state_of(served.store, "one").polled_at is None
    gone = replace(one, url=site.url("/gone"))
    served.change(alerts=replace(served.server.context.policy.alerts, feeds={"one": gone}))
    assert "HTTP 404" in (await served.post("/feeds/one/probe")).text


async def test_the_last_document_is_plain_text_that_runs_nothing(served: Served) -> None:
    served.store.enrol([feed("wire")], NOW)
    body = b"<script>alert(1)</script>" + b"x" * 1_000_000
    document = ArchivedDocument(
        hash="0a4f", feed="wire", url="https://wire.example", fetched_at=NOW, headers=(), body=body
    )
    document = replace(document, hash=hashlib.sha256(body).hexdigest())
    one = item(feed="wire")
    served.store.commit(
        [
            outcome(
                state_of(served.store),
                one,
                alerts=(alert(item=one),),
                deliveries=(delivery(),),
                document=document,
            )
        ]
    )
    answer = await served.http.get("/feeds/wire/document")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.text.startswith("<script>")
    assert answer.text.endswith("cut after 1,000,000 of 1,000,025 bytes")
    assert (await served.http.get("/feeds/nowhere/document")).status_code == 404


async def test_the_history_of_a_feed_tells_incidents_and_what_was_done(served: Served) -> None:
    served.store.enrol([feed("wire")], NOW)
    fault = Incident("wire", IncidentKind.FAILING, "HTTP 500", NOW)
    served.store.report([fault], [], [])
    served.store.report([], [replace(fault, closed_at=NOW)], [])
    served.clock.advance(minutes=1)
    await served.post("/feeds/wire/poll")
    page = (await served.http.get("/feeds/wire")).text
    assert page.index("feed polled") < page.index("HTTP 500")
    assert page.count("HTTP 500") == 1
    assert ": over" in page


async def test_readers_may_not_add_switch_or_probe(served: Served, site: Site) -> None:
    add_user(served.store, "rita", Role.READ)
    await served.sign_in("rita")
    assert (await served.http.get("/new-feed")).status_code == 403
    for path in (
        "/new-feed",
        "/new-feed/look",
        "/feeds/one/switch",
        "/feeds/one/probe",
        "/configuration/undo",
    ):
        assert (await served.http.post(path, data={})).status_code == 403
    assert "Add a feed" not in (await served.http.get("/feeds")).text


async def test_hostile_text_of_an_address_stays_text(served: Served, site: Site) -> None:
    assert_harmless((await served.http.get("/new-feed", params={"url": HOSTILE})).text)
    for fields in (
        {"url": site.url("/hostile")},
        {"url": HOSTILE},
        {"url": site.url("/listing"), "page_items": HOSTILE, "title": HOSTILE, "comment": HOSTILE},
    ):
        for path in ("/new-feed/look", "/new-feed"):
            page = (await served.post(path, **fields)).text
            assert_harmless(page.partition("<details><summary>The document")[0])
            assert "<script>" not in page
