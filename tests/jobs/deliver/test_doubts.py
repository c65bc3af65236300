"""Nobody knows whether it arrived: what is cut off, lost or too late is repeated once at most."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.errors import DeliveryError
from monitor.jobs.attempt import DeliveryCounts
from monitor.jobs.retry import RetryPolicy
from tests.conftest import NOW
from tests.jobs.deliver.conftest import Scripted, add_deliveries, killed, now_of


async def test_a_doubt_is_repeated_once_and_not_twice(store, deliver, clock):
    add_deliveries(store, "d1")
    story = deliver(desk=Scripted(*[DeliveryError("no answer", uncertain=True)] * 2))
    assert await story.send_due("desk") == DeliveryCounts(postponed=1)
    found = now_of(store)
    assert (found.state, found.due_at) == ("uncertain", NOW + timedelta(minutes=15))
    assert found.reason == "it may have arrived: no answer"
    clock.advance(minutes=15)
    assert await story.send_due("desk") == DeliveryCounts(dead=1)
    assert now_of(store).reason == "given up, it may have arrived twice: no answer"


async def test_a_doubt_that_turns_into_a_refusal_is_an_ordinary_retry(store, deliver, clock):
    add_deliveries(store, "d1")
    story = deliver(desk=Scripted(DeliveryError("no answer", uncertain=True), DeliveryError("451"), None))
    for _ in range(3):
        await story.send_due("desk")
        clock.advance(minutes=15)
    assert now_of(store).state == "sent"


async def test_where_a_repeat_does_no_harm_a_doubt_is_an_ordinary_fault(store, deliver):
    add_deliveries(store, "d1", channel="hook")
    await deliver(hook=Scripted(DeliveryError("no answer", uncertain=True))).send_due("hook")
    found = now_of(store)
    assert found.state == "owed"
    assert found.due_at < NOW + timedelta(seconds=7)


async def test_an_attempt_cut_off_before_the_message_left_is_made_again_at_once(store, deliver):
    add_deliveries(store, "d1")
    await killed(deliver(desk=Scripted(asyncio.Event(), on_phase=False)), store, "connect")
    assert now_of(store).state == "leased"
    assert store.recover(NOW, NOW + timedelta(minutes=15)) == 1
    assert await deliver(desk=Scripted()).send_due("desk") == DeliveryCounts(sent=1)


async def test_an_attempt_cut_off_after_the_message_left_is_a_doubt(store, deliver, clock):
    add_deliveries(store, "d1")
    await killed(deliver(desk=Scripted(asyncio.Event())), store, "data")
    store.recover(NOW, NOW + timedelta(minutes=15))
    story = deliver(desk=Scripted(DeliveryError("no answer", uncertain=True)))
    assert await story.send_due("desk") == DeliveryCounts()
    clock.advance(minutes=15)
    assert await story.send_due("desk") == DeliveryCounts(dead=1)


async def test_a_lease_outlasts_the_attempt_and_the_doubt(store, deliver, clock):
    add_deliveries(store, "d1")
    await killed(deliver(desk=Scripted(asyncio.Event())), store, "data")
    clock.advance(minutes=20)
    assert await deliver(desk=Scripted()).send_due("desk") == DeliveryCounts()
    clock.advance(minutes=3)
    assert await deliver(desk=Scripted()).send_due("desk") == DeliveryCounts(sent=1)


async def test_a_surprise_after_the_message_left_is_a_doubt(store, deliver):
    add_deliveries(store, "d1")
    with capture_logs():
        await deliver(desk=Scripted(KeyError("x"))).send_due("desk")
    assert now_of(store).state == "uncertain"


@pytest.mark.parametrize(("on_phase", "state"), [(True, "uncertain"), (False, "owed")])
async def test_an_attempt_has_a_deadline(store, deliver, on_phase, state):
    add_deliveries(store, "d1")
    story = deliver(desk=Scripted(asyncio.Event(), on_phase=on_phase))
    story.retry_policies = {"mail": RetryPolicy((timedelta(minutes=1),), deadline=timedelta(milliseconds=30))}
    assert await story.send_due("desk") == DeliveryCounts(postponed=1)
    assert now_of(store).state == state
    assert "no end within 0.03 s" in now_of(store).reason


async def test_where_a_repeat_does_no_harm_a_restart_repeats_at_once(store, deliver):
    add_deliveries(store, "d1", channel="hook")
    story = deliver(hook=Scripted(asyncio.Event()), desk=Scripted())
    await killed(story, store, "data", channel="hook")
    assert story.repeatable() == ("hook", "files")
    assert store.recover(NOW, NOW + timedelta(minutes=15), story.repeatable()) == 1
    assert await deliver(hook=Scripted()).send_due("hook") == DeliveryCounts(sent=1)
