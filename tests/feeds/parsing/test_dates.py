import tomllib
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.parsing.calendars import Calendar, to_gregorian
from monitor.feeds.parsing.dates import EARLIEST, MAX_AHEAD, PublishedDate, read_date
from tests.feeds.samples import DATA, NOW

DATES = tomllib.loads((DATA / "dates.toml").read_text("utf-8"))["date"]


@pytest.mark.parametrize("case", DATES, ids=lambda case: case["raw"])
def test_a_date_is_read_exactly_or_not_at_all(case):
    expected = PublishedDate(case["at"].astimezone(UTC), case.get("sure", True)) if "at" in case else None
    assert read_date(case["raw"], NOW) == expected


def test_a_time_without_a_zone_is_taken_in_the_zone_given():
    dated = read_date("Mon, 23 Nov 2026 10:00:00", NOW, ZoneInfo("Europe/Istanbul"))
    assert dated == PublishedDate(NOW - timedelta(hours=2), sure=False)


@pytest.mark.parametrize(
    ("order", "raw", "day"),
    [
        ("dmy", "05/06/2026", (2026, 6, 5)),
        ("mdy", "05/06/2026", (2026, 5, 6)),
        ("mdy", "5.6.2026", (2026, 5, 6)),
        ("dmy", "11/23/2026", (2026, 11, 23)),
        ("ymd", "26-11-05", (2026, 11, 5)),
        ("dmy", "05-11-26", (2026, 11, 5)),
        ("mdy", "2026-05-06", (2026, 5, 6)),
    ],
)
def test_an_order_that_is_set_for_a_feed_decides_what_is_not_certain(order, raw, day):
    dated = read_date(raw, NOW, order=order)
    assert dated is not None
    assert (dated.at.year, dated.at.month, dated.at.day) == day


@pytest.mark.parametrize("year", range(1374, 1405))
def test_the_persian_year_begins_at_the_equinox(year):
    first, last = to_gregorian(Calendar.PERSIAN, year, 1, 1), to_gregorian(Calendar.PERSIAN, year, 12, 29)
    assert (first.month, first.day) in {(3, 20), (3, 21)}
    assert to_gregorian(Calendar.PERSIAN, year + 1, 1, 1) - last in {timedelta(days=1), timedelta(days=2)}


@given(
    st.text(max_size=60) | st.from_regex(r"\A\w{3}, \d{1,2} \w{3,5} \d{2,4} \d\d:\d\d:\d\d [A-Z+-]\w{0,4}\Z")
)
def test_whatever_is_written_a_date_read_is_a_plausible_one(raw):
    dated = read_date(raw, NOW)
    assert dated is None or EARLIEST <= dated.at <= NOW + MAX_AHEAD
