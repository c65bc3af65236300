"""Uncertain deliveries: an attempt cut off, lost or too late is repeated once at most."""

import asyncio
from datetime import timedelta

from structlog.testing import capture_logs

from monitor.errors import DeliveryError
from monitor.jobs.attempt import DeliveryCounts
from monitor.jobs.retry import RetryPolicy
from tests.conftest import NOW
from tests.jobs.deliver.conftest import ScriptedChannel, add_deliveries, killed, load_delivery


async def test_a_delivery_without_an_answer_is_retried_once_and_then_abandoned(store, deliver_job, clock):
    add_deliveries(store, "d1")
    job = deliver_job(desk=ScriptedChannel(*[DeliveryError("no answer", uncertain=True)] * 2))
    assert await job.send_due("desk") == DeliveryCounts(postponed=1)
    found = load_delivery(store)
    assert (found.state, found.due_at) == ("uncertain", NOW + timedelta(minutes=15))
    assert found.reason == "it may have arrived: no answer"
    clock.advance(minutes=15)
    assert await job.send_due("desk") == DeliveryCounts(dead=1)
    assert load_delivery(store).reason == "given up, it may have arrived twice: no answer"


async def test_an_uncertain_delivery_that_is_then_refused_is_an_ordinary_retry(store, deliver_job, clock):
    add_deliveries(store, "d1")
    job = deliver_job(
        desk=ScriptedChannel(DeliveryError("no answer", uncertain=True), DeliveryError("451"), None)
    )
    for _ in range(3):
        await job.send_due("desk")
        clock.advance(minutes=15)
    assert load_delivery(store).state == "sent"


async def test_where_a_repeat_does_no_harm_no_answer_is_an_ordinary_fault(store, deliver_job):
    add_deliveries(store, "d1", channel="hook")
    await deliver_job(hook=ScriptedChannel(DeliveryError("no answer", uncertain=True))).send_due("hook")
    found = load_delivery(store)
    assert found.state == "owed"
    assert found.due_at < NOW + timedelta(seconds=7)


async def test_an_attempt_cut_off_before_the_message_left_is_made_again_at_once(store, deliver_job):
    add_deliveries(store, "d1")
    await killed(deliver_job(desk=ScriptedChannel(asyncio.Event(), on_phase=False)), store, "connect")
    assert load_delivery(store).state == "leased"
    assert store.recover(NOW, NOW + timedelta(minutes=15)) == 1
    assert await deliver_job(desk=ScriptedChannel()).send_due("desk") == DeliveryCounts(sent=1)


async def test_an_attempt_cut_off_after_the_message_left_is_uncertain(store, deliver_job, clock):
    add_deliveries(store, "d1")
    await killed(deliver_job(desk=ScriptedChannel(asyncio.Event())), store, "data")
    store.recover(NOW, NOW + timedelta(minutes=15))
    job = deliver_job(desk=ScriptedChannel(DeliveryError("no answer", uncertain=True)))
    assert await job.send_due("desk") == DeliveryCounts()
    clock.advance(minutes=15)
    assert await job.send_due("desk") == DeliveryCounts(dead=1)


async def test_a_lease_outlasts_the_attempt_and_the_wait_after_it(store, deliver_job, clock):
    add_deliveries(store, "d1")
    await killed(deliver_job(desk=ScriptedChannel(asyncio.Event())), store, "data")
    clock.advance(minutes=20)
    assert await deliver_job(desk=ScriptedChannel()).send_due("desk") == DeliveryCounts()
    clock.advance(minutes=3)
    assert await deliver_job(desk=ScriptedChannel()).send_due("desk") == DeliveryCounts(sent=1)


async def test_an_unexpected_error_after_the_message_left_is_uncertain(store, deliver_job):
    add_deliveries(store, "d1")
    with capture_logs():
        await deliver_job(desk=ScriptedChannel(KeyError("x"))).send_due("desk")
    assert load_delivery(store).state == "uncertain"


async def test_an_attempt_has_a_time_limit(store, deliver_job):
    add_deliveries(store, "d1")
    job = deliver_job(desk=ScriptedChannel(asyncio.Event(), on_phase=False))
    job.retry_policies = {"mail": RetryPolicy((timedelta(minutes=1),), time_limit=timedelta(milliseconds=30))}
    assert await job.send_due("desk") == DeliveryCounts(postponed=1)
    assert load_delivery(store).state == "owed"
    assert "no end within 0.03 s" in load_delivery(store).reason


async def test_an_attempt_too_long_after_the_message_left_is_uncertain(store, deliver_job):
    add_deliveries(store, "d1")
    assert await deliver_job(desk=ScriptedChannel(TimeoutError())).send_due("desk") == DeliveryCounts(
        postponed=1
    )
    assert load_delivery(store).state == "uncertain"


async def test_where_a_repeat_does_no_harm_a_restart_repeats_at_once(store, deliver_job):
    add_deliveries(store, "d1", channel="hook")
    job = deliver_job(hook=ScriptedChannel(asyncio.Event()), desk=ScriptedChannel())
    await killed(job, store, "data", channel="hook")
    assert job.repeatable() == ("hook", "files")
    assert store.recover(NOW, NOW + timedelta(minutes=15), job.repeatable()) == 1
    assert await deliver_job(hook=ScriptedChannel()).send_due("hook") == DeliveryCounts(sent=1)
