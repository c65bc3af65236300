"""Several connections of one channel: messages leave at the same time, but in order to each recipient."""

import asyncio
from datetime import timedelta

import pytest

from monitor.channels import OnPhase
from monitor.errors import ChannelError, StoreError
from monitor.jobs.attempt import DeliveryCounts
from monitor.jobs.deliver import DeliverJob
from monitor.jobs.outgoing import Outgoing
from monitor.jobs.policy import DeliveryLimits
from monitor.model import Delivery
from tests.conftest import delivery
from tests.jobs.deliver.conftest import FORMS, load_delivery
from tests.support.policies import job_context


class Gate:
    """A channel that holds every message until it is released, and records the order of begin and end."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.sent: list[str] = []
        self.waiting: dict[str, asyncio.Future[None]] = {}
        self.changed = asyncio.Event()

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        self.begun.append(delivery.id)
        self.waiting[delivery.id] = asyncio.get_running_loop().create_future()
        self.changed.set()
        try:
            await self.waiting[delivery.id]
        finally:
            del self.waiting[delivery.id]
            self.changed.set()
        self.sent.append(delivery.id)
        return "taken"

    async def until_begun(self, *ids: str) -> None:
        """Wait until exactly these are being sent."""
        while set(self.waiting) != set(ids):
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 10)

    def release(self, id: str, error: Exception | None = None) -> None:
        """Let a message end, well or not."""
        if error is None:
            self.waiting[id].set_result(None)
        else:
            self.waiting[id].set_exception(error)


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def job(store, db, clock, gate):
    def make(connections: int = 2, **limits) -> DeliverJob:
        limits = DeliveryLimits(connections={"desk": connections}, **limits)
        context = job_context(store, db, clock, channels={"desk": gate}, forms=FORMS, delivery=limits)
        return DeliverJob(context=context, outgoing=Outgoing(context))

    return make


def owe(store, *deliveries: str) -> None:
    """Owe deliveries written ``id:recipient``, in this order."""
    pairs = [each.split(":") for each in deliveries]
    store.add_deliveries([delivery(id=id, channel="desk", recipient=recipient) for id, recipient in pairs])


async def test_as_many_messages_leave_at_a_time_as_there_are_connections(store, job, gate):
    owe(store, "d1:a", "d2:b", "d3:c", "d4:d")
    sending = asyncio.create_task(job(3).send_due("desk"))
    await gate.until_begun("d1", "d2", "d3")
    gate.release("d2")
    await gate.until_begun("d1", "d3", "d4")
    for id in ("d1", "d3", "d4"):
        gate.release(id)
    assert await sending == DeliveryCounts(sent=4)


async def test_messages_to_one_recipient_leave_one_after_another_in_order(store, job, gate):
    owe(store, "d1:a", "d2:a", "d3:b", "d4:a")
    sending = asyncio.create_task(job(4).send_due("desk"))
    await gate.until_begun("d1", "d3")
    gate.release("d3")
    await gate.until_begun("d1")
    gate.release("d1")
    await gate.until_begun("d2")
    gate.release("d2")
    await gate.until_begun("d4")
    gate.release("d4")
    assert await sending == DeliveryCounts(sent=4)
    assert gate.begun == ["d1", "d3", "d2", "d4"]


async def test_a_channel_with_a_long_gap_sends_one_at_a_time(store, job, gate):
    owe(store, "d1:a", "d2:b")
    sending = asyncio.create_task(job(2, gaps={"desk": timedelta(seconds=1)}).send_due("desk"))
    await gate.until_begun("d1")
    gate.release("d1")
    await gate.until_begun("d2")
    gate.release("d2")
    assert await sending == DeliveryCounts(sent=2)


async def test_faults_of_one_outage_count_once(store, job, gate):
    owe(store, "d1:a", "d2:b", "d3:c")
    sending = asyncio.create_task(job(2).send_due("desk"))
    await gate.until_begun("d1", "d2")
    gate.release("d1", ChannelError("no connection"))
    gate.release("d2", ChannelError("no connection"))
    assert await sending == DeliveryCounts(postponed=2)
    assert store.channel_states()["desk"].faults == 1
    assert load_delivery(store, "d3").attempts == 0


async def test_a_stop_begins_no_other_message_and_ends_those_begun(store, job, gate):
    owe(store, "d1:a", "d2:b", "d3:c")
    stopping = False
    sending = asyncio.create_task(job(2).send_due("desk", lambda: stopping))
    await gate.until_begun("d1", "d2")
    stopping = True
    gate.release("d1")
    gate.release("d2")
    assert await sending == DeliveryCounts(sent=2)
    assert load_delivery(store, "d3").state == "owed"


async def test_an_error_of_the_store_stops_after_the_messages_that_have_begun(store, job, gate):
    owe(store, "d1:a", "d2:b", "d3:c")
    close_delivery = store.close_delivery

    def fails(each, *args, **kwargs):
        if each.id == "d1":
            raise StoreError("the disk is full")
        close_delivery(each, *args, **kwargs)

    store.close_delivery = fails
    sending = asyncio.create_task(job(2).send_due("desk"))
    await gate.until_begun("d1", "d2")
    gate.release("d1")
    await gate.until_begun("d2")
    gate.release("d2")
    with pytest.raises(StoreError):
        await sending
    assert gate.sent == ["d1", "d2"]
    assert (load_delivery(store, "d2").state, load_delivery(store, "d3").state) == ("sent", "owed")


async def test_a_cancelled_round_cancels_its_attempts(store, job, gate):
    owe(store, "d1:a", "d2:b")
    sending = asyncio.create_task(job(2).send_due("desk"))
    await gate.until_begun("d1", "d2")
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert gate.waiting == {}
    assert {load_delivery(store, id).state for id in ("d1", "d2")} == {"leased"}


def test_a_new_gap_is_used_after_a_reload(job):
    before, after = job(gaps={"desk": timedelta(seconds=2)}), job(gaps={"desk": timedelta(seconds=3)})
    limit = before._rate_limit(before.context.policy, "desk")
    assert before._rate_limit(before.context.policy, "desk") is limit
    assert before._rate_limit(after.context.policy, "desk").gap_s == 3
