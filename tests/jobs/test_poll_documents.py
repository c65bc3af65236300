"""Polls of changed documents, on loopback: known items are recognised, new items judged, and a document that kills its parser harms no other feed."""

import contextlib
import io
import sqlite3
from pathlib import Path

from monitor.app.build import App, build
from monitor.app.once import once
from monitor.config import Settings, load
from monitor.feeds.parsing.worker_pool import ParserLimits, ParserPool
from tests.conftest import FakeClock
from tests.end_to_end.story import FOOTBALL, LISTING, feed
from tests.feeds.samples import notices
from tests.support.archive import found
from tests.support.databases import prepare_database
from tests.support.servers import Reply, Site


def settings_for(folder: Path, **urls: str) -> Settings:
    feeds = "".join(f'[feeds.{name}]\nurl = "{url}"\nevery = "1d"\n' for name, url in urls.items())
    prepare_database(folder / "m.db")
    (folder / "config.toml").write_text(
        f'database = "{folder}/m.db"\n[polling]\nparsers = 1\nmax_bytes = 20_000_000\n{feeds}', "utf-8"
    )
    return load(folder / "config.toml")


def stored(app: App, words: str) -> list[str]:
    return [judged.item.summary for judged in found(app.store, words)]


CORRECTED = (*FOOTBALL[:2], "The football club may appeal until Friday.")
DOCUMENTS = [feed(FOOTBALL), feed(LISTING, FOOTBALL), feed(LISTING, CORRECTED), feed(LISTING, FOOTBALL)]


async def test_new_and_changed_items_are_stored_and_the_others_seen(tmp_path: Path, clock: FakeClock) -> None:
    with Site({"/feed": [Reply(document) for document in DOCUMENTS]}) as site:
        async with build(
            settings_for(tmp_path, wire=site.url("/feed")), clock=clock, stream=io.StringIO()
        ) as app:
            polls = []
            for _ in DOCUMENTS:
                polled = (await once(app)).polled
                (state,) = app.store.feed_states()
                polls.append((polled.items, state.items_seen, state.health, stored(app, "club")))
                clock.advance(days=2)
    old, new = [FOOTBALL[2]], [CORRECTED[2]]
    assert polls == [(1, 1, "ok", old), (1, 2, "ok", old), (1, 2, "ok", new), (0, 2, "ok", new)]


async def test_an_item_that_is_only_seen_stays_alive_in_the_store(tmp_path: Path, clock: FakeClock) -> None:
    with Site({"/feed": [Reply(document) for document in DOCUMENTS]}) as site:
        async with build(
            settings_for(tmp_path, wire=site.url("/feed")), clock=clock, stream=io.StringIO()
        ) as app:
            for _ in range(2):
                await once(app)
                clock.advance(days=2)
    with contextlib.closing(sqlite3.connect(tmp_path / "m.db")) as database:
        assert len(database.execute("SELECT DISTINCT last_seen_at FROM items").fetchall()) == 1


async def test_a_document_that_kills_its_parser_is_reported_once_and_the_other_feeds_go_on(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Site({"/bad": Reply(notices(4_900)), "/good": Reply(feed(FOOTBALL))}) as site:
        bad, good = site.url("/bad"), site.url("/good").replace("127.0.0.1", "localhost")
        settings = settings_for(tmp_path, bad=bad, good=good)
        async with (
            build(settings, clock=clock, stream=io.StringIO()) as app,
            ParserPool(1, ParserLimits(cpu_s=0)) as parsers,
        ):
            app.poll.parse_document = parsers
            for failures in (1, 2):
                await once(app)
                states = {state.feed: state for state in app.store.feed_states()}
                assert (states["bad"].health, states["bad"].failures) == ("parser_killed", failures)
                assert states["good"].health in {"ok", "not_modified"}
                clock.advance(days=2)
            assert "when it was last read" in states["bad"].reason
            assert bad in states["bad"].reason
