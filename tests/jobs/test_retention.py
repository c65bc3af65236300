"""Tidying the archive: once a day whoever asks, and in small steps."""

from datetime import datetime, timedelta
from typing import Any, cast

from monitor.executor import Executor
from monitor.jobs.policy import RetentionPeriods
from monitor.jobs.retention import RetentionJob
from monitor.model import RetentionCutoffs
from tests.conftest import NOW, FakeClock
from tests.support.policies import job_context

DAY = timedelta(days=1)


class Archive:
    """An archive with so many rows that may go."""

    def __init__(self, rows: int) -> None:
        self.rows, self.last, self.asked = rows, None, []

    def purge(self, before: RetentionCutoffs, now: datetime, limit: int) -> int:
        self.asked.append(before)
        went = min(self.rows, limit)
        self.rows -= went
        return went

    def purged_at(self) -> datetime | None:
        return self.last

    def record_purge(self, now: datetime) -> None:
        self.last = now


def retention(archive: Archive, db: Executor, clock: FakeClock) -> RetentionJob:
    periods = RetentionPeriods(2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY)
    return RetentionJob(job_context(cast(Any, archive), db, clock, retention=periods), batch=10)


async def test_all_that_may_go_goes_in_batches_and_each_kind_by_its_own_age(
    db: Executor, clock: FakeClock
) -> None:
    archive = Archive(25)
    assert await retention(archive, db, clock).run() == 25
    assert len(archive.asked) == 4
    assert archive.asked[0] == RetentionCutoffs(NOW - 2 * DAY, NOW - 3 * DAY, NOW - 4 * DAY, NOW - 5 * DAY)


async def test_it_is_done_once_a_day_however_often_it_is_asked_for(db: Executor, clock: FakeClock) -> None:
    archive = Archive(5)
    tidier = retention(archive, db, clock)
    gone = []
    for _ in range(49):
        gone.append(await tidier.run())
        archive.rows = 5
        clock.advance(hours=1)
    assert [hour for hour, went in enumerate(gone) if went] == [0, 24, 48]


async def test_a_clock_that_was_wrong_does_not_put_it_off_for_ever(db: Executor, clock: FakeClock) -> None:
    archive = Archive(5)
    archive.last = NOW + timedelta(days=900)
    assert await retention(archive, db, clock).run() == 5


async def test_who_is_ending_stops_and_goes_on_the_next_time(db: Executor, clock: FakeClock) -> None:
    archive = Archive(25)
    tidier = retention(archive, db, clock)
    assert await tidier.run(lambda: archive.rows < 25) == 10
    assert await tidier.run() == 15
