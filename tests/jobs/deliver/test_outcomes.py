"""Deliveries owed become words received, and every attempt ends in one written outcome."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from structlog.testing import capture_logs

from monitor.errors import DeliveryError
from monitor.jobs.attempt import DeliveryCounts
from tests.conftest import NOW, delivery
from tests.jobs.deliver.conftest import ScriptedChannel, add_deliveries, load_delivery


async def test_what_is_owed_is_sent_once_and_every_phase_is_kept(store, deliver_job):
    add_deliveries(store, "d1", "d2")
    desk = ScriptedChannel()
    job = deliver_job(desk=desk)
    assert await job.due_channels() == ("desk",)
    assert await job.send_due("desk") == DeliveryCounts(sent=2)
    assert await job.due_channels() == ()
    assert await job.send_due("desk") == DeliveryCounts()
    assert desk.sent == ["d1", "d2"]
    found, (attempt,) = store.delivery("d1")
    assert (found.state, found.reason, found.attempts) == ("sent", "taken", 1)
    assert (attempt.phase, attempt.outcome) == ("done", "sent")


async def test_a_passing_fault_is_tried_again_with_the_same_id(store, deliver_job, clock):
    add_deliveries(store, "d1")
    desk = ScriptedChannel(DeliveryError("451 later", code="451"), None)
    job = deliver_job(desk=desk)
    assert await job.send_due("desk") == DeliveryCounts(postponed=1)
    assert await job.send_due("desk") == DeliveryCounts()
    assert load_delivery(store) == replace(
        delivery(id="d1", recipient="a@desk.example"),
        due_at=NOW + timedelta(minutes=1),
        attempts=1,
        reason="451 later",
    )
    clock.advance(minutes=1)
    assert await job.send_due("desk") == DeliveryCounts(sent=1)
    assert desk.sent == ["d1"]
    assert [attempt.code for attempt in store.delivery("d1")[1]] == ["451", ""]


async def test_a_message_that_nobody_wants_is_given_up_and_the_next_is_sent(store, deliver_job):
    add_deliveries(store, "d1", "d2")
    desk = ScriptedChannel(DeliveryError("550 5.1.1", permanent=True, code="550 5.1.1"), None)
    assert await deliver_job(desk=desk).send_due("desk") == DeliveryCounts(sent=1, dead=1)
    found, (attempt,) = store.delivery("d1")
    assert (found.state, found.reason) == ("dead", "550 5.1.1")
    assert (attempt.outcome, attempt.code) == ("dead", "550 5.1.1")


async def test_an_unexpected_error_costs_one_attempt_and_shows_no_secret(store, deliver_job):
    add_deliveries(store, "d1", "d2")
    desk = ScriptedChannel(KeyError("hunter2"), None, on_phase=False)
    with capture_logs() as lines:
        assert await deliver_job(desk=desk).send_due("desk") == DeliveryCounts(sent=1, postponed=1)
    assert load_delivery(store).reason == "internal error: KeyError"
    assert [line["event"] for line in lines] == ["delivery_crashed", "delivery_postponed", "delivery_sent"]


async def test_asked_to_stop_it_finishes_what_is_in_flight_and_takes_no_more(store, deliver_job):
    add_deliveries(store, "d1", "d2")
    stopping, answer = [], asyncio.Event()
    job = deliver_job(desk=ScriptedChannel(answer))
    sending = asyncio.create_task(job.send_due("desk", lambda: bool(stopping)))
    while not store.delivery("d1")[1]:
        await asyncio.sleep(0)
    stopping.append(True)
    answer.set()
    assert await sending == DeliveryCounts(sent=1)
    assert load_delivery(store, "d2").attempts == 0
    assert store.delivery("d2")[1] == ()


async def test_every_attempt_leaves_a_line_for_the_operator(store, deliver_job, clock):
    add_deliveries(store, "d1", "d2")
    faults = [
        DeliveryError("451 later", code="451"),
        DeliveryError("550 no", permanent=True, code="550"),
        None,
    ]
    job = deliver_job(desk=ScriptedChannel(*faults))
    with capture_logs() as lines:
        await job.send_due("desk")
        clock.advance(minutes=1)
        await job.send_due("desk")
    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("delivery_postponed", "warning"),
        ("delivery_abandoned", "error"),
        ("delivery_sent", "info"),
    ]
    assert lines[0]["due_at"] == "2026-11-23T09:01:00+00:00"
    assert (lines[0]["reason"], lines[1]["code"], lines[2]["attempts"]) == ("451 later", "550", 2)
