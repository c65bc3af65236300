"""How far digests have come, on every database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from monitor.errors import FeedHealth
from monitor.model import Counts, DigestPlan, Occasion, Subscription, SubscriptionState
from monitor.store import SqlStore
from monitor.store.tables import alerts
from tests.conftest import NOW, alert, delivery, item, verdict
from tests.store.builders import feed, judged, outcome, raised, state_of, subscription_state, write_plan

DAILY = Subscription(name="daily", at="08:00", zone="Europe/Berlin", channels=("desk",))
SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(hours=20)


def plan(key: str = "2026-11-24", seqs: tuple[int, ...] = (), **changes: Any) -> DigestPlan:
    plain: dict[str, Any] = {
        "id": f"digest-{key}",
        "occasion": Occasion("daily", key, LATER, (key,)),
        "planned_at": LATER,
        "from_seq": 0,
        "to_seq": max(seqs, default=0),
        "alert_seqs": seqs,
        "deliveries": (delivery(id=f"d-{key}", kind="digest", ref=f"digest-{key}"),),
    }
    return DigestPlan(**plain | changes)


def waiting(store: SqlStore, name: str = "daily") -> list[int]:
    return [one.seq for one in store.waiting([name])[name]]


def test_a_subscription_begins_at_the_end_of_the_sequence(store: SqlStore):
    raised(store, item(guid="1"))
    store.subscribe([DAILY], NOW)
    assert subscription_state(store, "daily") == SubscriptionState(name="daily", since=NOW, upto_seq=1)
    assert waiting(store) == []
    (after,) = raised(store, item(guid="2"))
    assert store.waiting(["daily"]) == {"daily": (replace(after, seq=2),)}


def test_a_known_subscription_keeps_its_place(store: SqlStore):
    store.subscribe([DAILY], NOW)
    raised(store, item())
    store.subscribe([replace(DAILY, at="09:00"), replace(DAILY, name="weekly")], LATER)
    assert subscription_state(store, "daily") == SubscriptionState(name="daily", since=NOW, upto_seq=0)
    assert subscription_state(store, "weekly") == SubscriptionState(name="weekly", since=LATER, upto_seq=1)


def test_nothing_waits_for_a_subscription_that_is_not_there(store: SqlStore):
    raised(store, item())
    assert subscription_state(store, "daily") is None
    assert store.waiting(["daily"]) == {}


def test_alerts_wait_in_match_order(store: SqlStore):
    store.subscribe([DAILY], NOW)
    raised(store, item(guid="z"), verdict=verdict(topics=("arms",)))
    raised(store, item(guid="a"), verdict=verdict(topics=("sanctions", "arms")))
    raised(store, item(guid="m"), verdict=verdict(topics=()))
    assert waiting(store) == [1, 2, 3]


def test_a_plan_writes_digest_deliveries_and_watermark(store: SqlStore):
    store.subscribe([DAILY], NOW)
    raised(store, item(guid="1"), item(guid="2"))
    first = plan(seqs=(1, 2))
    assert write_plan(store, first)
    assert subscription_state(store, "daily") == SubscriptionState(
        name="daily", since=LATER, upto_seq=2, last_key="2026-11-24", last_due_at=LATER, digests=1
    )
    assert store.deliveries() == first.deliveries
    assert waiting(store) == []
    raised(store, item(guid="3"))
    assert waiting(store) == [3]


def test_an_occasion_is_planned_once(store: SqlStore):
    store.subscribe([DAILY], NOW)
    raised(store, item(guid="1"))
    assert write_plan(store, plan(seqs=(1,)))
    before = subscription_state(store, "daily")
    raised(store, item(guid="2"))
    again = plan(seqs=(2,), id="another", deliveries=(delivery(id="again"),))
    assert not write_plan(store, again)
    assert subscription_state(store, "daily") == before
    assert [one.id for one in store.deliveries()] == ["d-2026-11-24"]
    assert waiting(store) == [2]


def test_of_two_planners_one_plans(store: SqlStore, other: SqlStore):
    store.subscribe([DAILY], NOW)
    raised(store, item())
    barrier = Barrier(2)

    def work(worker: SqlStore) -> bool:
        barrier.wait(240)
        return write_plan(worker, plan(seqs=(1,)))

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, (store, other))) == [False, True]
    state = subscription_state(store, "daily")
    assert state
    assert state.digests == 1


def test_an_alert_is_in_one_digest_of_a_subscription(store: SqlStore):
    store.subscribe([DAILY, replace(DAILY, name="weekly")], NOW)
    raised(store, item(guid="1"), item(guid="2"))
    assert write_plan(store, plan("monday", seqs=(1,)))
    assert not write_plan(store, plan("tuesday", seqs=(1, 2)))
    assert waiting(store) == [2]
    assert [one.id for one in store.deliveries()] == ["d-monday"]
    weekly = Occasion("weekly", "monday", LATER)
    assert write_plan(store, plan("weekly", seqs=(1, 2), occasion=weekly))


def test_a_skipped_occasion_moves_on_without_a_digest(store: SqlStore):
    store.subscribe([DAILY], NOW)
    assert write_plan(store, plan("monday", deliveries=(), skipped=True, to_seq=7))
    assert subscription_state(store, "daily") == SubscriptionState(
        name="daily", since=NOW, upto_seq=7, last_key="monday", last_due_at=LATER, digests=0
    )
    assert not write_plan(store, plan("monday"))


def test_the_watermark_never_goes_back(store: SqlStore):
    store.subscribe([DAILY], NOW)
    write_plan(store, plan("monday", to_seq=7))
    write_plan(store, plan("tuesday", to_seq=5))
    state = subscription_state(store, "daily")
    assert state
    assert (state.upto_seq, state.last_key, state.digests) == (7, "tuesday", 2)


def test_a_plan_that_fails_in_the_middle_never_was(store: SqlStore):
    store.subscribe([DAILY], NOW)
    before = subscription_state(store, "daily")
    spoilt = delivery(id="bad", due_at=NOW.replace(tzinfo=None))
    with pytest.raises(Exception, match="no time zone"):
        write_plan(store, plan(deliveries=(delivery(), spoilt)))
    assert subscription_state(store, "daily") == before
    assert store.deliveries() == ()
    assert write_plan(store, plan())


def test_an_alert_raised_before_the_last_run_and_visible_after_it_is_not_lost(store: SqlStore):
    """The job reads the waiting alerts, an alert is raised, and the job stores the new end of the sequence."""
    store.subscribe([DAILY], NOW)
    raised(store, item(guid="1"), raised_at=LATER)
    looked = waiting(store)
    raised(store, item(guid="2"), raised_at=LATER)
    assert write_plan(store, plan(seqs=tuple(looked), to_seq=store.last_seq()))
    assert waiting(store) == [2]


@pytest.mark.parametrize("kind", ["postgresql"])
def test_numbers_that_become_visible_out_of_order_are_all_listed(store: SqlStore, other: SqlStore):
    store.enrol([feed()], NOW)
    store.subscribe([DAILY], NOW)
    items = [item(guid=guid) for guid in ("slow", "quick")]
    store.commit([outcome(state_of(store), *items)])
    slow, quick = (alert(item=one, raised_at=LATER) for one in items)
    with other.database.write_transaction() as open_transaction:
        row = {"id": slow.id, "item": slow.item.id, "story": slow.story, "raised_at": LATER, "alert": slow}
        open_transaction.execute(alerts.insert(), row)
        store.commit([outcome(state_of(store), alerts=(quick,))])
        assert waiting(store) == [2]
        assert write_plan(store, plan("monday", seqs=(2,)))
        assert waiting(store) == []
    assert store.waiting(["daily"]) == {"daily": (replace(slow, seq=1),)}
    assert write_plan(store, plan("tuesday", seqs=(1,)))
    assert waiting(store) == []


def test_alerts_before_the_start_of_a_subscription_are_never_listed(store: SqlStore):
    raised(store, item(guid="1"), raised_at=NOW)
    store.subscribe([DAILY], NOW)
    assert write_plan(store, plan(planned_at=NOW))
    assert waiting(store) == []


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_subscription_that_begins_between_two_numbers_gets_the_late_one(store: SqlStore, other: SqlStore):
    store.enrol([feed()], NOW)
    items = [item(guid=guid) for guid in ("slow", "quick")]
    store.commit([outcome(state_of(store), *items)])
    slow, quick = (alert(item=one, raised_at=SOON) for one in items)
    with other.database.write_transaction() as open_transaction:
        row = {"id": slow.id, "item": slow.item.id, "story": slow.story, "raised_at": SOON, "alert": slow}
        open_transaction.execute(alerts.insert(), row)
        store.commit([outcome(state_of(store), alerts=(quick,))])
        store.subscribe([DAILY], NOW)
    assert waiting(store) == [1, 2]


def test_a_new_subscription_may_begin_with_what_was_raised_before(store: SqlStore):
    for guid, hours in (("old", 30), ("recent", 3), ("new", 1)):
        raised(store, item(guid=guid), raised_at=NOW - timedelta(hours=hours))
    back = replace(DAILY, name="back", backfill=timedelta(hours=24))
    store.subscribe([DAILY, back], NOW)
    assert {
        name: [one.seq for one in alerts] for name, alerts in store.waiting(["daily", "back"]).items()
    } == {
        "daily": [],
        "back": [2, 3],
    }
    state = subscription_state(store, "back")
    assert state
    assert (state.since, state.upto_seq) == (NOW - timedelta(hours=24), 1)


def test_many_are_planned_together_and_each_is_written_or_refused_alone(store: SqlStore):
    names = [f"r{n}" for n in range(600)]
    store.subscribe([replace(DAILY, name=name) for name in names], NOW)
    raised(store, item(guid="1"), item(guid="2"))

    def plan_of(name: str, key: str, *seqs: int, **changes: Any) -> DigestPlan:
        owed = (delivery(id=f"{name}-{key}"),)
        return plan(
            key, seqs, id=f"{name}-{key}", occasion=Occasion(name, key, LATER), deliveries=owed, **changes
        )

    assert write_plan(store, plan_of("r1", "monday", 1))
    assert write_plan(store, plan_of("r2", "sunday", 2))
    written = store.plan_each([plan_of(name, "monday", 1, 2, skipped=name == "r3") for name in names])
    refused = [name for name, was in zip(names, written, strict=True) if not was]
    assert refused == ["r1", "r2"]
    assert len(store.deliveries(limit=2_000)) == 600
    states = store.subscription_states(names)
    assert len(states) == 600
    assert (states["r0"].digests, states["r3"].digests, states["r2"].last_key) == (1, 0, "sunday")
    assert {name: len(alerts) for name, alerts in store.waiting(["r0", "r1"]).items()} == {"r0": 0, "r1": 1}


def test_an_occasion_planned_by_a_clock_that_was_ahead_is_passed_by_when_it_comes(store: SqlStore):
    store.subscribe([DAILY], NOW)
    ahead, back = NOW + timedelta(days=3), NOW + timedelta(days=1)
    assert write_plan(store, plan("2026-11-26", occasion=Occasion("daily", "2026-11-26", ahead)))
    assert write_plan(store, plan("2026-11-24", occasion=Occasion("daily", "2026-11-24", back)))
    assert not write_plan(store, plan("2026-11-26", occasion=Occasion("daily", "2026-11-26", ahead)))
    state = subscription_state(store, "daily")
    assert state
    assert (state.last_key, state.last_due_at, state.digests) == ("2026-11-26", ahead, 2)


def test_an_empty_store_counts_nothing(store: SqlStore):
    assert store.last_seq() == 0
    assert store.counts(NOW, LATER) == Counts(
        read=0, flagged=0, alerts=0, feeds=0, feeds_failing=(), undelivered=0
    )


def test_what_happened_is_counted_in_its_half_open_window(store: SqlStore):
    store.enrol([feed()], NOW)
    times = [NOW - timedelta(seconds=1), NOW, SOON, LATER]
    items = [item(guid=str(time), first_seen_at=time) for time in times]
    flags = [
        judged(one, topics=topics) for one, topics in zip(items, [("arms",), ("arms",), (), ()], strict=True)
    ]
    alerts = tuple(alert(item=one, raised_at=one.first_seen_at) for one in items)
    store.commit([outcome(state_of(store), judged=tuple(flags), alerts=alerts)])
    assert store.counts(NOW, LATER) == Counts(
        read=2, flagged=1, alerts=2, feeds=1, feeds_failing=(), undelivered=0
    )


def test_failing_feeds_are_named(store: SqlStore):
    store.enrol([feed("a"), feed("b"), feed("c"), feed("resting")], NOW)
    for name in ("c", "a", "resting"):
        failed = replace(state_of(store, name), failures=1, health=FeedHealth.DNS)
        store.commit([outcome(failed, state=failed)])
    store.enrol([feed("a"), feed("b"), feed("c")], NOW)
    assert store.counts(NOW, LATER).feeds == 3
    assert store.counts(NOW, LATER).feeds_failing == ("a", "c")


def test_undelivered_is_what_was_tried_in_vain(store: SqlStore):
    for state in ("sent", "dead", "uncertain", "owed", "discarded"):
        store.add_deliveries([delivery(id=state)])
        (taken,) = store.lease("desk", NOW, SOON)
        if state in {"sent", "dead"}:
            store.close_delivery(taken, NOW, state=state)
        else:
            store.postpone(
                taken.later(LATER, "no", state="uncertain" if state == "uncertain" else "owed"), NOW
            )
    store.discard("discarded", NOW, "not wanted")
    store.add_deliveries([delivery(id="not tried yet")])
    assert store.counts(NOW, LATER).undelivered == 3
