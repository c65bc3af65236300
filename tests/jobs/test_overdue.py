"""Overdue alerts go into the next digest, and alerts over the limit of a storm into one summary."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.app.build import App, build
from monitor.app.once import once
from monitor.config import load
from monitor.model import Delivery
from tests.conftest import FakeClock
from tests.end_to_end.story import LISTING, config, feed
from tests.support.policies import change_policy
from tests.support.servers import Reply, Site


@asynccontextmanager
async def running(folder: Path, clock: FakeClock, site: Site, more: str = "") -> AsyncIterator[App]:
    path = config(folder, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    text = (
        path.read_text("utf-8")
        .replace("welcome = true", "welcome = false")
        .replace('every = "1d"', 'every = "1h"')
    )
    path.write_text(text + more, "utf-8")
    async with build(load(path), clock=clock, stream=io.StringIO()) as app:
        yield app


def of(app: App, kind: str) -> tuple[Delivery, ...]:
    return tuple(each for each in app.store.deliveries(limit=1000) if each.kind == kind)


async def test_an_alert_not_delivered_in_six_hours_is_marked_in_the_next_digest(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Site({"/feed.xml": Reply(feed(LISTING)), "/hook": Reply(status=503)}) as site:
        async with running(tmp_path, clock, site) as app:
            await once(app)
            clock.advance(hours=6, minutes=1)
            await once(app)
            (alert,) = of(app, "alert")
            assert (alert.state, alert.covered_by) == ("expired", "")
            site.routes["/hook"] = Reply(status=204)
            clock.advance(hours=18)
            await once(app)
            (alert,), (digest,) = of(app, "alert"), of(app, "digest")
            assert (alert.state, alert.covered_by) == ("expired", digest.ref)
            assert (digest.state, digest.message.data["alerts"][0]["late"]) == ("sent", True)
            accounts = app.store.accounting(clock.now - timedelta(days=3))
    assert (accounts.owed, accounts.states, accounts.missing) == (2, {"expired": 1, "sent": 1}, ())


async def test_without_a_digest_for_its_recipient_an_old_alert_stays_owed(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Site({"/feed.xml": Reply(feed(LISTING)), "/hook": Reply(status=503)}) as site:
        async with running(tmp_path, clock, site) as app:
            change_policy(app, subscriptions=())
            await once(app)
            clock.advance(hours=30)
            await once(app)
            assert [each.state for each in of(app, "alert")] == ["owed"]


async def test_a_digest_not_delivered_in_twenty_hours_is_merged_into_the_next(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Site({"/feed.xml": Reply(feed(LISTING)), "/hook": Reply(status=503)}) as site:
        async with running(tmp_path, clock, site) as app:
            await once(app)
            clock.advance(hours=21)
            await once(app)
            clock.advance(hours=21)
            await once(app)
            site.routes["/hook"] = Reply(status=204)
            clock.advance(hours=6)
            await once(app)
            second, first = of(app, "digest")
    assert (first.state, first.covered_by, second.state) == ("expired", second.ref, "sent")
    assert [each["late"] for each in second.message.data["alerts"]] == [True]


async def test_a_storm_becomes_one_summary_and_every_row_says_so(tmp_path: Path, clock: FakeClock) -> None:
    nouns = ("banks", "tankers", "refineries", "shipyards", "brokers", "airlines")
    items = [(noun, f"OFAC adds {n} {noun} to SDN List", "") for n, noun in enumerate(nouns, 11)]
    with Site({"/feed.xml": Reply(feed(*items)), "/hook": Reply(status=204)}) as site:
        async with running(tmp_path, clock, site) as app:
            change_policy(app, delivery=replace(app.policy.delivery, storm=2))
            await once(app)
            alerts, (summary,) = of(app, "alert"), of(app, "storm")
    kept = [each for each in alerts if each.state == "suppressed"]
    assert len(alerts) > 3
    assert len(kept) == len(alerts) - 2
    assert {each.covered_by for each in kept} == {summary.id}
    assert summary.state == "sent"
    assert len(summary.message.data["alerts"]) == len(kept)


async def test_a_broken_channel_is_reported_by_another_and_again_when_it_recovers(
    tmp_path: Path, clock: FakeClock
) -> None:
    more = '[channels.ops]\ntype = "console"\n[health]\nchannels = ["hook", "ops"]\n'
    with Site({"/feed.xml": Reply(feed(LISTING)), "/hook": Reply(status=410)}) as site:
        async with running(tmp_path, clock, site, more) as app:
            await once(app)
            await once(app)
            assert [(each.channel, each.state) for each in of(app, "health")] == [("ops", "sent")]
            assert [each.state for each in of(app, "alert")] == ["owed"]
            site.routes["/hook"] = Reply(status=204)
            await app.deliver.resume_channels()
            await once(app)
            await once(app)
            assert [each.state for each in of(app, "alert")] == ["sent"]
            assert app.store.open_incidents() == ()
            assert {each.channel for each in of(app, "health")} == {"ops", "hook"}


async def test_what_is_owed_to_a_channel_taken_out_is_an_incident_and_then_a_dead_letter(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Site({"/feed.xml": Reply(feed(LISTING)), "/hook": Reply(status=503)}) as site:
        async with running(tmp_path, clock, site) as app:
            await once(app)
            change_policy(app, subscriptions=())
            change_policy(app, channels={}, alerts=replace(app.policy.alerts, channel_targets={}))
            await once(app)
            assert [each.kind for each in app.store.open_incidents()] == ["missing"]
            clock.advance(days=3, hours=1)
            await app.overdue.run()
            (alert,) = of(app, "alert")
    assert (alert.state, alert.reason) == ("dead", "given up: no channel is called 'hook' any more")
