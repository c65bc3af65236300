"""Refresh lists from a real loopback site: checks, comparison, changes; one failure never stops the others."""

import gzip
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from monitor.feeds.http.fetch import Fetcher, Limits
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.transport import client
from monitor.jobs.lists import ListsJob, RefreshResult
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
async def job(site: Site, tmp_path: Path, clock: FakeClock) -> AsyncIterator[ListsJob]:
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


async def one(job: ListsJob, name: str = "own", *accept: str) -> RefreshResult:
    (result,) = await job.refresh([name], accept=accept)
    return result


def names_in(job: ListsJob, name: str = "own") -> list[str]:
    return [entity.name for entity in job.list_cache.entities(name)]


def changes(job: ListsJob, name: str = "own") -> list[str]:
    return [item["title"] for item in json.loads(job.list_cache.changes_path(name).read_text())["items"]]


async def test_a_first_copy_is_stored_and_makes_no_change(job: ListsJob) -> None:
    await job.prepare()
    result = await one(job)
    assert (result.state, result.count and result.count.entities) == ("first", 100)
    assert names_in(job) == NAMES
    assert changes(job) == []


async def test_an_unchanged_list_is_requested_conditionally_and_stays(
    job: ListsJob, site: Site, clock: FakeClock
) -> None:
    await one(job, "un")
    clock.advance(hours=2)
    assert (await one(job, "un")).state == "unchanged"
    first, second = site.asked("/un")
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == '"u1"'
    assert job.list_cache.record("un").checked_at == clock()


async def test_a_list_confirmed_only_by_304_is_fetched_whole_once_a_day(
    job: ListsJob, site: Site, clock: FakeClock
) -> None:
    for _ in range(3):
        await one(job, "un")
        clock.advance(hours=13)
    assert ["if-none-match" in request.headers for request in site.asked("/un")] == [False, True, False]
    assert job.list_cache.record("un").documents[0].proved_at == clock() - timedelta(hours=13)


async def test_a_change_is_stored_and_reported_once(job: ListsJob, site: Site) -> None:
    await one(job)
    site.routes["/own"] = named([*NAMES[2:], "Zorva Arms", "Zorva Bank", "Sea Lantern"])
    result = await one(job)
    assert result.state == "changed"
    assert [entity.name for entity in result.change.added] == ["Zorva Arms", "Zorva Bank", "Sea Lantern"]
    assert [entity.name for entity in result.change.removed] == NAMES[:2]
    assert names_in(job)[-1] == "Sea Lantern"
    assert changes(job) == ["Newsroom adds 3 parties to the own list, removes 2"]
    assert (await one(job)).state == "unchanged"
    assert len(changes(job)) == 1


async def test_other_bytes_with_the_same_entities_are_stored_without_a_change(
    job: ListsJob, site: Site
) -> None:
    await one(job)
    site.routes["/own"] = named(["# of today", *NAMES])
    assert not (await one(job)).change
    assert not job.list_cache.changes_path("own").exists()


BAD = {
    "empty": (Reply(b""), "own: is empty"),
    "shrunken": (named(NAMES[:79]), "own: shrank from 100 to 79 entries; the last copy stays in use"),
    "replaced": (
        named([f"Zorva {number}" for number in range(100)]),
        "own: holds 0 of the 100 entries of the last copy: is it another file?",
    ),
    "a sign-in page": (
        Reply("<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n<body>\n</body></html>\n" * 20),
        "own: is a web page or XML with the title 'Sign in'",
    ),
    "not there": (Reply("gone", status=404), "HTTP 404"),
    "cut off": (Reply("x" * 100, length=5000), "own: the response broke off after 100 bytes"),
    "too large": (named(NAMES * 500), "more than 100,000 bytes"),
    "a bomb": (
        Reply(gzip.compress(b"\n" * 300_000), headers={"Content-Encoding": "gzip"}),
        "unpacks to more than",
    ),
    "elsewhere": (redirect("http://192.168.0.1/list"), "192.168.0.1"),
}


@pytest.mark.parametrize("what", BAD)
async def test_a_bad_response_is_refused_and_the_last_copy_stays(
    job: ListsJob, site: Site, what: str
) -> None:
    await one(job)
    site.routes["/own"], said = BAD[what]
    result = await one(job)
    assert (result.state, result.count and result.count.entities) == ("kept", 100)
    assert said in result.reason
    assert names_in(job) == NAMES
    assert job.list_cache.record("own").problem == result.reason


async def test_a_first_copy_below_the_least_size_is_refused(job: ListsJob) -> None:
    job.lists = {"own": SanctionsList(name="own", format="plain", urls=job.lists["own"].urls, at_least=101)}
    result = await one(job)
    assert (result.state, names_in(job)) == ("kept", [])
    assert "cannot have fewer than 101" in result.reason
    assert "`sanctions-monitor lists refresh --accept own` takes it" in result.reason


async def test_an_operator_may_accept_a_shrunken_list_but_not_an_empty_one(job: ListsJob, site: Site) -> None:
    await one(job)
    site.routes["/own"] = named(NAMES[:3])
    assert (await one(job, "own", "own")).state == "changed"
    assert names_in(job) == NAMES[:3]
    site.routes["/own"] = named(["# nobody"])
    assert (await one(job, "own", "own")).reason.startswith("own: holds no entry")


async def test_one_failure_does_not_stop_the_others(job: ListsJob, site: Site) -> None:
    site.routes["/own"] = Reply("no", status=500)
    result = await job.refresh(["own", "un"])
    assert [each.state for each in result] == ["kept", "first"]


async def test_an_unforeseen_fault_does_not_stop_the_others(job: ListsJob) -> None:
    lists = {
        **job.lists,
        "own": SanctionsList(name="own", format="no such format", urls=job.lists["own"].urls),
    }
    job.lists = lists
    result = await job.refresh(["own", "un"])
    assert [(each.state, each.reason) for each in result] == [
        ("kept", "own: internal error: KeyError"),
        ("first", ""),
    ]


async def test_lists_are_fetched_when_they_are_due(job: ListsJob, site: Site, clock: FakeClock) -> None:
    assert [each.list for each in await job.refresh_due()] == ["own", "un"]
    assert await job.refresh_due() == ()
    clock.advance(hours=1)
    assert [each.list for each in await job.refresh_due()] == ["un"]
    site.routes["/un"] = Reply("no", status=503)
    clock.advance(hours=1)
    assert [each.state for each in await job.refresh_due()] == ["kept"]
    clock.advance(minutes=14)
    assert await job.refresh_due() == ()
    clock.advance(minutes=1)
    assert [each.list for each in await job.refresh_due()] == ["un"]


async def test_no_list_is_fetched_once_the_service_stops(job: ListsJob, site: Site) -> None:
    assert await job.refresh_due(lambda: True) == ()
    assert site.requests == []


async def test_documents_that_belong_together_change_one_by_one(job: ListsJob, site: Site) -> None:
    urls = tuple(site.url(f"/{name}") for name in ("sdn.csv", "alt.csv"))
    job.lists = {
        "sdn": SanctionsList(name="sdn", title="SDN List", authority="OFAC", format="ofac", urls=urls)
    }
    site.routes["/sdn.csv"] = Reply(sample("sdn.csv"), etag='"s1"')
    site.routes["/alt.csv"] = Reply(sample("alt.csv"), etag='"a1"')
    assert (await one(job, "sdn")).count is not None
    site.routes["/alt.csv"] = Reply(sample("alt.csv").replace(b"ZORVANEXPORT", b"ZORVATRADE"), etag='"a2"')
    result = await one(job, "sdn")
    assert [(was.id, len(now.names)) for was, now in result.change.changed] == [("101", 6)]
    assert site.asked("/sdn.csv")[1].headers["if-none-match"] == '"s1"'
    assert changes(job, "sdn") == ["OFAC changes 1 of the entries of the SDN List"]


async def test_another_address_makes_a_first_copy(job: ListsJob, site: Site) -> None:
    await one(job)
    site.routes["/moved"] = named(NAMES[:5])
    job.lists = {
        "own": SanctionsList(
            name="own", title="own list", authority="Newsroom", format="plain", urls=(site.url("/moved"),)
        )
    }
    result = await one(job)
    assert (result.state, bool(result.change), names_in(job)) == ("first", False, NAMES[:5])


async def test_a_refresh_killed_before_it_stored_the_copy_reports_its_change_once(
    job: ListsJob, site: Site, tmp_path: Path
) -> None:
    await one(job)
    shutil.copytree(tmp_path / "lists", tmp_path / "before")
    site.routes["/own"] = named([*NAMES, "Zorva Arms"])
    await one(job)
    shutil.copy(job.list_cache.changes_path("own"), tmp_path / "before/own/changes.json")
    job.list_cache = ListCache(tmp_path / "before")
    assert (names_in(job), len(changes(job))) == (NAMES, 1)
    assert (await one(job)).state == "changed"
    assert (names_in(job)[-1], len(changes(job))) == ("Zorva Arms", 1)


async def test_an_entry_goes_the_day_after_its_end_though_the_list_stays_the_same(
    job: ListsJob, site: Site, clock: FakeClock
) -> None:
    end = clock().date() + timedelta(days=2)
    rows = [f"{name}," for name in NAMES[:9]] + [f"Zorva Arms,{end}", f"Zorva Bank,{end - timedelta(days=9)}"]
    site.routes["/own"] = Reply("\n".join(["name,expires", *rows]), etag='"e1"')
    assert (await one(job)).state == "first"
    assert names_in(job)[-1] == "Zorva Arms"
    before = job.list_cache.record("own")
    assert before.expires_on == end
    clock.advance(days=2)
    assert (await one(job)).state == "unchanged"
    clock.advance(days=1)
    result = await one(job)
    assert (result.state, bool(result.change)) == ("changed", False)  # its publisher has changed nothing
    assert names_in(job) == NAMES[:9]
    assert job.list_cache.record("own").version != before.version
    assert (await one(job)).state == "unchanged"


async def test_columns_that_are_not_understood_are_logged(job: ListsJob, site: Site) -> None:
    site.routes["/own"] = Reply("name,alias,colour,country\nZorva Arms,,red,KP\n")
    with capture_logs() as logs:
        await one(job)
    assert [each["columns"] for each in logs if each["event"] == "list_columns_ignored"] == [("colour",)]
