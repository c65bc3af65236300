"""Tidying the archive: once a day whoever asks, and in small steps."""

from datetime import datetime, timedelta

from monitor.executor import Executor
from monitor.jobs.retention import RetentionJob, RetentionPeriods
from monitor.model import RetentionCutoffs
from tests.conftest import NOW, FakeClock

DAY = timedelta(days=1)


class ListCache:
    """An archive with so many rows that may go."""

    def __init__(self, rows: int) -> None:
        self.rows, self.last, self.asked = rows, None, []

    def purge(self, before: RetentionCutoffs, now: datetime, limit: int) -> int:
        self.asked.append(before)
        went = min(self.rows, limit)
        self.rows -= went
        return went

    def tidied_at(self) -> datetime | None:
        return self.last

    def tidied(self, now: datetime) -> None:
        self.last = now


def retention(list_cache: ListCache, clock: FakeClock) -> RetentionJob:
    return RetentionJob(
        RetentionPeriods(2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY), list_cache, Executor("test"), clock, batch=10
    )


async def test_all_that_may_go_goes_in_batches_and_each_kind_by_its_own_age(clock: FakeClock) -> None:
    list_cache = ListCache(25)
    assert await retention(list_cache, clock).tidy() == 25
    assert len(list_cache.asked) == 4
    assert list_cache.asked[0] == RetentionCutoffs(NOW - 2 * DAY, NOW - 3 * DAY, NOW - 4 * DAY, NOW - 5 * DAY)


async def test_it_is_done_once_a_day_however_often_it_is_asked_for(clock: FakeClock) -> None:
    list_cache = ListCache(5)
    tidier = retention(list_cache, clock)
    gone = []
    for _ in range(49):
        gone.append(await tidier.tidy())
        list_cache.rows = 5
        clock.advance(hours=1)
    assert [hour for hour, went in enumerate(gone) if went] == [0, 24, 48]


async def test_a_clock_that_was_wrong_does_not_put_it_off_for_ever(clock: FakeClock) -> None:
    list_cache = ListCache(5)
    list_cache.last = NOW + timedelta(days=900)
    assert await retention(list_cache, clock).tidy() == 5


async def test_who_is_ending_stops_and_goes_on_the_next_time(clock: FakeClock) -> None:
    list_cache = ListCache(25)
    tidier = retention(list_cache, clock)
    assert await tidier.tidy(lambda: list_cache.rows < 25) == 10
    assert await tidier.tidy() == 15
