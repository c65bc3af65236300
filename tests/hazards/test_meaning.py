"""Hazards 44 to 70: what identities, dates and the words of items do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW, FakeClock
from tests.hazards.program import NEWS, Hazard, assert_hazard, entry, many, program, replies, rss
from tests.support.servers import Reply

SECOND = "OFAC adds 99 companies to SDN List"
DAY = timedelta(days=1)


def news_feed(*numbers: int, guid: str = "n{}", link: str = "https://news.example/{}", **more: str) -> str:
    """A document of news, each known by its number; guids and links as they are spelt this time."""
    return rss(
        *(
            entry(f"OFAC adds {n} companies to SDN List", guid.format(n), link.format(n), **more)
            for n in numbers
        )
    )


def titles(*numbers: int) -> tuple[str, ...]:
    return tuple(f"OFAC adds {n} companies to SDN List" for n in numbers)


HAZARDS = [
    Hazard("44 no guid, known by its link", replies(news_feed(10, guid="").replace('<guid isPermaLink="false"></guid>', ""), news_feed(10, 11, guid="").replace('<guid isPermaLink="false"></guid>', "")), ("ok", "ok"), titles(10, 11), alerts=2),
    Hazard("45 neither guid nor link, known by its words", replies(rss(entry(NEWS, None, "")), rss(entry(SECOND, None, ""), entry(NEWS, None, ""))), ("ok", "ok"), (NEWS, SECOND), alerts=2),
    Hazard("46 guids of blanks", replies(news_feed(10, guid="  "), news_feed(11, 10, guid="  ")), ("ok", "ok"), titles(10, 11), alerts=2),
    Hazard("46 one guid for all", replies(news_feed(10, 11, 12, guid="0"), news_feed(13, 10, 11, guid="0")), ("ok", "ok"), titles(10, 11, 12, 13), alerts=4),
    Hazard("46 one guid for all, then for one", replies(news_feed(10, 11, 12, guid="0"), news_feed(12, guid="0"), news_feed(13, 12, guid="0")), ("ok", "ok", "ok"), titles(10, 11, 12, 13), alerts=4),
    Hazard("48 guids made anew at every build", replies(news_feed(10, 11, guid="a{}"), news_feed(10, 11, guid="b{}"), news_feed(10, 11, 12, guid="c{}")), ("ok", "ok", "ok"), titles(10, 11, 12), alerts=3),
    Hazard("48 guids that turn to encryption", replies(news_feed(10, guid="http://news.example/{}"), news_feed(10, 11, guid="https://news.example/{}")), ("ok", "ok"), titles(10, 11), alerts=2),
    Hazard("48 a guid that holds the headline, which is corrected", replies(rss(entry("Ministry wins lawsut over club", "ministry-wins-lawsut", "https://n.example/7")), rss(entry("Ministry wins lawsuit over club", "ministry-wins-lawsuit", "https://n.example/7"))), ("ok", "ok"), ("Ministry wins lawsuit over club",)),
    Hazard("49 a guid that is used again", replies(rss(entry("Football club wins cup", "7", "https://n.example/cup")), rss(entry(NEWS, "7", "https://n.example/ofac")), rss(entry(NEWS, "7", "https://n.example/ofac"))), ("ok", "ok", "not_modified"), ("Football club wins cup", NEWS), alerts=1, kinds=("gap",)),
    Hazard("50 oldest first, then in any order", replies(news_feed(10, 11, 12), news_feed(12, 10, 11), news_feed(11, 13, 12, 10)), ("ok", "ok", "ok"), titles(10, 11, 12, 13), alerts=4),
    Hazard("52 an item that goes and comes back", replies(news_feed(10, 11), news_feed(11), news_feed(10, 11)), ("ok", "ok", "ok"), titles(10, 11), alerts=2),
    Hazard("53 a window that was outrun", replies(news_feed(10, 11), news_feed(12, 13), news_feed(13, 14)), ("ok", "ok", "ok"), titles(10, 11, 12, 13, 14), alerts=5, kinds=("gap",)),
    Hazard("54 counters in the words", replies(*(news_feed(10, summary=f"Read {n} times, {n} comments.") for n in range(30))), ("ok",) * 30, titles(10), alerts=1),
    Hazard("54 words that swing between two versions", replies(*(news_feed(10, summary="One version." if n % 2 else "Another reading of it.") for n in range(12))), ("ok",) * 12, titles(10), alerts=1),
    Hazard("55 one story at many addresses", replies(rss(*(entry(NEWS, f"https://n.example/{path}?utm_source=rss", f"https://n.example/{path}?utm_source=rss") for path in ("world/1", "amp/world/1", "europe/1")))), ("ok",), (NEWS, NEWS, NEWS), alerts=1),
    Hazard("56 no date", replies(news_feed(10)), ("ok",), titles(10), alerts=1),
    Hazard("68 the same words around every item", replies(news_feed(10, 11, summary="Read more on our site. Subscribe now!")), ("ok",), titles(10, 11), alerts=2),
]  # fmt: skip


@pytest.mark.parametrize("hazard", HAZARDS, ids=str)
async def test_hazard(hazard: Hazard, tmp_path: Path, clock: FakeClock) -> None:
    await assert_hazard(hazard, tmp_path, clock)


async def test_hazard_47_identities_do_not_follow_the_address_that_answers(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with program(tmp_path, clock, Reply(news_feed(10, guid="../item/{}"))) as trial:
        await trial.poll()
        trial.site.routes["/feed"] = Reply(status=301, headers={"Location": "/elsewhere/feed"})
        trial.site.routes["/elsewhere/feed"] = Reply(news_feed(10, 11, guid="../item/{}"))
        await trial.poll(2)
        assert (trial.titles, trial.alerts) == (titles(10, 11), 2)
        assert {item.guid for item in trial.items} == {"../item/10", "../item/11"}


async def test_hazard_50_a_feed_that_dates_all_of_it_anew_interrupts_nobody(
    tmp_path: Path, clock: FakeClock
) -> None:
    numbers = range(100, 140)
    before = rss(*many(numbers, "OFAC adds {} companies to SDN List", date=NOW - 30 * DAY))
    async with program(tmp_path, clock, Reply(before)) as trial:
        await trial.poll()
        assert trial.alerts == 0
        after = before.replace("n1", "m1").replace("Oct 2026", "Nov 2026")
        trial.site.routes["/feed"] = Reply(after)
        await trial.poll(2)
        assert (trial.alerts, len(trial.items)) == (0, 40)


async def test_hazard_51_an_archive_that_is_dumped_waits_for_the_digest(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with program(tmp_path, clock, Reply(news_feed(10))) as trial:
        await trial.poll()
        old = many(range(200, 240), "OFAC adds {} companies to SDN List", date=NOW - 2000 * DAY)
        trial.site.routes["/feed"] = Reply(
            rss(entry(titles(11)[0], "n11"), entry(titles(10)[0], "n10"), *old)
        )
        await trial.poll(2)
        assert (trial.alerts, len(trial.items), trial.kinds) == (1, 42, ("burst",))


DATES: list[tuple[str, str, Callable[[datetime], datetime | None]]] = [
    ("57 a date far ahead", "Fri, 01 Jan 2027 10:00:00 GMT", lambda now: None),
    ("58 the beginning of the epoch", "Thu, 01 Jan 1970 00:00:00 GMT", lambda now: None),
    ("58 no date at all in digits", "0000-00-00 00:00:00", lambda now: None),
    ("58 a year too long", "20226-08-13", lambda now: None),
    ("59 no zone", "Mon, 23 Nov 2026 08:00:00", lambda now: datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ("60 a zone by name", "Mon, 23 Nov 2026 09:00:00 CET", lambda now: datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ("60 Moscow", "Mon, 23 Nov 2026 11:00:00 MSK", lambda now: datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ("61 a month in Russian", "Пн, 23 ноя 2026 11:00:00 +0300", lambda now: datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ("61 a month in French", "lun., 23 nov. 2026 09:00:00 +0100", lambda now: datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ("62 slashes", "2026/11/23 08:00:00", lambda now: datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ("62 Chinese", "2026年11月23日", lambda now: datetime(2026, 11, 23, tzinfo=UTC)),
    ("62 a week", "2026-W48-1", lambda now: None),
    ("63 seconds", "1795420800", lambda now: datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ("63 without marks", "20261123T080000Z", lambda now: datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ("64 an hour that does not exist", "Sun, 29 Mar 2026 02:30:00 CET", lambda now: datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ("67 midnight at the end of a day", "2026-11-22T24:00:00Z", lambda now: datetime(2026, 11, 23, tzinfo=UTC)),
    ("67 a leap second", "2026-11-23T08:00:60Z", lambda now: datetime(2026, 11, 23, 8, 0, 59, tzinfo=UTC)),
    ("67 an offset of a day", "Mon, 23 Nov 2026 08:00:00 -2500", lambda now: None),
    ("67 the last of February and three", "Sat, 31 Feb 2026 08:00:00 GMT", lambda now: None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "written", "meant"), DATES, ids=[name for name, *_ in DATES])
async def test_hazard_of_a_date(
    name: str, written: str, meant: Callable[[datetime], datetime | None], tmp_path: Path, clock: FakeClock
) -> None:
    keys = 'backlog = "all"'
    async with program(tmp_path, clock, Reply(rss(entry(NEWS, date=written))), keys=keys) as trial:
        await trial.poll()
        (item,) = trial.items
        assert item.published_at == meant(clock.now)
        assert trial.alerts == 1  # whatever the date says, it is news now


async def test_hazard_65_dates_of_the_channel_change_nothing(tmp_path: Path, clock: FakeClock) -> None:
    def ticking(minute: int) -> str:
        return rss(entry(), channel=f"<lastBuildDate>Mon, 23 Nov 2026 09:{minute:02}:00 GMT</lastBuildDate>")

    async with program(tmp_path, clock, [Reply(ticking(n)) for n in range(5)]) as trial:
        for _ in range(5):
            await trial.poll(2)
        assert (trial.titles, trial.alerts, trial.items[0].first_seen_at) == (
            (NEWS,),
            1,
            NOW + timedelta(hours=2),
        )


@pytest.mark.parametrize("inside", ["<updated>2026-11-23T08:00:00Z</updated>", "<published>2026-11-23T08:00:00Z</published><updated>2026-11-23T08:30:00Z</updated>"])  # fmt: skip
async def test_hazard_65_the_date_of_publication_is_what_there_is_of_it(
    inside: str, tmp_path: Path, clock: FakeClock
) -> None:
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>1</id><title>{NEWS}</title>{inside}</entry></feed>'
    async with program(tmp_path, clock, Reply(atom)) as trial:
        await trial.poll()
        assert trial.items[0].published_at == datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "most_minutes"),
    [
        ("<ttl>1440</ttl>", 60),
        ("<ttl>0</ttl>", 10),
        ("<ttl>many</ttl>", 10),
        (
            '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">dayly</sy:updatePeriod>',
            60,
        ),
        (
            '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">always</sy:updatePeriod>',
            10,
        ),
    ],
)
async def test_hazard_66_what_a_feed_says_of_its_freshness_is_a_hint(
    channel: str, most_minutes: int, tmp_path: Path, clock: FakeClock
) -> None:
    async with program(tmp_path, clock, Reply(rss(entry(), channel=channel)), keys="", every="") as trial:
        state = await trial.poll()
        waits = (state.next_poll_at - clock.now).total_seconds() / 60
        assert most_minutes * 0.9 <= waits <= most_minutes * 1.1


async def test_hazard_69_a_feed_that_changes_hands_raises_no_alert_and_is_reported(
    tmp_path: Path, clock: FakeClock
) -> None:
    subjects = ("howitzers", "frigates", "radars", "missiles", "drones", "helicopters", "engines")
    before = [entry(f"The ministry looks at {n} {subjects[n % 7]} made in the north", f"n{n}", summary=f"The first of {n} {subjects[n * 3 % 7]} is shown to the press.") for n in range(45)]  # fmt: skip
    async with program(tmp_path, clock, Reply(rss(*before))) as trial:
        await trial.poll()
        strange = ["situs slot gacor hari ini menang mudah", "daftar poker online pasti cuan", NEWS]
        trial.site.routes["/feed"] = Reply(rss(*(entry(strange[n % 3], f"c{n}") for n in range(12))))
        state = await trial.poll(2)
        assert "another language" in state.profile.signs["drift"]
        assert (trial.alerts, set(trial.kinds)) == (0, {"gap", "burst", "drift"})


@pytest.mark.parametrize("said", ["This feed has moved", "Test post"])
async def test_hazard_70_an_item_about_the_feed_is_reported(
    said: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with program(
        tmp_path, clock, [Reply(rss(entry())), Reply(rss(entry(said, "x"), entry()))]
    ) as trial:
        await trial.poll()
        await trial.poll(2)
        assert trial.kinds == ("notice",)
        assert said in trial.app.store.open_incidents()[0].reason
