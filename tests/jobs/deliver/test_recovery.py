"""After a failure of the store the leases of this process are free at once, and nothing is sent twice."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, event

from monitor.channels import OnPhase
from monitor.errors import StoreError
from monitor.executor import Executor
from monitor.jobs.deliver import DeliverJob
from monitor.jobs.outgoing import Outgoing
from monitor.model import AttemptPhase, Delivery
from monitor.store import SqlStore, open_store
from tests.conftest import FakeClock
from tests.jobs.deliver.conftest import FORMS, ScriptedChannel, add_deliveries, load_delivery
from tests.store.postgres import Server, own_server
from tests.support.policies import job_context

LONG = "taken " * 20_000


class Interrupting:
    """A channel during whose attempts something happens, before or after the message has left."""

    def __init__(self, happens: Callable[[], None], phase: AttemptPhase, answer: str = "taken") -> None:
        self.happens, self.phase, self.answer = happens, phase, answer
        self.sent: list[str] = []

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        if self.phase == AttemptPhase.CONNECT:
            self.happens()
        await on_phase(AttemptPhase.DATA)
        self.sent.append(delivery.id)
        if self.phase == AttemptPhase.DATA:
            self.happens()
        return self.answer


class Disk:
    """The disk of a database in a file, which may be full."""

    def __init__(self, store: SqlStore) -> None:
        self._pages = 1_000_000
        event.listen(store.database.engine, "begin", self._limit)

    def _limit(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {self._pages}")

    def fill(self) -> None:
        self._pages = 1  # SQLite takes this for the present size

    def free(self) -> None:
        self._pages = 1_000_000


@pytest.fixture
def disk(store: SqlStore) -> Disk:
    return Disk(store)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_server() as server:
        yield server


@pytest.fixture
def served(server: Server) -> Iterator[SqlStore]:
    store = open_store(server.url, lock=True)
    yield store
    store.close()


def job_on(store: SqlStore, db: Executor, clock: FakeClock, **channels: object) -> DeliverJob:
    context = job_context(store, db, clock, channels=channels, forms=FORMS)
    return DeliverJob(context=context, outgoing=Outgoing(context))


async def test_a_lease_is_free_as_soon_as_the_server_is_back(
    server: Server, served: SqlStore, db: Executor, clock: FakeClock
) -> None:
    add_deliveries(served, "d1")
    channel = Interrupting(server.stop, AttemptPhase.CONNECT)
    job = job_on(served, db, clock, desk=channel)
    with pytest.raises(StoreError):
        await job.send_due("desk")
    with pytest.raises(StoreError):
        await job.due_channels()
    server.start()
    channel.happens = lambda: None
    assert await job.due_channels() == ("desk",)
    assert (await job.send_due("desk")).sent == 1
    assert channel.sent == ["d1"]


async def test_a_message_that_left_before_the_server_went_is_recorded_and_not_sent_again(
    server: Server, served: SqlStore, db: Executor, clock: FakeClock
) -> None:
    add_deliveries(served, "left")
    channel = Interrupting(server.stop, AttemptPhase.DATA)
    job = job_on(served, db, clock, desk=channel)
    with pytest.raises(StoreError):
        await job.send_due("desk")
    server.start()
    assert await job.due_channels() == ()
    assert (load_delivery(served, "left").state, load_delivery(served, "left").reason) == ("sent", "taken")
    assert channel.sent == ["left"]


async def test_an_answer_that_a_full_disk_refused_is_stored_when_there_is_space(
    store: SqlStore, disk: Disk, db: Executor, clock: FakeClock
) -> None:
    add_deliveries(store, "d1", "d2")
    channel = Interrupting(disk.fill, AttemptPhase.DATA, LONG)
    job = job_on(store, db, clock, desk=channel)
    with pytest.raises(StoreError, match="the disk is full"):
        await job.send_due("desk")
    with pytest.raises(StoreError, match="the disk is full"):
        await job.due_channels()
    disk.free()
    assert await job.due_channels() == ("desk",)
    assert load_delivery(store, "d1").state == "sent"
    channel.happens = lambda: None
    assert (await job.send_due("desk")).sent == 1
    assert channel.sent == ["d1", "d2"]


async def test_an_attempt_under_way_keeps_its_lease_when_another_channel_met_the_failure(
    store: SqlStore, disk: Disk, db: Executor, clock: FakeClock
) -> None:
    add_deliveries(store, "slow", channel="desk")
    add_deliveries(store, "d1", channel="hook")
    answered = asyncio.Event()
    hook = Interrupting(disk.fill, AttemptPhase.DATA, LONG)
    job = job_on(store, db, clock, desk=ScriptedChannel(answered), hook=hook)
    slow = asyncio.create_task(job.send_due("desk"))
    while load_delivery(store, "slow").state != "leased":
        await asyncio.sleep(0)
    with pytest.raises(StoreError):
        await job.send_due("hook")
    disk.free()
    assert await job.due_channels() == ()
    assert load_delivery(store, "slow").state == "leased"
    answered.set()
    assert (await slow).sent == 1
