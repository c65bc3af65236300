"""The processes of a cluster know one another and take turns, on every database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitor.model import (
    AttemptPhase,
    DeliveryState,
    Lane,
    LeaseName,
    LostWorkers,
    Run,
    SharedKind,
    StuckShard,
    Worker,
)
from monitor.store import SqlStore
from tests.conftest import NOW, delivery
from tests.store.builders import feed, full, outcome, state_of

SOON = NOW + timedelta(seconds=5)
LATER = NOW + timedelta(minutes=1)
SOON_AFTER = timedelta(seconds=1)
TICKS, STORIES = LeaseName.TICKS, LeaseName.STORIES


def worker(id: str, **changes: Any) -> Worker:
    plain: dict[str, Any] = {
        "id": id,
        "process": f"pid {id}",
        "runs_jobs": True,
        "program": "0.1.0",
        "config": "c",
        "rules": "r",
        "lexicon": "x",
        "lists": "l",
        "started_at": NOW,
        "seen_at": NOW,
    }
    return Worker(**plain | changes)


# ---------------------------------------------------------------- workers


def test_a_worker_is_known_with_what_it_runs_until_it_ends(store: SqlStore) -> None:
    store.report_worker(worker("a"))
    store.report_worker(worker("a", rules="newer", seen_at=LATER, started_at=LATER))
    assert store.workers(NOW) == (worker("a", rules="newer", seen_at=LATER),)
    assert store.workers(LATER + timedelta.resolution) == ()
    store.remove_worker("a", LATER)
    assert store.workers(NOW) == ()


def test_a_lost_worker_is_known_for_a_day_unless_it_comes_back(store: SqlStore) -> None:
    busy = (Lane("poll", 16, (Run("7", NOW),)), Lane("deliver", 64))
    store.report_worker(worker("a", lanes=busy))
    store.report_worker(worker("b"))
    assert store.forget_workers(SOON, SOON, LATER).processes == ("pid a", "pid b")
    assert store.forget_workers(SOON, SOON, LATER).processes == ()
    assert store.workers(NOW) == ()
    store.report_worker(worker("b", seen_at=LATER))
    assert store.known_workers() == (worker("a", lanes=busy, lost_at=SOON), worker("b", seen_at=LATER))
    store.forget_workers(NOW, SOON + timedelta(days=1, seconds=1), LATER)
    assert [each.id for each in store.known_workers()] == ["b"]


def test_a_shard_is_stuck_when_a_feed_could_have_been_polled_for_long(store: SqlStore) -> None:
    store.enrol([feed(), feed("second", host="wire.example")], NOW)
    assert store.stuck_shards(NOW, LATER) == ()
    assert store.stuck_shards(SOON, LATER) == (StuckShard(feed().shard, 2, NOW),)
    store.take_feeds((feed().shard,), NOW, LATER)
    assert store.stuck_shards(LATER, LATER) == ()  # its host was busy until then
    assert store.stuck_shards(LATER + SOON_AFTER, LATER) == (StuckShard(feed().shard, 2, LATER),)


def test_deliveries_of_a_lost_worker_are_released_and_those_of_others_stay(
    store: SqlStore, other: SqlStore
) -> None:
    store.report_worker(worker(store.database.session))
    other.report_worker(worker(other.database.session, seen_at=LATER))
    store.add_deliveries([delivery(id="lost"), delivery(id="leaving"), delivery(id="theirs")])
    (lost, leaving) = store.lease("desk", NOW, LATER, limit=2)
    store.record_phase(leaving, AttemptPhase.DATA)
    other.lease("desk", NOW, LATER)
    found = store.forget_workers(NOW + timedelta.resolution, SOON, LATER)
    assert found == LostWorkers((f"pid {store.database.session}",), 2)
    states = {each.id: (each.state, each.due_at) for each in store.deliveries()}
    assert states == {"lost": ("owed", SOON), "leaving": ("uncertain", LATER), "theirs": ("leased", NOW)}
    assert [each.id for each in store.workers(NOW)] == [other.database.session]
    assert lost.id == "lost"


# ---------------------------------------------------------------- leases


def test_a_lease_has_one_holder_until_it_runs_out(store: SqlStore) -> None:
    assert store.take_lease(TICKS, "a", NOW, LATER) == 1
    assert store.take_lease(TICKS, "b", SOON, LATER + timedelta(seconds=5)) is None
    assert store.take_lease(TICKS, "a", SOON, LATER) == 1
    assert store.take_lease(TICKS, "b", LATER, LATER + timedelta(minutes=1)) == 2
    assert store.take_lease(TICKS, "a", LATER, LATER) is None


def test_leases_of_different_names_are_independent(store: SqlStore) -> None:
    assert store.take_lease(TICKS, "a", NOW, LATER) == 1
    assert store.take_lease(STORIES, "b", NOW, LATER) == 1


def test_a_lost_worker_loses_its_leases(store: SqlStore) -> None:
    store.report_worker(worker("a"))
    store.report_worker(worker("b", seen_at=LATER))
    store.take_lease(STORIES, "a", NOW, LATER)
    store.take_lease(TICKS, "b", NOW, LATER)
    store.forget_workers(SOON, SOON, LATER)
    assert (store.take_lease(STORIES, "c", SOON, LATER), store.take_lease(TICKS, "c", SOON, LATER)) == (
        2,
        None,
    )


def test_a_lease_that_ends_early_is_free_and_its_epoch_goes_on(store: SqlStore) -> None:
    store.take_lease(STORIES, "a", NOW, LATER)
    store.end_lease(STORIES, "b", SOON)
    assert store.take_lease(STORIES, "b", SOON, LATER) is None
    store.end_lease(STORIES, "a", SOON)
    assert store.take_lease(STORIES, "b", SOON, LATER) == 2
    store.remove_worker("b", SOON)
    assert store.take_lease(STORIES, "a", SOON, LATER) == 3


def test_an_outcome_grouped_under_an_old_lease_writes_nothing(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    epoch = store.take_lease(STORIES, "a", NOW, SOON)
    grouped = replace(full(state_of(store)), story_epoch=epoch)
    assert store.take_lease(STORIES, "b", SOON, LATER) == 2
    assert store.commit([grouped]) == ()
    assert store.alerts(NOW - timedelta(days=1), LATER) == ()
    assert store.commit([replace(grouped, story_epoch=2)]) == ("wire",)


def test_an_outcome_without_stories_needs_no_lease(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    store.take_lease(STORIES, "a", NOW, SOON)
    assert store.commit([outcome(state_of(store))]) == ("wire",)


# ---------------------------------------------------------------- hosts


def test_a_host_that_is_reserved_for_a_poll_is_given_to_nobody_else(store: SqlStore, other: SqlStore) -> None:
    store.enrol([feed(), feed("second", host="wire.example")], NOW)
    shards = (feed().shard,)
    (taken,) = store.take_feeds(shards, NOW, LATER)
    assert other.take_feeds(shards, SOON, LATER) == ()
    assert other.take_feeds(shards, LATER, LATER) != ()
    assert taken.feed == "second"


def test_the_commit_of_a_poll_releases_the_host_that_it_had_reserved(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    (taken,) = store.take_feeds((feed().shard,), NOW, LATER)
    polled = outcome(taken, host_free_at=SOON, reserved_until=LATER)
    store.commit([replace(polled, state=replace(polled.state, next_poll_at=NOW))])
    assert store.take_feeds((feed().shard,), NOW, LATER) == ()
    assert [each.feed for each in store.take_feeds((feed().shard,), SOON, LATER)] == ["wire"]


def test_a_commit_does_not_release_the_reservation_of_another_poll(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    (taken,) = store.take_feeds((feed().shard,), NOW, SOON)
    store.take_feeds((feed().shard,), SOON, LATER)
    polled = outcome(taken, host_free_at=SOON, reserved_until=SOON)
    store.commit([replace(polled, state=replace(polled.state, next_poll_at=NOW))])
    assert store.take_feeds((feed().shard,), SOON, LATER) == ()


# ---------------------------------------------------------------- messages and reloads


def test_the_messages_of_a_channel_are_spaced_in_all_processes(store: SqlStore, other: SqlStore) -> None:
    gap = timedelta(seconds=1)
    stores = (store, other, store, other, store)
    waits = [each.take_message_turn("slack", NOW, gap, 3).total_seconds() for each in stores]
    assert waits == [0, 0, 0, 1, 2]
    assert other.take_message_turn("slack", LATER, gap, 3) == timedelta()
    assert other.take_message_turn("desk", NOW, gap, 3) == timedelta()


def test_requests_to_reload_are_counted(store: SqlStore, other: SqlStore) -> None:
    before = store.reload_count()
    assert other.request_reload() == before + 1
    assert store.reload_count() == before + 1


# ---------------------------------------------------------------- shared files


def test_a_shared_file_is_replaced_whole_and_removed(store: SqlStore, other: SqlStore) -> None:
    large = bytes(range(256)) * 20_000
    store.share_file(SharedKind.LISTS, "names.index", "v1", large)
    store.share_file(SharedKind.LISTS, "ofac/list.json", "v1", b"")
    assert other.shared_file(SharedKind.LISTS, "names.index") == ("v1", large)
    store.share_file(SharedKind.LISTS, "names.index", "v2", b"small")
    assert other.shared_file(SharedKind.LISTS, "names.index") == ("v2", b"small")
    assert other.shared_versions(SharedKind.LISTS) == {"names.index": "v2", "ofac/list.json": "v1"}
    store.unshare_files(SharedKind.LISTS, ["names.index"])
    assert other.shared_versions(SharedKind.LISTS) == {"ofac/list.json": "v1"}
    assert other.shared_file(SharedKind.LISTS, "names.index") == ("", b"")


# ---------------------------------------------------------------- deliveries taken over


def test_a_process_that_was_thought_lost_changes_nothing_of_its_deliveries_but_that_they_were_sent(
    store: SqlStore, other: SqlStore
) -> None:
    store.add_deliveries([delivery(id="d1")])
    (ours,) = store.lease("desk", NOW, SOON)
    (theirs,) = other.lease("desk", SOON, LATER)
    assert not store.record_phase(ours, AttemptPhase.DATA)
    store.postpone(ours.later(LATER, "slow"), SOON)
    store.close_delivery(ours, SOON, state=DeliveryState.DEAD)
    store.suppress_leased(ours, SOON, "silenced")
    found = store.delivery("d1")
    assert found
    assert (found[0].state, [attempt.ended_at for attempt in found[1]]) == ("leased", [SOON, None])
    assert other.record_phase(theirs, AttemptPhase.DATA)
    store.close_delivery(ours, SOON, state=DeliveryState.SENT)
    found = store.delivery("d1")
    assert found
    assert found[0].state == "sent"


def test_the_hosts_that_a_lost_worker_had_reserved_are_free_again(store: SqlStore, other: SqlStore) -> None:
    store.enrol([feed(), feed("second", host="wire.example")], NOW)
    shards = (feed().shard,)
    store.report_worker(worker(store.database.session))
    other.report_worker(worker(other.database.session, seen_at=LATER))
    store.take_feeds(shards, NOW, LATER)
    store.forget_workers(SOON, SOON, LATER)
    (taken,) = other.take_feeds(shards, SOON, LATER)
    other.commit([outcome(taken, host="wire.example", host_free_at=LATER, reserved_until=LATER)])
    other.remove_worker(other.database.session, SOON)
    assert store.take_feeds(shards, SOON, LATER) == ()  # the wait after a poll stays


def test_a_reservation_that_was_given_up_frees_its_host_and_no_later_one(
    store: SqlStore, other: SqlStore
) -> None:
    store.enrol([feed(), feed("second", host="wire.example")], NOW)
    shards = (feed().shard,)
    (taken,) = store.take_feeds(shards, NOW, LATER)
    other.release_reservations({taken.feed: LATER}, NOW)
    store.release_reservations({taken.feed: SOON}, NOW)
    assert other.take_feeds(shards, NOW, LATER) == ()
    store.release_reservations({taken.feed: LATER}, SOON)
    assert other.take_feeds(shards, NOW, LATER) == ()
    assert other.take_feeds(shards, SOON, LATER) != ()
