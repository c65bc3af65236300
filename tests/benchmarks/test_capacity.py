"""The model of capacity agrees with the measurements that it has not seen, and its page is not stale."""

from dataclasses import replace

import pytest

from benchmarks.capacity import (
    MEASURED,
    PAGE,
    Load,
    calibration,
    measured_costs,
    page,
    plan,
    predicted,
    tables,
)

COSTS, POINTS, ITEM = measured_costs()

UNSEEN = [each for each in POINTS if each not in calibration(POINTS)]

#: Measurements of a busy machine: a plan that is right within this factor is good enough to buy machines by.
FACTOR = 2

#: What is decided by; the other figures are small.
CHECKED = ("cpu_ms", "postgres_cpu_ms", "statements", "transactions")


def test_the_page_has_the_tables_of_the_kept_measurements() -> None:
    text = PAGE.read_text("utf-8")
    assert text == page(text, tables()), "run `python -m benchmarks.capacity --write`"
    assert text.count("<!-- end -->") == len(tables())
    assert all(table() in text for table in tables().values())


def test_the_model_explains_the_measurements_of_one_worker() -> None:
    for point in calibration(POINTS)[:2]:
        for name in ("cpu_ms", "statements"):
            assert predicted(COSTS, point)[name] == pytest.approx(point[f"{name}_a_poll"])


@pytest.mark.parametrize("point", UNSEEN, ids=str)
def test_the_model_predicts_what_several_workers_cost(point: dict[str, float]) -> None:
    for name in CHECKED:
        ratio = predicted(COSTS, point)[name] / point[f"{name}_a_poll"]
        assert 1 / FACTOR < ratio < FACTOR, name


def test_costs_are_never_negative() -> None:
    assert COSTS.polls.keys() == set(MEASURED)
    for cost in COSTS.polls.values():
        assert cost.poll >= 0
        assert cost.worker_second >= 0
        assert cost.second >= 0


def test_a_plan_grows_with_its_load() -> None:
    small = Load(feeds=1_000)
    less, more = plan(small, COSTS), plan(replace(small, feeds=1_000_000), COSTS)
    assert less.workers == 1 < more.workers
    assert more.polls_a_second == pytest.approx(1000 * less.polls_a_second)
    assert more.storage_gb_a_day == pytest.approx(1000 * less.storage_gb_a_day)
    assert more.statements_a_second > less.statements_a_second


def test_storage_and_mail_follow_from_items() -> None:
    made = plan(Load(feeds=86_400, items=1, item_bytes=1_000, alerts=0.1, recipients=2), COSTS)
    assert made.items_a_second == pytest.approx(1)
    assert made.storage_gb_a_day == pytest.approx(0.0864)
    assert made.mails_an_hour == pytest.approx(720)


def test_what_is_used_most_comes_first() -> None:
    limits = plan(Load(feeds=1_000_000), COSTS).limits
    assert list(limits.values()) == sorted(limits.values(), reverse=True)
    slow = plan(Load(feeds=1_000, on_largest_host=0.9), COSTS).limits
    assert next(iter(slow)) == "the largest host"
