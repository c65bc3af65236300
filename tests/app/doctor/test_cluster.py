"""The examination of a cluster names lost processes and those that run other files."""

from datetime import timedelta

from monitor.app.doctor.base import Level
from monitor.app.doctor.cluster import compare
from tests.conftest import NOW
from tests.store.test_cluster import worker

OWN = {"rules": "r", "lexicon": "x", "lists": "l", "config": "c"}
LATER = NOW + timedelta(minutes=1)


def test_workers_that_run_what_this_installation_has_are_in_order() -> None:
    found = list(compare((worker("a"), worker("b", runs_jobs=False)), OWN))
    assert [(each.level, each.what) for each in found] == [(Level.OK, "1 processes work")]


def test_a_worker_with_other_rules_is_named_with_both_versions() -> None:
    _, found = compare((worker("a"), worker("b", rules="old")), OWN)
    assert (found.level, found.where) == (Level.WARN, "pid b")
    assert found.what == "runs rules old, this installation has r"
    assert "sanctions-monitor reload" in found.remedy


def test_a_lost_worker_without_successor_is_named() -> None:
    gone, later = worker("a", lost_at=LATER), worker("b", started_at=LATER)
    assert [each.where for each in compare((gone, worker("old")), OWN) if each.level is Level.WARN] == [
        "pid a"
    ]
    assert [each.level for each in compare((gone, later), OWN)] == [Level.OK]


def test_a_cluster_without_workers_is_a_warning() -> None:
    (found,) = compare((worker("desk", runs_jobs=False),), OWN)
    assert found.what == "no process works"
