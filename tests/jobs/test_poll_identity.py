"""Feeds that change the guids of their items, on loopback: no item is repeated, no new item is lost."""

import io
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

from monitor.app.build import App, build
from monitor.app.once import once
from monitor.config import Settings, load
from tests.conftest import FakeClock
from tests.support.databases import prepare_database
from tests.support.servers import Reply, Site

SUBJECTS = ("tankers", "banks", "brokers", "insurers", "refiners", "airlines", "traders")
DAY = "Mon, 23 Nov 2026 08:{:02}:30 GMT"


def settings_for(folder: Path, url: str, **settings: str) -> Settings:
    more = "".join(f'{name} = "{value}"\n' for name, value in settings.items())
    text = f'database = "{folder}/m.db"\n[polling]\nparsers = 1\n[feeds.wire]\nurl = "{url}"\nevery = "1d"\n{more}'
    prepare_database(folder / "m.db")
    (folder / "config.toml").write_text(text, "utf-8")
    return load(folder / "config.toml")


def notice(number: int, **fields: str) -> str:
    """An entry that is flagged for sanctions, unlike the others."""
    subject = f"{SUBJECTS[number % 7]} {number}"
    said = {
        "guid": f"n-{number}",
        "link": f"https://news.example/notice/{number}",
        "title": f"OFAC adds {subject} to SDN List over case {number}",
        "description": f"The US Treasury designated {subject} and blocked their property.",
        "pubDate": DAY.format(number % 60),
    }
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in (said | fields).items() if text)
    return f"<item>{inside}</item>"


def rss(entries: Iterable[str]) -> Reply:
    return Reply(f"<rss version='2.0'><channel><title>A wire</title>{''.join(entries)}</channel></rss>")


def stored(folder: Path, table: str) -> int:
    with closing(connect(folder / "m.db")) as database:
        (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


async def polls(
    folder: Path, clock: FakeClock, documents: list[Reply], days: float = 2
) -> list[tuple[int, int]]:
    """Return (items, alerts) of the poll of each document."""
    counts = []
    with Site({"/feed": list(documents)}) as site:
        async with build(settings_for(folder, site.url("/feed")), clock=clock, stream=io.StringIO()) as app:
            for _ in documents:
                polled = (await once(app)).polled
                counts.append((polled.items, polled.alerts))
                clock.advance(days=days)
    return counts


async def test_a_feed_that_names_fifty_items_anew_raises_nothing(tmp_path: Path, clock: FakeClock) -> None:
    before = rss(notice(n) for n in range(50))
    after = rss(notice(n, guid=f"anew-{n}") for n in range(50))
    counts = await polls(tmp_path, clock, [before, after, before, after])
    assert counts[0][0] == 50
    assert counts[1:] == [(0, 0)] * 3
    assert (stored(tmp_path, "items"), stored(tmp_path, "aliases")) == (50, 50)


async def test_a_feed_that_moved_by_redirect_with_all_its_links_raises_nothing(
    tmp_path: Path, clock: FakeClock
) -> None:
    def listed(start: str) -> Reply:
        return rss(notice(n, guid="", link=f"{start}/notice/{n}") for n in range(50))

    counts = await polls(
        tmp_path,
        clock,
        [listed("http://news.example"), listed("https://news.example"), listed("https://www.gov.example")],
    )
    assert counts[1:] == [(0, 0)] * 2
    assert stored(tmp_path, "items") == 50


async def test_a_storm_of_new_guids_links_and_old_dates_raises_nothing(
    tmp_path: Path, clock: FakeClock
) -> None:
    before = [notice(n) for n in range(20)]
    date = "Fri, 20 Nov 2026 08:00:30 GMT"
    storm = [notice(n, guid=f"s-{n}", link=f"https://news.example/s/{n}", pubDate=date) for n in range(20)]
    counts = await polls(tmp_path, clock, [rss(before), rss(storm), rss(storm)])
    assert counts[1:] == [(0, 0)] * 2
    assert (stored(tmp_path, "items"), stored(tmp_path, "aliases")) == (20, 20)


async def test_thirty_nights_of_new_guids_leave_a_bounded_number_of_names(
    tmp_path: Path, clock: FakeClock
) -> None:
    nights = [rss(notice(n, guid=f"{night}-{n}") for n in range(10)) for night in range(31)]
    counts = await polls(tmp_path, clock, nights, days=1.2)
    assert counts[1:] == [(0, 0)] * 30
    assert stored(tmp_path, "items") == 10
    assert stored(tmp_path, "aliases") <= 10 * 8


async def test_a_recycled_guid_is_news_once(tmp_path: Path, clock: FakeClock) -> None:
    other = notice(
        2,
        guid="n-1",
        title="Ministry of Defence signs contract for four submarines",
        description="A $2bn contract.",
    )
    counts = await polls(
        tmp_path, clock, [rss([notice(1)]), rss([other]), rss([other]), rss([other, notice(3)])]
    )
    assert [items for items, _ in counts] == [1, 1, 0, 1]


async def test_items_of_one_guid_are_all_found_and_the_feed_never_goes_back_to_guids(
    tmp_path: Path, clock: FakeClock
) -> None:
    zeros = [notice(n, guid="0") for n in range(4)]
    named = [notice(n, guid=f"n-{n}") for n in range(5)]
    documents = [rss(zeros[:3]), rss(zeros), rss(named[:4]), rss(named)]
    counts = []
    with Site({"/feed": list(documents)}) as site:
        async with build(settings_for(tmp_path, site.url("/feed")), clock=clock, stream=io.StringIO()) as app:
            for _ in documents:
                counts.append(((await once(app)).polled.items, identity(app)))
                clock.advance(days=2)
    assert counts == [(3, "link"), (1, "link"), (0, "link"), (1, "link")]


def identity(app: App) -> str:
    (state,) = app.store.feed_states()
    return state.profile.identity


async def test_a_feed_that_gives_up_its_guids_repeats_nothing(tmp_path: Path, clock: FakeClock) -> None:
    good = [notice(n) for n in range(10)]
    bad = [notice(n, guid="0") for n in range(10, 13)]
    counts = await polls(tmp_path, clock, [rss(good), rss(good + bad), rss(good + bad)])
    assert [items for items, _ in counts] == [10, 3, 0]
    assert stored(tmp_path, "items") == 13


async def test_a_ministry_that_links_its_front_page_from_every_item_loses_none(
    tmp_path: Path, clock: FakeClock
) -> None:
    front = [notice(n, guid="", link="https://ministry.example/") for n in range(6)]
    counts = await polls(tmp_path, clock, [rss(front[:4]), rss(front), rss(front[2:])])
    assert [items for items, _ in counts] == [4, 2, 0]


async def test_an_old_item_that_is_edited_alerts_only_if_its_verdict_changes(
    tmp_path: Path, clock: FakeClock
) -> None:
    versions = [
        notice(1),
        notice(1, description="The Treasury designated banks 1 on Monday and blocked their property."),
        notice(
            1,
            description="The US Treasury designated banks 1 and Rosoboronexport and blocked their property.",
        ),
        notice(1, title="WITHDRAWN: OFAC adds banks 1 to SDN List over case 1"),
    ]
    documents = [rss([version]) for version in versions]
    with Site({"/feed": list(documents)}) as site:
        async with build(
            settings_for(tmp_path, site.url("/feed"), tier="wire"), clock=clock, stream=io.StringIO()
        ) as app:
            counts = []
            for _ in documents:
                polled = (await once(app)).polled
                counts.append((polled.items, polled.alerts))
                clock.advance(days=5)
            alerts = app.store.alerts(clock.now.replace(year=2020), clock.now)
    assert counts == [(1, 1), (1, 0), (1, 1), (1, 1)]
    assert [alert.kind for alert in alerts] == ["new", "update", "update"]
    assert {alert.item.id for alert in alerts} == {alerts[0].item.id}
    assert len({alert.story for alert in alerts}) == 1
    assert "Rosoboronexport" in alerts[1].news
    assert alerts[2].news == "edited: corrected or withdrawn"
