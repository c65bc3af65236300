"""Faults of the monitor are reported once by their own channel, and once more when they end."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app.build import App, build
from monitor.app.once import once
from monitor.config import load
from tests.conftest import FakeClock
from tests.end_to_end.story import FOOTBALL, feed
from tests.support.databases import prepare_database
from tests.support.policies import change_policy
from tests.support.servers import Reply, Site

CHANNELS = """
[channels.ops]
type = "console"
[channels.news]
type = "console"
[health]
channels = ["ops"]
[routes.all]
channels = ["news"]
at_least = "digest"
"""


class Story:
    """A program that polls some feeds of one site, and its health messages, newest last."""

    def __init__(self, app: App, clock: FakeClock) -> None:
        self.app, self.clock = app, clock

    async def poll(self, hours: float = 0.0) -> list[str]:
        """Let time pass, poll what is due; return the headlines of what was said since."""
        before = {each.id for each in self.app.store.deliveries(limit=1000)}
        self.clock.advance(hours=hours)
        await once(self.app)
        said = [each for each in self.app.store.deliveries(limit=1000) if each.id not in before]
        assert all(each.channel == "ops" for each in said if each.kind == "health")
        return [each.message.subject for each in reversed(said) if each.kind == "health"]


@asynccontextmanager
async def running(folder: Path, clock: FakeClock, feeds: str, first: str = "") -> AsyncIterator[Story]:
    text = f'{first}\ndatabase = "{folder}/m.db"\n[polling]\nparsers = 1\nhost_gap = "0s"\n{CHANNELS}{feeds}'
    prepare_database(folder / "m.db")
    (folder / "config.toml").write_text(text, "utf-8")
    async with build(load(folder / "config.toml"), clock=clock, stream=io.StringIO()) as app:
        yield Story(app, clock)


def table(name: str, url: str, tier: str = "official") -> str:
    return f'[feeds.{name}]\nurl = "{url}"\ntier = "{tier}"\nevery = "1h"\n'


def numbered(*numbers: int) -> str:
    return feed(*((f"n{n}", f"Football result {n}", f"The match ended {n} to nil.") for n in numbers))


async def test_a_feed_that_fails_is_reported_once_and_again_when_it_recovers(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Site({"/feed": Reply(feed(FOOTBALL))}) as site:
        async with running(tmp_path, clock, table("ofac", site.url("/feed"))) as story:
            assert await story.poll() == []
            site.routes["/feed"] = Reply(b"no", 500)
            assert await story.poll(2) == []
            assert await story.poll(2) == ["[Monitor health] ofac: cannot be read"]
            assert await story.poll(12) == []
            site.routes["/feed"] = Reply(numbered(1))
            # what came and went meanwhile is not known
            assert await story.poll(12) == ["[Monitor health] ofac: items may have been missed and 1 more"]
            site.routes["/feed"] = Reply(numbered(1, 2))
            assert await story.poll(2) == []
            states = story.app.store.incidents(clock.now - timedelta(days=1))
    assert [each.kind for each in states if each.closed_at] == ["gap", "failing"]


async def test_a_window_that_scrolled_past_is_reported_and_nobody_hears_that_it_passed(
    tmp_path: Path, clock: FakeClock
) -> None:
    replies = [Reply(numbered(1, 2, 3)), Reply(numbered(4, 5, 6)), Reply(numbered(5, 6, 7))]
    with Site({"/feed": replies}) as site:
        async with running(tmp_path, clock, table("wire", site.url("/feed"), "wire")) as story:
            assert await story.poll() == []
            assert await story.poll(2) == ["[Monitor health] wire: items may have been missed"]
            assert await story.poll(2) == []
            assert story.app.store.open_incidents() == ()


async def test_a_gone_feed_is_reported_at_once_and_still_polled(tmp_path: Path, clock: FakeClock) -> None:
    with Site({"/feed": Reply(b"", 410)}) as site:
        async with running(tmp_path, clock, table("wire", site.url("/feed"), "wire")) as story:
            assert await story.poll() == ["[Monitor health] wire: cannot be read"]
            for _ in range(30):
                assert await story.poll(25) == []
            assert len(site.asked("/feed")) == 31


async def test_when_no_host_answers_only_that_is_reported_and_no_feed_fails(
    tmp_path: Path, clock: FakeClock
) -> None:
    ports = {f"f{n}": f"http://127.0.0.{n}:9/feed" for n in range(2, 6)}  # nobody listens there
    feeds = "".join(table(name, url) for name, url in ports.items())
    async with running(tmp_path, clock, feeds) as story:
        said = [await story.poll(hours) for hours in (0, 2, 2, 4, 8)]
        reported = [line for lines in said for line in lines]
        assert reported == ["[Monitor health] no host answers; check this machine's network"]
        blamed = [state.failures for state in story.app.store.feed_states()]
        assert max(blamed) <= 1


async def test_a_broken_template_is_reported_once_and_again_when_it_is_corrected(
    tmp_path: Path, clock: FakeClock
) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    (own / "alert.txt.j2").write_text("{{ oops }}")
    with Site({"/feed": Reply(feed(FOOTBALL))}) as site:
        feeds = table("wire", site.url("/feed"))
        async with running(tmp_path, clock, feeds, f'templates = "{own}"') as story:
            assert await story.poll() == ["[Monitor health] a template of your own cannot be used"]
            assert await story.poll(2) == []
            (incident,) = story.app.store.open_incidents()
            (own / "alert.txt.j2").write_text("{{ alert.item.title }}")
            await story.app.reload(story.app.settings)
            assert await story.poll(2) == ["[Monitor health] over: a template of your own cannot be used"]
    assert incident.reason == (
        "mine/alert.txt.j2: line 1: 'oops' is undefined; the built-in template is used instead"
    )


async def test_without_a_channel_for_it_incidents_are_kept_and_shown(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Site({"/feed": Reply(b"", 410)}) as site:
        async with running(tmp_path, clock, table("wire", site.url("/feed"))) as story:
            change_policy(story.app, health_channels=())
            assert await story.poll() == []
            (incident,) = story.app.store.open_incidents()
    assert (incident.subject, incident.kind) == ("wire", "failing")
    assert incident.reason.startswith("gone: ")


@pytest.mark.parametrize("check_first", [False, True])
async def test_a_kill_before_or_after_the_health_check_repeats_no_report(
    tmp_path: Path, clock: FakeClock, check_first: bool
) -> None:
    with Site({"/feed": Reply(b"", 410)}) as site:
        feeds = table("wire", site.url("/feed"))
        async with running(tmp_path, clock, feeds) as story:
            for shard in await story.app.poll.due_shards():
                await story.app.poll.poll_shard(shard)
                await story.app.poll.finish()
            if check_first:
                await story.app.health.run()
        async with running(tmp_path, clock, feeds) as story:
            await story.app.health.run()
            reported = [each for each in story.app.store.deliveries() if each.kind == "health"]
    assert len(reported) == 1
