"""Members of a cluster: heartbeats, the lease of the ticks, versions, requests to reload, and turns."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.errors import StoreError
from monitor.executor import Executor
from monitor.jobs.context import ClusterMember
from monitor.jobs.due_feeds import MARGIN, DueFeeds
from monitor.jobs.membership import Membership
from monitor.jobs.open_stories import OpenStories
from monitor.jobs.policy import PollLimits
from monitor.model import Decision, DeliveryState, Judged, LeaseName, Placement
from monitor.store import SqlStore
from tests.conftest import NOW, FakeClock, delivery, item, verdict
from tests.store.builders import feed
from tests.store.test_cluster import worker
from tests.support.policies import job_context

LEASE = timedelta(minutes=10)
NEWS = Judged(item(), verdict(), Decision(Placement.NOW, "flagged"))


def member(store: SqlStore, db: Executor, clock: FakeClock, id: str, **changes: object) -> Membership:
    described = replace(worker(id), **changes)
    context = job_context(store, db, clock)
    return Membership(context=context, worker=described, lease=LEASE, repeatable=lambda: ())


@pytest.fixture
def first(store: SqlStore, db: Executor, clock: FakeClock) -> Membership:
    return member(store, db, clock, "first")


@pytest.fixture
def second(store: SqlStore, db: Executor, clock: FakeClock) -> Membership:
    return member(store, db, clock, "second")


async def test_the_first_member_leads_and_the_second_when_that_one_is_lost(
    first: Membership, second: Membership, clock: FakeClock
) -> None:
    assert not first.leads()
    await first.join()
    await second.join()
    assert (first.leads(), second.leads()) == (True, False)
    clock.advance(minutes=6)
    await second.beat()
    assert not second.leads()
    clock.advance(minutes=1)
    with capture_logs() as logs:
        await second.beat()
        await first.beat()
    assert (first.leads(), second.leads()) == (False, True)
    assert [log["event"] for log in logs] == ["cluster_led", "worker_lost"]


async def test_a_member_that_ends_gives_its_lease_up_at_once(first: Membership, second: Membership) -> None:
    await first.join()
    await first.retire()
    await first.beat()
    await second.join()
    assert (first.leads(), second.leads()) == (False, True)


async def test_a_desk_never_leads(store: SqlStore, db: Executor, clock: FakeClock) -> None:
    desk = member(store, db, clock, "desk", runs_jobs=False)
    await desk.join()
    assert not desk.leads()
    assert [each.id for each in store.workers(NOW)] == ["desk"]


async def test_the_member_that_leads_releases_the_deliveries_of_lost_ones(
    first: Membership, store: SqlStore, clock: FakeClock
) -> None:
    store.report_worker(worker(store.database.session))
    store.add_deliveries([delivery(id="d1")])
    store.lease("desk", NOW, NOW + timedelta(days=1))
    await first.join()
    clock.advance(minutes=11)
    with capture_logs() as logs:
        await first.beat()
    found = store.delivery("d1")
    assert found
    assert found[0].state == DeliveryState.OWED
    assert {"event": "leases_released", "count": 1, "log_level": "warning"} in logs


async def test_a_member_of_another_version_is_refused_and_leaves_nothing(
    first: Membership, store: SqlStore, db: Executor, clock: FakeClock
) -> None:
    await first.join()
    newer = member(store, db, clock, "newer", program="0.2.0")
    with pytest.raises(StoreError, match=r"this is sanctions-monitor 0\.2\.0, but pid first runs 0\.1\.0"):
        await newer.join()
    assert [each.id for each in store.workers(NOW)] == ["first"]


async def test_a_request_to_reload_reaches_every_member_once(first: Membership, second: Membership) -> None:
    asked: list[str] = []
    first.on_reload, second.on_reload = lambda: asked.append("first"), lambda: asked.append("second")
    await first.join()
    await second.join()
    await second.request_reload()
    await first.beat()
    await first.beat()
    assert asked == ["second", "first"]


async def test_a_member_that_runs_other_rules_is_named_once_when_that_lasts(
    first: Membership, store: SqlStore, clock: FakeClock
) -> None:
    def others_run(rules: str) -> None:
        for id in ("a", "b"):
            version = rules if id == "b" else ""
            row = worker(id, rules=version, config="", lexicon="", lists="", seen_at=clock())
            store.report_worker(replace(row, program="0.1.0"))

    open_incidents = []
    with capture_logs() as logs:
        for rules in ("", "old", "old", "old", ""):
            others_run(rules)
            await first.beat()
            open_incidents.append([(each.subject, each.kind) for each in first.incidents(clock())])
            clock.advance(minutes=6)
    assert open_incidents == [[], [], [], [("pid b", "differs")], []]
    told = [log for log in logs if log["event"] in {"worker_differs", "worker_agrees"}]
    assert [(log["event"], log["process"], log["versions"]) for log in told] == [
        ("worker_differs", "pid b", ("rules",)),
        ("worker_agrees", "pid b", ("rules",)),
    ]


async def test_a_lost_member_is_an_incident_until_one_is_started_in_its_place(
    first: Membership, store: SqlStore, db: Executor, clock: FakeClock
) -> None:
    await first.join()
    store.report_worker(worker("lost", program="0.1.0"))
    assert not [*first.incidents(clock())]
    clock.advance(minutes=7)
    await first.beat()
    [incident] = first.incidents(clock())
    assert (incident.subject, incident.kind, incident.opened_at) == ("pid lost", "worker", clock())
    assert "since 2026-" in incident.reason
    await member(store, db, clock, "successor", started_at=clock()).join()
    await first.beat()
    assert not [*first.incidents(clock())]


@pytest.mark.parametrize("lost_leads", [True, False])
async def test_what_a_lost_member_did_is_taken_over_within_the_lease(
    store: SqlStore, db: Executor, clock: FakeClock, lost_leads: bool
) -> None:
    store.enrol([feed()], NOW)
    lost, others = member(store, db, clock, store.database.session), [member(store, db, clock, "other")]
    for each in [lost, *others] if lost_leads else [*others, lost]:
        await each.join()
    store.take_feeds((feed().shard,), NOW, NOW + timedelta(days=1))
    store.take_lease(LeaseName.STORIES, lost.worker.id, NOW, NOW + timedelta(days=1))
    assert lost.leads() == lost_leads
    while not store.due_shards(clock()):
        clock.advance(seconds=lost.heartbeat.beat_s)
        for each in others:
            await each.beat()
    assert NOW + LEASE / 2 < clock() <= NOW + LEASE * 0.8
    assert others[0].leads()
    assert store.take_lease(LeaseName.STORIES, "other", clock(), clock() + LEASE)


# ---------------------------------------------------------------- turns


async def test_two_processes_decide_about_stories_one_after_another(
    store: SqlStore, db: Executor, clock: FakeClock
) -> None:
    ours, theirs = (
        OpenStories(replace(job_context(store, db, clock), member=ClusterMember(id, LEASE)))
        for id in ("ours", "theirs")
    )
    epochs: list[int | None] = []

    async def decide() -> None:
        async with theirs.deciding([NEWS]):
            epochs.append(theirs.epoch)

    async with ours.deciding([NEWS]):
        epochs.append(ours.epoch)
        waiting = asyncio.create_task(decide())
        await asyncio.sleep(0)
        assert epochs == [1]
    await waiting
    assert (epochs, ours.epoch, theirs.epoch) == ([1, 2], None, None)


async def test_what_raises_no_alert_takes_no_turn(store: SqlStore, db: Executor, clock: FakeClock) -> None:
    store.take_lease(LeaseName.STORIES, "theirs", NOW, NOW + LEASE)
    stories = OpenStories(replace(job_context(store, db, clock), member=ClusterMember("ours", LEASE)))
    async with stories.deciding([NEWS], needed=False):
        assert stories.epoch is None


async def test_what_raises_no_alert_waits_for_no_decision(
    store: SqlStore, db: Executor, clock: FakeClock
) -> None:
    stories = OpenStories(job_context(store, db, clock))
    async with asyncio.timeout(60), stories.deciding([NEWS]), stories.deciding([NEWS], needed=False) as index:
        assert not tuple(index)


async def test_due_feeds_of_a_cluster_are_reserved_for_as_long_as_a_poll_may_take(
    store: SqlStore, db: Executor, clock: FakeClock
) -> None:
    store.enrol([feed()], NOW)
    limits = PollLimits(host_gap=timedelta(seconds=2), time_limit_s=30)
    context = job_context(store, db, clock, feeds={"wire": feed()}, polling=limits)
    due = DueFeeds(replace(context, member=ClusterMember("ours", LEASE)))
    assert [state.feed for state in await due.of([feed().shard])] == ["wire"]
    assert await due.of([feed().shard]) == []
    assert due.reservation("wire") == NOW + timedelta(seconds=32) + MARGIN
    due.committed(["wire"])
    assert due.reservation("wire") is None
