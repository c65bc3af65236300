from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digests.occasions import WELCOME, due, is_shaky, moment_of, next_after, welcome_due
from monitor.model import Occasion, Subscription, SubscriptionState

#: Zones whose clocks jump at night, at midnight, by half an hour, or never, from one date line to the other.
ZONES = (
    *(
        "Europe/Berlin",
        "Europe/Istanbul",
        "America/New_York",
        "America/St_Johns",
        "America/Havana",
        "America/Santiago",
    ),
    *(
        "Africa/Cairo",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "Pacific/Kiritimati",
    ),
    *("Pacific/Pago_Pago", "America/Asuncion", "Africa/Casablanca", "UTC"),
)
TIMES = ("00:00", "00:30", "01:30", "02:00", "02:30", "03:00", "08:00", "23:59")

BERLIN = Subscription(name="morning", at="08:00", zone="Europe/Berlin", channels=("desk",))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def began(text: str) -> SubscriptionState:
    return SubscriptionState(name="morning", since=at(text), upto_seq=0)


def planned(state: SubscriptionState, occasion: Occasion, now: datetime) -> SubscriptionState:
    """The state after a digest, as a store keeps it."""
    return replace(
        state, since=now, last_key=occasion.key, last_due_at=occasion.due_at, digests=state.digests + 1
    )


subscriptions = st.builds(
    Subscription,
    name=st.just("morning"),
    at=st.sampled_from(TIMES),
    zone=st.sampled_from(ZONES),
    channels=st.just(("desk",)),
    days=st.sets(st.integers(1, 7), min_size=1).map(lambda days: tuple(sorted(days))),
)
begins = st.integers(0, 5 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(
    subscriptions,
    begins,
    st.lists(st.floats(0.01, 60), min_size=1, max_size=30),
    st.sampled_from(["coalesce", "each"]),
)
@settings(max_examples=150, deadline=None)
def test_whenever_it_runs_every_local_date_comes_exactly_once(
    sub: Subscription, begin: datetime, pauses_days: list[float], catch_up: str
) -> None:
    sub = replace(sub, catch_up=catch_up)
    state, now = SubscriptionState(name=sub.name, since=begin, upto_seq=0), begin
    occasions: list[Occasion] = []
    for pause in pauses_days:
        now += timedelta(days=pause)
        for occasion in due(sub, state, now):
            assert occasion.due_at <= now
            state = planned(state, occasion, now)
            occasions.append(occasion)
    covered = [day for occasion in occasions for day in occasion.covers]
    zone = ZoneInfo(sub.zone)
    local, end = begin.astimezone(zone).date(), now.astimezone(zone).date()
    dates = [local + timedelta(days=n) for n in range((end - local).days + 1)]
    expected = [
        day.isoformat()
        for day in dates
        if day.isoweekday() in sub.days and begin < moment_of(sub, day) <= now
    ]
    assert covered == expected
    assert [o.due_at for o in occasions] == sorted({o.due_at for o in occasions})
    assert all(o.key == o.covers[-1] for o in occasions)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("time", TIMES)
def test_dates_and_moments_are_one_to_one_through_every_change_of_clocks(zone: str, time: str) -> None:
    sub = Subscription(name="morning", at=time, zone=zone, channels=("desk",))
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(6 * 365)]
    moments = [moment_of(sub, day) for day in days]
    steps = {later - earlier for earlier, later in pairwise(moments)}
    assert all(timedelta(hours=22) <= step <= timedelta(hours=26) for step in steps)
    assert all(m.astimezone(ZoneInfo(zone)).date() == day for m, day in zip(moments, days, strict=True))
    for n in range(0, len(days) - 1, 97):
        assert next_after(sub, moments[n]) == moments[n + 1]
        assert next_after(sub, moments[n + 1] - timedelta(microseconds=1)) == moments[n + 1]


@pytest.mark.parametrize(
    ("zone", "time", "day", "moment"),
    [
        ("Europe/Berlin", "02:30", "2027-03-28", "2027-03-28T01:30"),  # a gap: shown as 03:30
        ("Europe/Berlin", "02:30", "2027-10-31", "2027-10-31T00:30"),  # twice: the first
        ("Africa/Cairo", "00:00", "2027-04-30", "2027-04-29T22:00"),  # midnight does not exist: 01:00
        ("Europe/Istanbul", "08:00", "2026-11-23", "2026-11-23T05:00"),
    ],
)
def test_clocks_that_jump_skip_no_digest(zone: str, time: str, day: str, moment: str) -> None:
    assert moment_of(Subscription(name="x", at=time, zone=zone, channels=()), date.fromisoformat(day)) == at(
        moment
    )


def test_nothing_is_due_for_dates_before_the_beginning() -> None:
    assert due(BERLIN, began("2026-11-20T09:00"), at("2026-11-20T23:00")) == ()
    assert [o.key for o in due(BERLIN, began("2026-11-20T09:00"), at("2026-11-21T07:00"))] == ["2026-11-21"]


def test_downtime_is_made_up_for_in_one_digest() -> None:
    (occasion,) = due(BERLIN, began("2026-11-20T09:00"), at("2026-11-23T12:00"))
    assert occasion == Occasion(
        "morning", "2026-11-23", at("2026-11-23T07:00"), ("2026-11-21", "2026-11-22", "2026-11-23")
    )


def test_each_gives_at_most_seven_and_the_first_stands_for_what_is_older() -> None:
    each = replace(BERLIN, catch_up="each")
    occasions = due(each, began("2026-11-01T09:00"), at("2026-11-23T12:00"))
    assert [o.key for o in occasions] == [f"2026-11-{day}" for day in range(17, 24)]
    assert len(occasions[0].covers) == 16
    assert all(len(o.covers) == 1 for o in occasions[1:])
    assert len(due(each, began("2026-11-20T09:00"), at("2026-11-23T12:00"))) == 3


def test_skip_lets_a_missed_digest_pass_and_sends_one_that_is_on_time() -> None:
    skip = replace(BERLIN, catch_up="skip")
    assert due(skip, began("2026-11-20T09:00"), at("2026-11-23T12:00")) == ()
    (occasion,) = due(skip, began("2026-11-20T09:00"), at("2026-11-24T07:00"))
    assert occasion.covers == ("2026-11-24",)


def test_the_same_date_is_not_due_again_when_the_time_of_day_changes() -> None:
    state = planned(
        began("2026-11-20T09:00"),
        due(BERLIN, began("2026-11-20T09:00"), at("2026-11-21T07:00"))[0],
        at("2026-11-21T07:00"),
    )
    evening = replace(BERLIN, at="18:00")
    assert due(evening, state, at("2026-11-21T20:00")) == ()
    assert [o.key for o in due(evening, state, at("2026-11-22T17:00"))] == ["2026-11-22"]


def test_a_kill_between_two_made_up_digests_loses_neither_date() -> None:
    each = replace(BERLIN, catch_up="each")
    state, now = began("2026-11-20T09:00"), at("2026-11-23T12:00")
    first, *later = due(each, state, now)
    assert due(each, planned(state, first, now), now) == tuple(later)


def test_only_the_days_asked_for_are_due() -> None:
    working = replace(BERLIN, days=(1, 2, 3, 4, 5))
    assert due(working, began("2026-11-20T09:00"), at("2026-11-22T12:00")) == ()
    (monday,) = due(working, began("2026-11-20T09:00"), at("2026-11-23T12:00"))
    assert monday.covers == ("2026-11-23",)
    assert next_after(working, at("2026-11-20T07:00")) == at("2026-11-23T07:00")


WELCOMED = replace(BERLIN, welcome=True)


@pytest.mark.parametrize(
    ("first_s", "last_s", "now_s", "is_due"),
    [
        (0, 0, 2.9, False),
        (0, 0, 3, True),
        (0, 2, 4.9, False),
        (0, 2, 5, True),
        (0, 7.5, 7.9, False),
        (0, 7.5, 8, True),
    ],
)
def test_a_welcome_waits_for_quiet_but_not_for_ever(
    first_s: float, last_s: float, now_s: float, is_due: bool
) -> None:
    start = at("2026-11-23T09:00")
    first, last, now = (start + timedelta(seconds=s) for s in (first_s, last_s, now_s))
    occasion = welcome_due(WELCOMED, began("2026-11-23T08:59"), first, last, now)
    assert (occasion is not None) is is_due
    if occasion:
        assert occasion.key == WELCOME
        assert occasion.due_at <= now


def test_a_welcome_comes_once_and_only_when_asked_for_and_with_something_to_show() -> None:
    start, later = at("2026-11-23T09:00"), at("2026-11-23T10:00")
    state = began("2026-11-23T08:59")
    assert welcome_due(BERLIN, state, start, start, later) is None
    assert welcome_due(WELCOMED, state, None, None, later) is None
    assert welcome_due(WELCOMED, replace(state, digests=1), start, start, later) is None


def test_after_a_welcome_the_daily_digest_comes_on_the_same_day() -> None:
    state = began("2026-11-23T05:00")
    welcome = welcome_due(
        WELCOMED, state, at("2026-11-23T05:01"), at("2026-11-23T05:01"), at("2026-11-23T05:02")
    )
    assert welcome
    state = planned(state, welcome, at("2026-11-23T05:02"))
    assert [o.key for o in due(WELCOMED, state, at("2026-11-23T07:00"))] == ["2026-11-23"]


# ---------------------------------------------------------------- hours, weeks, holidays, clocks that were wrong

HOURLY = replace(BERLIN, every="hour")
WEEKLY = replace(BERLIN, every="week", days=(3,))


def test_hours_are_those_of_utc_so_a_repeated_local_hour_is_two() -> None:
    state, now = began("2027-10-30T23:10"), at("2027-10-31T02:30")
    (occasion,) = due(HOURLY, state, now)
    assert (occasion.key, occasion.covers) == ("2027-10-31T02", ("2027-10-31",))
    each = due(replace(HOURLY, catch_up="each"), state, now)
    assert [o.key for o in each] == ["2027-10-31T00", "2027-10-31T01", "2027-10-31T02"]
    assert next_after(HOURLY, at("2027-10-31T02:30")) == at("2027-10-31T03:00")
    assert due(HOURLY, planned(state, occasion, now), at("2027-10-31T02:59")) == ()


def test_hours_of_days_that_are_left_out_wait() -> None:
    working = replace(HOURLY, days=(1, 2, 3, 4, 5))
    assert due(working, began("2026-11-20T22:30"), at("2026-11-20T23:30")) == ()  # Saturday in Berlin
    assert next_after(working, at("2026-11-20T22:30")) == at("2026-11-20T23:00") + timedelta(days=2)


def test_a_week_comes_on_its_day_and_once_even_if_the_day_changes() -> None:
    state = began("2026-11-20T09:00")
    (occasion,) = due(WEEKLY, state, at("2026-11-25T07:00"))
    assert (occasion.key, occasion.due_at) == ("2026-W48", at("2026-11-25T07:00"))
    state = planned(state, occasion, at("2026-11-25T07:00"))
    friday = replace(WEEKLY, days=(5,))
    assert due(friday, state, at("2026-11-28T12:00")) == ()
    assert [o.key for o in due(friday, state, at("2026-12-04T12:00"))] == ["2026-W49"]
    assert next_after(WEEKLY, at("2026-11-25T07:00")) == at("2026-12-02T07:00")


def test_the_last_week_of_a_year_is_followed_by_the_first() -> None:
    state = replace(began("2026-12-30T07:00"), last_key="2026-W53", last_due_at=at("2026-12-30T07:00"))
    assert [o.key for o in due(WEEKLY, state, at("2027-01-06T07:00"))] == ["2027-W01"]


MONTHLY = replace(BERLIN, every="month", days=(1,))


def test_a_monthly_digest_is_due_once_on_its_day() -> None:
    state = began("2026-11-20T09:00")
    assert due(MONTHLY, state, at("2026-12-01T06:59")) == ()
    (occasion,) = due(MONTHLY, state, at("2026-12-01T07:00"))
    assert (occasion.key, occasion.due_at) == ("2026-12", at("2026-12-01T07:00"))
    state = planned(state, occasion, at("2026-12-01T07:00"))
    assert due(MONTHLY, state, at("2026-12-31T23:00")) == ()
    assert [o.key for o in due(MONTHLY, state, at("2027-01-01T07:00"))] == ["2027-01"]
    assert next_after(MONTHLY, at("2026-12-01T07:00")) == at("2027-01-01T07:00")


def test_months_that_were_missed_are_one_digest() -> None:
    state = replace(began("2026-11-01T07:00"), last_key="2026-11", last_due_at=at("2026-11-01T07:00"))
    (occasion,) = due(MONTHLY, state, at("2027-02-03T12:00"))
    assert occasion.key == "2027-02"
    assert occasion.covers == ("2026-12-01", "2027-01-01", "2027-02-01")


def test_a_monthly_digest_says_when_it_comes() -> None:
    assert MONTHLY.when == "on day 1 of the month at 08:00"


def test_a_holiday_is_left_out_and_the_next_day_covers_it() -> None:
    festive = replace(BERLIN, holidays=(date(2026, 12, 25), date(2026, 12, 26)))
    state = replace(began("2026-12-24T07:00"), last_key="2026-12-24", last_due_at=at("2026-12-24T07:00"))
    assert due(festive, state, at("2026-12-26T23:00")) == ()
    assert [o.key for o in due(festive, state, at("2026-12-27T07:00"))] == ["2026-12-27"]


@pytest.mark.parametrize("other", [HOURLY, WEEKLY, MONTHLY, replace(BERLIN, zone="Pacific/Kiritimati")])
def test_another_cadence_goes_on_after_the_last_digest(other: Subscription) -> None:
    now = at("2026-11-21T07:00:20")
    state = planned(began("2026-11-20T09:00"), due(BERLIN, began("2026-11-20T09:00"), now)[0], now)
    assert due(other, state, now) == ()
    later = next_after(other, now)
    assert [o.due_at for o in due(other, state, later)] == [later]


def test_a_clock_that_was_years_ahead_keeps_no_digest_back() -> None:
    state = replace(began("2030-01-01T00:00"), last_key="2030-01-01", last_due_at=at("2030-01-01T07:00"))
    assert due(BERLIN, state, at("2026-11-21T06:59")) == ()
    assert [o.key for o in due(BERLIN, state, at("2026-11-21T07:00:05"))] == ["2026-11-21"]
    assert due(BERLIN, state, at("2026-11-21T12:00")) == ()


@pytest.mark.parametrize(
    ("zone", "time", "every", "shaky"),
    [
        ("Europe/Berlin", "02:30", "day", True),
        ("Africa/Cairo", "00:00", "week", True),
        ("Europe/Berlin", "03:30", "day", True),
        ("Europe/Berlin", "03:31", "day", False),
        ("Europe/Istanbul", "02:30", "day", False),
        ("Europe/Berlin", "00:00", "hour", False),
    ],
)
def test_hours_that_clocks_skip_are_known(zone: str, time: str, every: str, shaky: bool) -> None:
    sub = Subscription(name="x", at=time, zone=zone, channels=("desk",), every=every)
    assert is_shaky(sub, at("2026-11-23T09:00")) is shaky
