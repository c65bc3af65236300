"""Quiet hours: when they begin and end by a local clock, whom they cover, what breaks through."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.quiet_hours import Deferral, QuietHours, breaks_through, deferral_of, is_flip
from monitor.model import Change, ChangeKind, Decision, Event, Feed, Judged, Placement, Verdict
from monitor.stories.changes import changes_in
from monitor.stories.grouping import Match, story_after
from monitor.stories.retelling import Retelling, retelling_of
from monitor.stories.vocabulary import NO_VOCABULARY
from tests.conftest import NOW, alert, delivery, item, verdict


def quiet(**changes: Any) -> QuietHours:
    plain: dict[str, Any] = {
        "name": "night",
        "reason": "people sleep",
        "channels": ("desk",),
        "start": "22:00",
        "end": "07:00",
        "zone": "Europe/Berlin",
    }
    return QuietHours(**plain | changes)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-23 20:59:59", None),
        ("2026-11-23 21:00", "2026-11-24 06:00"),
        ("2026-11-24 02:00", "2026-11-24 06:00"),
        ("2026-11-24 05:59:59", "2026-11-24 06:00"),
        ("2026-11-24 06:00", None),
    ],
)
def test_a_night_lasts_from_the_evening_to_the_morning_by_the_local_clock(now: str, end: str | None) -> None:
    assert quiet().end_of(at(now)) == (at(end) if end else None)


@pytest.mark.parametrize(
    ("start", "end", "now", "until"),
    [
        ("22:00", "02:30", "2027-03-28 00:30", "2027-03-28 01:30"),  # 02:30 does not exist that night
        ("22:00", "07:00", "2027-03-27 21:00", "2027-03-28 05:00"),  # an hour shorter
        ("22:00", "07:00", "2027-10-30 20:00", "2027-10-31 06:00"),  # an hour longer
        ("22:00", "02:30", "2027-10-31 00:29", "2027-10-31 00:30"),  # the first of two
        ("22:00", "02:30", "2027-10-31 00:31", None),
    ],
)
def test_a_window_ends_at_one_instant_when_the_clocks_change(
    start: str, end: str, now: str, until: str | None
) -> None:
    assert quiet(start=start, end=end).end_of(at(now)) == (at(until) if until else None)


def test_only_the_days_on_which_a_window_begins_count() -> None:
    weekend = quiet(days=(5, 6), zone="UTC")
    assert weekend.end_of(at("2026-11-28 03:00")) == at("2026-11-28 07:00")  # Saturday, begun on Friday
    assert weekend.end_of(at("2026-11-29 03:00")) == at("2026-11-29 07:00")
    assert weekend.end_of(at("2026-11-30 03:00")) is None


@given(
    moment=st.datetimes(datetime(2025, 1, 1), datetime(2030, 12, 31)),  # noqa: DTZ001
    zone=st.sampled_from(
        ["Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu"]
    ),
    start=st.times(),
    end=st.times(),
)
def test_a_window_ends_later_within_a_day_and_is_over_then(
    moment: datetime, zone: str, start: Any, end: Any
) -> None:
    window = quiet(zone=zone, start=f"{start:%H:%M}", end=f"{end:%H:%M}")
    now = moment.replace(tzinfo=UTC)
    until = window.end_of(now)
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        local = until.astimezone(ZoneInfo(zone))
        shifted = local.utcoffset() != (until - timedelta(hours=3)).astimezone(ZoneInfo(zone)).utcoffset()
        assert shifted or f"{local:%H:%M}" == window.end


def test_it_covers_its_channels_and_of_these_the_named_recipients() -> None:
    assert quiet().covers(delivery(channel="desk", recipient="a@example.org"))
    assert not quiet().covers(delivery(channel="phone"))
    one = quiet(recipients=("a@example.org",))
    assert one.covers(delivery(recipient="a@example.org"))
    assert not one.covers(delivery(recipient="b@example.org"))


def test_quiet_hours_do_not_defer_a_test_message() -> None:
    assert not quiet().covers(delivery(kind="test"))


def test_windows_that_follow_upon_each_other_are_one() -> None:
    evening, night = quiet(name="evening", start="18:00", end="22:00", zone="UTC"), quiet(zone="UTC")
    deferral = deferral_of([evening, night], delivery(), None, at("2026-11-23 19:00"))
    assert deferral == Deferral(night, at("2026-11-24 07:00"))


def test_quiet_hours_around_the_clock_do_not_defer_for_ever() -> None:
    day, night = quiet(start="07:00", end="22:00", zone="UTC"), quiet(zone="UTC")
    deferral = deferral_of([day, night], delivery(), None, at("2026-11-23 19:00"))
    assert deferral is not None
    assert deferral.until < at("2026-11-27 00:00")


def test_what_is_grave_or_changes_direction_breaks_through() -> None:
    grave = alert(
        verdict=verdict(
            event=Event(topic="sanctions", type="imposed", stage="", polarity="impose", severity=5)
        )
    )
    flip = alert(kind="update", changes=(Change(ChangeKind.DIRECTION, "impose", "relax"),))
    now = at("2026-11-23 23:00")
    assert deferral_of([quiet()], delivery(), alert(), now) is not None
    assert deferral_of([quiet()], delivery(), None, now) is not None
    assert deferral_of([quiet()], delivery(), grave, now) is None
    assert deferral_of([quiet()], delivery(), flip, now) is None
    assert deferral_of([quiet(flips=False)], delivery(), flip, now) is not None
    assert deferral_of([quiet(break_through=6)], delivery(), grave, now) is not None
    assert breaks_through(alert(), 4, flips=False)


def said(what: Verdict) -> Retelling:
    judged = Judged(item(), what, Decision(Placement.NOW, "severity 5"))
    return retelling_of(
        judged,
        Feed(name="wire", url="https://wire.example/feed", title="A wire", host="wire.example"),
        official=False,
        vocabulary=NO_VOCABULARY,
    )


def test_a_flip_is_what_a_story_calls_a_change_of_direction() -> None:
    before = verdict(event=Event(topic="sanctions", type="imposed", stage="", polarity="impose", severity=5))
    after = verdict(event=Event(topic="sanctions", type="lifted", stage="", polarity="relax", severity=4))
    known_story = story_after(Match("s"), said(before), NOW)
    assert is_flip(alert(kind="update", changes=changes_in(said(after), known_story, NOW)))
    same = verdict(event=Event(topic="sanctions", type="tightened", stage="", polarity="impose", severity=5))
    assert not is_flip(alert(kind="update", changes=changes_in(said(same), known_story, NOW)))
