"""The job that folds stored words again ends once they are all as a search expects them."""

import pytest

from monitor.executor import Executor
from monitor.jobs.refold import RefoldJob
from monitor.store import SqlStore
from tests.conftest import FakeClock, item
from tests.store.builders import raised
from tests.support.policies import job_context

pytestmark = pytest.mark.anyio


class Counting(SqlStore):
    """A store that counts how often it was asked to fold words."""

    asked = 0

    def refold(self, limit: int = 200) -> int:
        self.asked += 1
        return super().refold(limit)


async def test_it_folds_a_batch_each_time_and_then_asks_no_more(store: SqlStore, clock: FakeClock) -> None:
    for number in range(3):
        raised(store, item(guid=str(number)), story=f"s{number}")
    counting, db = Counting(store.database), Executor("store")
    job = RefoldJob(job_context(counting, db, clock), batch=2)
    while await job.run():
        pass
    asked = counting.asked
    assert await job.run() == 0
    assert counting.asked == asked
    db.close()


async def test_it_folds_all_batches_until_it_is_stopped(store: SqlStore, clock: FakeClock) -> None:
    for number in range(5):
        raised(store, item(guid=str(number)), story=f"s{number}")
    counting, db = Counting(store.database), Executor("store")
    job = RefoldJob(job_context(counting, db, clock), batch=2, pause_s=0)
    await job.run_all(lambda: counting.asked == 1)
    assert counting.asked == 1
    await job.run_all(lambda: False)
    assert await job.run() == 0
    assert counting.asked > 2
    db.close()
