"""Which processes of a cluster are missing, which differ, and how soon a lost one is noticed."""

from datetime import timedelta

from monitor.model import Heartbeat, differing_workers, missing_workers
from tests.conftest import NOW
from tests.store.test_cluster import worker

LATER, LAST = NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)


def test_a_lost_process_is_missing_until_one_of_its_kind_starts() -> None:
    lost = worker("lost", lost_at=LATER)
    desk = worker("desk", runs_jobs=False, started_at=LATER)
    successor = worker("new", started_at=LATER)
    assert missing_workers([worker("old"), lost, desk]) == (lost,)
    assert missing_workers([lost, successor]) == ()


def test_one_successor_replaces_one_lost_process() -> None:
    first, second = worker("a", lost_at=LATER), worker("b", lost_at=LAST, seen_at=LATER)
    assert missing_workers([first, second, worker("new", started_at=LAST)]) == (second,)
    assert missing_workers([first, second]) == (first, second)


def test_processes_are_compared_with_what_most_run() -> None:
    odd = worker("odd", rules="old", lists="")
    assert differing_workers([worker("a"), odd, worker("b")]) == ((odd, ("rules", "lists")),)
    assert differing_workers([worker("a"), worker("b", rules="old", lost_at=LATER)]) == ()


def test_a_desk_says_what_the_others_should_run() -> None:
    desk = worker("desk", runs_jobs=False, rules="new")
    workers = [worker("a"), worker("b"), desk]
    assert [each.id for each, _ in differing_workers(workers)] == ["a", "b"]


def test_a_silence_and_the_looks_after_it_fit_into_the_lease() -> None:
    beats = Heartbeat(timedelta(seconds=30))
    assert beats.limit_s + 2 * beats.beat_s <= 30 - 2  # a look of a lane and a sweep take a second each
