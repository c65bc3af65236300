"""A feed that answers 200 without items, on loopback: a failure once it had items, and nothing of it is stored."""

import io
from pathlib import Path

from monitor.app.build import build
from monitor.app.once import once
from monitor.config import Settings, load
from tests.conftest import FakeClock
from tests.end_to_end.story import FOOTBALL, feed
from tests.support.databases import prepare_database
from tests.support.servers import Reply, Site

OTHER = ("harbour", "Harbour traffic grew last year", "The port said so.")


def settings_for(folder: Path, url: str) -> Settings:
    text = f'database = "{folder}/m.db"\n[feeds.wire]\nurl = "{url}"\nevery = "1d"\n'
    prepare_database(folder / "m.db")
    (folder / "config.toml").write_text(text, "utf-8")
    return load(folder / "config.toml")


async def test_a_feed_that_loses_all_its_items_fails_and_keeps_its_validators(
    tmp_path: Path, clock: FakeClock
) -> None:
    full, bare = Reply(feed(FOOTBALL), etag='"full"'), Reply(feed(), etag='"bare"')
    with Site({"/feed": [full, bare, bare, Reply(feed(FOOTBALL), etag='"again"')]}) as site:
        settings = settings_for(tmp_path, site.url("/feed"))
        async with build(settings, clock=clock, stream=io.StringIO()) as app:
            states = []
            for _ in range(4):
                await once(app)
                (state,) = app.store.feed_states()
                states.append((state.health, state.failures, state.etag, state.items_seen))
                clock.advance(days=3)
    assert states == [
        ("ok", 0, '"full"', 1),
        ("empty", 1, '"full"', 1),
        ("empty", 2, '"full"', 1),
        ("not_modified", 0, '"again"', 1),
    ]


async def test_a_feed_that_never_had_items_is_empty_and_no_failure(tmp_path: Path, clock: FakeClock) -> None:
    with Site({"/feed": Reply(feed())}) as site:
        settings = settings_for(tmp_path, site.url("/feed"))
        async with build(settings, clock=clock, stream=io.StringIO()) as app:
            await once(app)
            (state,) = app.store.feed_states()
    assert (state.health, state.failures) == ("empty", 0)


async def test_the_log_has_polls_with_news_or_another_answer_and_no_idle_ones(
    tmp_path: Path, clock: FakeClock
) -> None:
    answers = [feed(FOOTBALL), feed(FOOTBALL), feed(), feed(), feed(FOOTBALL), feed(FOOTBALL, OTHER)]
    with Site({"/feed": [Reply(each) for each in answers]}) as site:
        settings = settings_for(tmp_path, site.url("/feed"))
        async with build(settings, clock=clock, stream=io.StringIO()) as app:
            for _ in answers:
                await once(app)
                clock.advance(days=3)
            polls = app.store.feed_polls("wire")
            (state,) = app.store.feed_states()
    found = [(each.version, each.health, each.items, each.news, each.size > 0) for each in polls]
    assert found == [
        (6, "ok", 2, 1, True),
        (5, "not_modified", 0, 0, False),
        (3, "empty", 0, 0, False),
        (1, "ok", 1, 1, True),
    ]
    assert state.version == 6
    assert "without a single item" in polls[2].reason
