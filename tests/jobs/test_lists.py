"""Lists over a real loopback site: fetched, doubted, compared, kept, told; one failure never stops the others."""

import gzip
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.feeds.http.fetch import Fetcher, Limits
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.transport import client
from monitor.jobs.lists import ListsJob, Refreshed
from monitor.lists.base import SanctionsList
from monitor.lists.cache import ListCache
from tests.conftest import FakeClock
from tests.lists.test_formats import sample
from tests.support.servers import Reply, Site, redirect

pytestmark = pytest.mark.anyio

LOOPBACK = Guard(["127.0.0.1"])
NAMES = [f"Party {number}" for number in range(100)]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
async def story(site: Site, tmp_path: Path, clock: FakeClock) -> AsyncIterator[ListsJob]:
    async with client(LOOPBACK, "monitor/0") as http:
        fetch = Fetcher(http, LOOPBACK, Limits(wire_bytes=100_000, body_bytes=200_000))
        lists = {
            "own": SanctionsList(
                name="own", title="own list", authority="Newsroom", format="plain", urls=(site.url("/own"),)
            ),
            "un": SanctionsList(
                name="un",
                title="UN list",
                authority="UN",
                format="un",
                urls=(site.url("/un"),),
                every=timedelta(hours=1),
            ),
        }
        site.routes["/own"] = named(NAMES)
        site.routes["/un"] = Reply(sample("un.xml"), etag='"u1"')
        yield ListsJob(lists, fetch, ListCache(tmp_path / "lists"), clock)


def named(names: list[str], **more: Any) -> Reply:
    return Reply("\n".join(names), **more)


async def one(story: ListsJob, name: str = "own", *accept: str) -> Refreshed:
    (done,) = await story.refresh([name], accept=accept)
    return done


def held(story: ListsJob, name: str = "own") -> list[str]:
    return [entity.name for entity in story.list_cache.entities(name)]


def changes(story: ListsJob, name: str = "own") -> list[str]:
    return [item["title"] for item in json.loads(story.list_cache.changes(name).read_text())["items"]]


async def test_a_first_copy_is_kept_and_tells_no_change(story: ListsJob) -> None:
    await story.prepare()
    done = await one(story)
    assert (done.state, done.count and done.count.entities) == ("first", 100)
    assert held(story) == NAMES
    assert changes(story) == []


async def test_a_list_is_asked_for_conditionally_and_stays(
    story: ListsJob, site: Site, clock: FakeClock
) -> None:
    await one(story, "un")
    clock.advance(hours=2)
    assert (await one(story, "un")).state == "unchanged"
    first, second = site.asked("/un")
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == '"u1"'
    assert story.list_cache.record("un").checked_at == clock()


async def test_a_list_that_was_only_said_to_be_unchanged_is_fetched_whole_once_a_day(
    story: ListsJob, site: Site, clock: FakeClock
) -> None:
    for _ in range(3):
        await one(story, "un")
        clock.advance(hours=13)
    assert ["if-none-match" in request.headers for request in site.asked("/un")] == [False, True, False]
    assert story.list_cache.record("un").documents[0].proved_at == clock() - timedelta(hours=13)


async def test_a_change_is_kept_and_told_once(story: ListsJob, site: Site) -> None:
    await one(story)
    site.routes["/own"] = named([*NAMES[2:], "Zorva Arms", "Zorva Bank", "Sea Lantern"])
    done = await one(story)
    assert done.state == "changed"
    assert [entity.name for entity in done.change.added] == ["Zorva Arms", "Zorva Bank", "Sea Lantern"]
    assert [entity.name for entity in done.change.removed] == NAMES[:2]
    assert held(story)[-1] == "Sea Lantern"
    assert changes(story) == ["Newsroom adds 3 parties to the own list, removes 2"]
    assert (await one(story)).state == "unchanged"
    assert len(changes(story)) == 1


async def test_other_bytes_of_the_same_parties_are_kept_and_tell_nothing(story: ListsJob, site: Site) -> None:
    await one(story)
    site.routes["/own"] = named(["# of today", *NAMES])
    assert not (await one(story)).change
    assert not story.list_cache.changes("own").exists()


BAD = {
    "empty": (Reply(b""), "own: is empty"),
    "shrunken": (named(NAMES[:79]), "own: shrank from 100 to 79 entries; the copy before stays in use"),
    "not there": (Reply("gone", status=404), "HTTP 404"),
    "cut off": (Reply("x" * 100, length=5000), "own: the answer broke off after 100 bytes"),
    "too large": (named(NAMES * 500), "more than 100,000 bytes"),
    "a bomb": (
        Reply(gzip.compress(b"\n" * 300_000), headers={"Content-Encoding": "gzip"}),
        "unpacks to more than",
    ),
    "elsewhere": (redirect("http://192.168.0.1/list"), "192.168.0.1"),
}


@pytest.mark.parametrize("what", BAD)
async def test_a_bad_answer_is_refused_and_the_copy_before_stays(
    story: ListsJob, site: Site, what: str
) -> None:
    await one(story)
    site.routes["/own"], said = BAD[what]
    done = await one(story)
    assert (done.state, done.count and done.count.entities) == ("kept", 100)
    assert said in done.reason
    assert held(story) == NAMES
    assert story.list_cache.record("own").problem == done.reason


async def test_a_first_copy_is_doubted_by_what_the_list_has_always_held(story: ListsJob) -> None:
    story.lists = {
        "own": SanctionsList(name="own", format="plain", urls=story.lists["own"].urls, at_least=101)
    }
    done = await one(story)
    assert (done.state, held(story)) == ("kept", [])
    assert "cannot have fewer than 101" in done.reason
    assert "`sanctions-monitor lists refresh --accept own` takes it" in done.reason


async def test_an_operator_may_take_what_shrank_but_not_what_is_empty(story: ListsJob, site: Site) -> None:
    await one(story)
    site.routes["/own"] = named(NAMES[:3])
    assert (await one(story, "own", "own")).state == "changed"
    assert held(story) == NAMES[:3]
    site.routes["/own"] = named(["# nobody"])
    assert (await one(story, "own", "own")).reason.startswith("own: holds no entry")


async def test_one_failure_does_not_stop_the_others(story: ListsJob, site: Site) -> None:
    site.routes["/own"] = Reply("no", status=500)
    done = await story.refresh(["own", "un"])
    assert [each.state for each in done] == ["kept", "first"]


async def test_nor_does_one_that_nobody_foresaw(story: ListsJob) -> None:
    lists = {
        **story.lists,
        "own": SanctionsList(name="own", format="no such format", urls=story.lists["own"].urls),
    }
    story.lists = lists
    done = await story.refresh(["own", "un"])
    assert [(each.state, each.reason) for each in done] == [
        ("kept", "own: internal error: KeyError"),
        ("first", ""),
    ]


async def test_lists_are_asked_for_when_their_time_has_come(
    story: ListsJob, site: Site, clock: FakeClock
) -> None:
    assert [each.list for each in await story.refresh_due()] == ["own", "un"]
    assert await story.refresh_due() == ()
    clock.advance(hours=1)
    assert [each.list for each in await story.refresh_due()] == ["un"]
    site.routes["/un"] = Reply("no", status=503)
    clock.advance(hours=1)
    assert [each.state for each in await story.refresh_due()] == ["kept"]
    clock.advance(minutes=14)
    assert await story.refresh_due() == ()
    clock.advance(minutes=1)
    assert [each.list for each in await story.refresh_due()] == ["un"]


async def test_nothing_is_begun_once_the_service_ends(story: ListsJob, site: Site) -> None:
    assert await story.refresh_due(lambda: True) == ()
    assert site.requests == []


async def test_documents_that_belong_together_change_one_by_one(story: ListsJob, site: Site) -> None:
    urls = tuple(site.url(f"/{name}") for name in ("sdn.csv", "alt.csv"))
    story.lists = {
        "sdn": SanctionsList(name="sdn", title="SDN List", authority="OFAC", format="ofac", urls=urls)
    }
    site.routes["/sdn.csv"] = Reply(sample("sdn.csv"), etag='"s1"')
    site.routes["/alt.csv"] = Reply(sample("alt.csv"), etag='"a1"')
    assert (await one(story, "sdn")).count is not None
    site.routes["/alt.csv"] = Reply(sample("alt.csv").replace(b"ZORVANEXPORT", b"ZORVATRADE"), etag='"a2"')
    done = await one(story, "sdn")
    assert [(was.id, len(now.names)) for was, now in done.change.changed] == [("101", 6)]
    assert site.asked("/sdn.csv")[1].headers["if-none-match"] == '"s1"'
    assert changes(story, "sdn") == ["OFAC changes 1 of the entries of the SDN List"]


async def test_another_address_begins_anew(story: ListsJob, site: Site) -> None:
    await one(story)
    site.routes["/moved"] = named(NAMES[:5])
    story.lists = {
        "own": SanctionsList(
            name="own", title="own list", authority="Newsroom", format="plain", urls=(site.url("/moved"),)
        )
    }
    done = await one(story)
    assert (done.state, bool(done.change), held(story)) == ("first", False, NAMES[:5])


async def test_a_refresh_killed_before_it_kept_the_copy_tells_its_change_once(
    story: ListsJob, site: Site, tmp_path: Path
) -> None:
    await one(story)
    shutil.copytree(tmp_path / "lists", tmp_path / "before")
    site.routes["/own"] = named([*NAMES, "Zorva Arms"])
    await one(story)
    shutil.copy(story.list_cache.changes("own"), tmp_path / "before/own/changes.json")
    story.list_cache = ListCache(tmp_path / "before")
    assert (held(story), len(changes(story))) == (NAMES, 1)
    assert (await one(story)).state == "changed"
    assert (held(story)[-1], len(changes(story))) == ("Zorva Arms", 1)
