"""Times to come as news of contracts writes them."""

import pytest

from monitor.match.events.deadlines import days, deadlines
from tests.match.seeds import judge


def quoted(raw: str) -> list[str]:
    return [raw[start:stop] for start, stop in deadlines(raw, 2026)]


@pytest.mark.parametrize(
    "time",
    [
        "by 2029", "by the end of 2029", "before mid-2028", "until 15 December 2027", "in early 2030", "bis Ende 2030",
        "ab 2028", "d'ici 2030", "d’ici la fin 2029", "avant 2031", "antes de fines de 2029", "до 2027 года",
        "до конца 2028 года", "до кінця 2027 року", "2030'a kadar", "2029 yılı sonuna kadar", "بحلول عام 2029",
        "تا پایان ۲۰۲۹", "2028年前", "senast 2032",
    ],
)  # fmt: skip
def test_a_time_to_come_is_found_whole(time):
    assert quoted(f"Deliveries {time}, it said.") == [time]


@pytest.mark.parametrize(
    "raw",
    ["by 2019", "a bill of 2029", "2029 shells", "resolution 2231", "by the end of the year", "M2029A", ""],
)
def test_a_bare_year_a_past_one_and_other_figures_are_none(raw):
    assert quoted(raw) == []


@pytest.mark.parametrize("day", ["29 April", "29 April 2027", "April 29", "15. März", "20 de mayo"])
def test_a_day_is_found_behind_a_word_of_time(day):
    raw = f"valid until {day}; issued 3 March"
    assert [raw[start:stop] for start, stop in days(raw)] == [day]


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("OFAC licence for Serbian refinery expires on 29 October", "29 October"),
        ("EU extends sanctions on Mali until 15 September", "15 September"),
        ("EU imposes sanctions on Mali on 15 September", ""),
    ],
)
def test_an_event_of_sanctions_carries_the_day_until_which_they_hold(title, day):
    event = judge(title).event
    assert event is not None
    assert event.deadline == day
