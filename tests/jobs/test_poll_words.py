"""Polls on loopback: every text of an entry is judged, and an item without a date is never news at once."""

import io
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect

import pytest

from monitor.app.build import build
from monitor.app.once import once
from monitor.config import load
from monitor.model import Alert, FeedState, Judged, Placement, UnreadDates, key_of
from tests.conftest import FakeClock
from tests.support.servers import Reply, Site

CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
DATED = "<pubDate>Mon, 23 Nov 2026 08:30:00 GMT</pubDate>"
TEXT = "The US Treasury imposed sanctions on Rosoboronexport over the sale of fighter jets."


def rss(*items: str) -> Reply:
    return Reply(
        f"<rss version='2.0' {CONTENT}><channel><title>A wire</title>{''.join(items)}</channel></rss>"
    )


def entry(number: int, inside: str) -> str:
    return f"<item><guid>n-{number}</guid><link>https://news.example/{number}</link>{inside}</item>"


async def poll(
    folder: Path, clock: FakeClock, *documents: Reply, backlog: str = "24h"
) -> tuple[list[Judged], list[Alert], FeedState]:
    """Poll a feed once for each document; return what is stored."""
    with Site({"/feed": list(documents)}) as site:
        (folder / "config.toml").write_text(
            f'database = "{folder}/m.db"\n[feeds.wire]\nurl = "{site.url("/feed")}"\nevery = "1d"\n'
            f'tier = "wire"\nbacklog = "{backlog}"\n'
        )
        async with build(load(folder / "config.toml"), clock=clock, stream=io.StringIO()) as app:
            for _ in documents:
                await once(app)
                clock.advance(days=2)
            (state,) = app.store.feed_states()
            begin, end = clock() - timedelta(days=30), clock() + timedelta(days=1)
            judged = list(app.store.judged_since(begin))
            return judged, list(app.store.alerts(begin, end)), state


async def test_evidence_in_the_full_text_of_an_entry_is_found_and_quoted(
    tmp_path: Path, clock: FakeClock
) -> None:
    item = entry(
        1,
        f"<title>Statement</title><description>More inside.</description>{DATED}<content:encoded>{TEXT}</content:encoded>",
    )
    _, (alert,), _ = await poll(tmp_path, clock, rss(item))
    assert "sanctions" in alert.verdict.topics
    event = alert.verdict.event
    assert event
    assert (event.type, event.field) == ("imposed", "body")
    assert alert.item.body[event.start : event.stop] == event.quote


async def test_the_first_sentence_of_an_untitled_entry_is_judged_as_its_title(
    tmp_path: Path, clock: FakeClock
) -> None:
    item = entry(1, f"<description>{TEXT} Details follow later today.</description>{DATED}")
    _, (alert,), _ = await poll(tmp_path, clock, rss(item))
    event = alert.verdict.event
    assert event
    assert (alert.item.title, event.type, event.field) == (TEXT, "imposed", "title")


async def test_an_edit_of_the_teaser_takes_the_new_full_text(tmp_path: Path, clock: FakeClock) -> None:
    before = entry(1, f"<title>Statement</title><description>Soon.</description>{DATED}")
    after = entry(
        1,
        f"<title>Statement</title><description>More inside.</description>{DATED}<content:encoded>{TEXT}</content:encoded>",
    )
    (judged,), alerts, _ = await poll(tmp_path, clock, rss(before), rss(after))
    assert judged.item.body == TEXT
    assert len(alerts) == 1


@pytest.mark.parametrize(
    ("date", "backlog", "placement"),
    [
        ("", "24h", Placement.NOW),
        ("<pubDate>05/06/2026</pubDate>", "24h", Placement.DIGEST),
        ("<pubDate>05/06/2026</pubDate>", "all", Placement.NOW),
        ("<pubDate>23 ноября 2020 г.</pubDate>", "24h", Placement.ARCHIVE),
        (DATED, "24h", Placement.NOW),
    ],
)
async def test_an_item_without_a_date_that_can_be_read_is_not_sent_at_once_on_a_first_poll(
    tmp_path: Path, clock: FakeClock, date: str, backlog: str, placement: Placement
) -> None:
    item = entry(1, f"<title>{TEXT}</title>{date}")
    (judged,), _, _ = await poll(tmp_path, clock, rss(item), backlog=backlog)
    assert judged.decision.placement is placement


async def test_later_an_item_without_a_date_is_news(tmp_path: Path, clock: FakeClock) -> None:
    first, second = entry(1, f"<title>Football{DATED}</title>"), entry(2, f"<title>{TEXT}</title>")
    judged, _, _ = await poll(tmp_path, clock, rss(first), rss(first, second))
    assert max(each.decision.placement for each in judged) is Placement.NOW


async def test_unread_dates_and_dropped_entries_are_counted(tmp_path: Path, clock: FakeClock) -> None:
    unread = [entry(n, f"<title>Notice {n}</title><pubDate>0{n}/06/2026</pubDate>") for n in (1, 2)]
    _, _, state = await poll(
        tmp_path, clock, rss(*unread, entry(3, ""), entry(4, f"<title>d</title>{DATED}"))
    )
    assert state.profile.unread_dates == UnreadDates(2, "01/06/2026")
    assert state.profile.signs == {"wordless": "1 of its entries have no words and were dropped"}


async def test_the_counts_stand_while_items_are_known_and_go_with_the_items(
    tmp_path: Path, clock: FakeClock
) -> None:
    unread = entry(1, "<title>Notice</title><pubDate>01/06/2026</pubDate>")
    dated = [entry(n, f"<title>Report {n}</title>{DATED}") for n in (2, 3, 4)]
    _, _, state = await poll(tmp_path, clock, rss(unread, *dated[:2]), rss(unread, *dated))
    assert state.profile.unread_dates.count == 1
    clock.advance(days=-4)
    (tmp_path / "m.db").unlink()
    _, _, state = await poll(tmp_path, clock, rss(unread, *dated[:2]), rss(*dated))
    assert state.profile.unread_dates.count == 0


async def test_a_database_with_untitled_items_alerts_nothing_again(tmp_path: Path, clock: FakeClock) -> None:
    """An earlier version stored such items without a title, and of each the teaser only."""
    untitled = entry(1, f"<description>{TEXT}</description>{DATED}")
    teaser = entry(
        2,
        f"<title>Notice</title><description>Short.</description>{DATED}<content:encoded>{TEXT}</content:encoded>",
    )
    document = rss(untitled, teaser)
    await poll(tmp_path, clock, document)
    with closing(connect(tmp_path / "m.db")) as database:
        old = key_of("", TEXT)
        database.execute("UPDATE items SET title = '', content_hash = ? WHERE guid = 'n-1'", (old,))
        database.execute("UPDATE items SET body = ''")
        database.execute("DELETE FROM alerts")
        database.execute(
            "UPDATE feeds SET etag = NULL, body_hash = NULL, next_poll_at = '2020-01-01T00:00:00.000000Z'"
        )
        database.commit()
    judged, alerts, _ = await poll(tmp_path, clock, document)
    assert (len(judged), alerts) == (2, [])
