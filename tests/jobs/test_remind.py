"""Reminders of deadlines: planned once, delivered as alerts are, whatever the clock and restarts do."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.app.build import build
from monitor.app.once import once
from monitor.config import load
from tests.conftest import FakeClock
from tests.end_to_end.story import config, feed
from tests.support.servers import Reply, Site

TITLE = "OFAC issues General License 13Q authorizing wind-down transactions until 30 December 2026"
LICENCE = ("licence", TITLE, "")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/feed.xml": Reply(feed(LICENCE)), "/hook": Reply(status=204)}) as site:
        yield site


def configured(folder: Path, site: Site, more: str = "") -> Path:
    path = config(folder, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    return path


async def round_at(path: Path, clock: FakeClock, *moments: str) -> None:
    """Start the program at each moment anew, and run every job once."""
    for moment in moments:
        clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        async with build(load(path), clock=clock) as app:
            await once(app)


def posted(site: Site, kind: str = "alert") -> list[dict[str, Any]]:
    return [data for each in site.asked("/hook") if (data := json.loads(each.body))["type"] == kind]


def news(site: Site) -> list[str]:
    return [each["news"] for each in posted(site)]


REMINDER = "deadline in 7 days: 30 December 2026"


async def test_a_reminder_comes_once_seven_days_before_whatever_is_restarted(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    path = configured(tmp_path, site)
    await round_at(path, clock, "2026-11-23T09:00", "2026-12-22T12:00", "2026-12-23T06:59")
    assert news(site) == [""]
    await round_at(
        path, clock, "2026-12-23T07:00", "2026-12-23T07:01", "2026-12-25T09:00", "2026-12-30T09:00"
    )
    assert news(site) == ["", REMINDER]
    assert posted(site)[1]["line"].endswith("until 30 Dec 2026")


async def test_a_clock_that_is_set_back_brings_no_second_reminder(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    path = configured(tmp_path, site)
    await round_at(
        path, clock, "2026-11-23T09:00", "2026-12-23T09:00", "2026-12-20T09:00", "2026-12-23T09:00"
    )
    assert news(site) == ["", REMINDER]


async def test_after_downtime_the_reminder_says_how_many_days_are_left(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    path = configured(tmp_path, site)
    await round_at(path, clock, "2026-11-23T09:00", "2026-12-29T09:00")
    assert news(site) == ["", "deadline tomorrow: 30 December 2026"]


async def test_a_deadline_that_has_passed_is_not_reminded_of(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    path = configured(tmp_path, site)
    await round_at(path, clock, "2026-11-23T09:00", "2026-12-31T09:00")
    assert news(site) == [""]


async def test_a_report_within_the_days_before_needs_no_reminder(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    path = configured(tmp_path, site)
    await round_at(path, clock, "2026-12-26T09:00", "2026-12-27T09:00", "2026-12-29T09:00")
    assert news(site) == [""]


@pytest.mark.parametrize(
    ("more", "expected"), [("days = 0", [""]), ("days = 2", ["", REMINDER.replace("7", "2")])]
)
async def test_the_days_before_are_configured_and_none_turns_reminders_off(
    tmp_path: Path, site: Site, clock: FakeClock, more: str, expected: list[str]
) -> None:
    path = configured(tmp_path, site, f"[reminders]\n{more}\n")
    await round_at(
        path, clock, "2026-11-23T09:00", "2026-12-23T09:00", "2026-12-28T09:00", "2026-12-29T09:00"
    )
    assert news(site) == expected


async def test_a_reminder_that_the_receiver_refuses_is_sent_again_with_the_same_id(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    path = configured(tmp_path, site)
    await round_at(path, clock, "2026-11-23T09:00")
    site.routes["/hook"] = Reply(status=503)
    await round_at(path, clock, "2026-12-23T09:00")
    site.routes["/hook"] = Reply(status=204)
    await round_at(path, clock, "2026-12-23T09:30", "2026-12-23T10:30")
    reminders = [each for each in site.asked("/hook") if REMINDER in each.body.decode()]
    alerts = [each for each in reminders if json.loads(each.body)["type"] == "alert"]
    assert len(alerts) == 2
    assert len({each.headers["webhook-id"] for each in alerts}) == 1
    assert len({each.body for each in alerts}) == 1


async def test_a_digest_lists_the_deadlines_ahead_and_the_reminder(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    path = configured(tmp_path, site)
    await round_at(
        path, clock, "2026-11-23T09:00", "2026-12-10T09:00", "2026-12-23T09:00", "2026-12-24T09:00"
    )
    digests = posted(site, "digest")
    listed = {each["window"]["key"]: [one["day"] for one in each["deadlines"]] for each in digests}
    assert listed["2026-12-10"] == ["2026-12-30"]
    reminded = [alert["news"] for each in digests for alert in each["alerts"] if alert["kind"] == "update"]
    assert reminded == [REMINDER]
