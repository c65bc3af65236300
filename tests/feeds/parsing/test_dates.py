import tomllib
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(
    st.text(max_size=60) | st.from_regex(r"\A\w{3}, \d{1,2} \w{3,5} \d{2,4} \d\d:\d\d:\d\d [A-Z+-]\w{0,4}\Z")
)
def test_whatever_is_written_a_date_read_is_a_plausible_one(raw):
    dated = read_date(raw, NOW)
    assert dated is None or EARLIEST <= dated.at <= NOW + MAX_AHEAD
