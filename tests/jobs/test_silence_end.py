"""The end of a silence: each recipient is told once which of the stories kept from them are still open."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.app.build import App, build
from monitor.app.once import once
from monitor.config import load
from monitor.model import Action, ActionKind, Silence
from tests.conftest import NOW, FakeClock
from tests.end_to_end.story import FOOTBALL, config, feed
from tests.support.servers import Reply, Site

LICENCE = ("licence", "OFAC issues General License 13Q authorizing wind-down transactions", "")
RADARS = ("radars", "Poland signs $2.1bn contract for 12 radars with Hensoldt", "")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/feed.xml": Reply(feed(FOOTBALL)), "/hook": Reply(status=204)}) as site:
        yield site


@pytest.fixture
def path(tmp_path: Path, site: Site) -> Path:
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    path.write_text(path.read_text("utf-8").replace('every = "1d"', 'every = "10m"'), "utf-8")
    return path


def silence(**changes: Any) -> Silence:
    plain = {
        "id": "s1",
        "who": "ayse",
        "reason": "the office moves",
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=1),
        "feed": "wire",
        "break_through": 6,
        "flips": False,
    }
    return Silence(**plain | changes)


def posted(site: Site, kind: str = "digest") -> list[dict[str, Any]]:
    found = [data for each in site.asked("/hook") if (data := json.loads(each.body))["type"] == kind]
    return [data for data in found if "silence" in data or kind != "digest"]


def titles(site: Site) -> list[list[str]]:
    """Return the titles in each report of an ended silence."""
    return [[alert["title"] for alert in report["alerts"]] for report in posted(site)]


async def begun(app: App, site: Site, clock: FakeClock, *silences: Silence) -> None:
    """Poll an empty feed, silence it, and poll two stories that nobody then gets."""
    await once(app)
    for each in silences:
        app.store.add_silence(each)
    clock.advance(hours=1)
    site.routes["/feed.xml"] = Reply(feed(LICENCE, RADARS, FOOTBALL))
    await once(app)
    assert posted(site, "alert") == []


async def test_open_stories_are_reported_once_when_a_silence_expires(
    path: Path, site: Site, clock: FakeClock
) -> None:
    async with build(load(path), clock=clock) as app:
        await begun(app, site, clock, silence())
        clock.advance(hours=22)
        await once(app)
        assert titles(site) == []
        clock.advance(hours=2)
        await once(app)
        assert [sorted(each) for each in titles(site)] == [sorted([LICENCE[1], RADARS[1]])]
        (report,) = posted(site)
        assert report["silence"]["reason"] == "the office moves"
    clock.advance(hours=1)
    async with build(load(path), clock=clock) as app:  # whatever is restarted
        await once(app)
        assert len(titles(site)) == 1
        suppressed = app.store.deliveries(["suppressed"], channel="hook")
        assert {each.covered_by for each in suppressed} == {posted(site)[0]["id"]}


async def test_a_silence_that_somebody_ends_is_reported_at_once(
    path: Path, site: Site, clock: FakeClock
) -> None:
    async with build(load(path), clock=clock) as app:
        await begun(app, site, clock, silence())
        app.store.end_silence("s1", clock())
        await once(app)
        assert len(titles(site)) == 1


async def test_stories_that_somebody_dealt_with_are_closed(path: Path, site: Site, clock: FakeClock) -> None:
    async with build(load(path), clock=clock) as app:
        await begun(app, site, clock, silence())
        licence, radars = sorted(app.store.alerts(NOW, clock() + timedelta(1)), key=lambda a: a.item.title)
        app.store.add_action(Action(licence.id, ActionKind.ACKNOWLEDGE, "", "bo", clock()))
        app.store.add_action(Action(radars.id, ActionKind.SILENCE, "", "bo", clock()))
        app.store.end_silence("s1", clock())
        await once(app)
        assert titles(site) == [[radars.item.title]]


async def test_a_silence_under_which_nothing_stayed_open_is_not_mentioned(
    path: Path, site: Site, clock: FakeClock
) -> None:
    async with build(load(path), clock=clock) as app:
        app.store.add_silence(silence())
        await once(app)
        clock.advance(days=2)
        await once(app)
        assert titles(site) == []
        assert app.store.ended_silences(clock()) == ()


async def test_what_another_silence_still_covers_waits_for_its_end(
    path: Path, site: Site, clock: FakeClock
) -> None:
    longer = silence(id="s2", words="radars", feed="", expires_at=NOW + timedelta(days=3))
    async with build(load(path), clock=clock) as app:
        await begun(app, site, clock, silence(), longer)
        clock.advance(days=1)
        await once(app)
        assert titles(site) == [[LICENCE[1]]]
        clock.advance(days=2)
        await once(app)
        assert titles(site) == [[LICENCE[1]], [RADARS[1]]]


async def test_a_mail_says_whose_silence_ended_and_why(path: Path, site: Site, clock: FakeClock) -> None:
    outbox = f'[channels.outbox]\ntype = "file"\npath = "{path.parent}/outbox"\n'
    text = path.read_text("utf-8").replace("channels = ['hook']", "channels = ['hook', 'outbox']")
    path.write_text(text + outbox, "utf-8")
    async with build(load(path), clock=clock) as app:
        await begun(app, site, clock, silence())
        app.store.end_silence("s1", clock())
        await once(app)
    subjects = {}
    for file in (path.parent / "outbox").glob("*.txt"):
        subjects[file.read_text("utf-8").splitlines()[0]] = " ".join(file.read_text("utf-8").split())
    (words,) = [text for text in subjects.values() if "has ended" in text]
    assert "The silence “the office moves” (ayse, since 23 Nov 12:00) has ended." in words
    assert "2 stories" in words
