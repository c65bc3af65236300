"""A channel that is itself at fault is left alone for a while; nothing else suffers."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.errors import ChannelError, StoreError
from monitor.jobs.attempt import DeliveryCounts
from tests.conftest import delivery
from tests.jobs.deliver.conftest import ScriptedChannel, add_deliveries, load_delivery


async def test_a_channel_at_fault_pauses_and_its_other_deliveries_lose_no_attempt(store, deliver_job, clock):
    add_deliveries(store, "d1", "d2", "d3")
    job = deliver_job(desk=ScriptedChannel(*[ChannelError("no connection")] * 2))
    assert await job.send_due("desk") == DeliveryCounts(postponed=1)
    assert await job.due_channels() == ()
    assert await job.send_due("desk") == DeliveryCounts()
    clock.advance(seconds=2)
    assert await job.due_channels() == ("desk",)
    assert await job.send_due("desk") == DeliveryCounts(postponed=1)
    clock.advance(seconds=2)
    assert await job.send_due("desk") == DeliveryCounts()
    assert load_delivery(store, "d3").attempts == 0
    clock.advance(seconds=2)
    assert await job.send_due("desk") == DeliveryCounts(sent=1)
    clock.advance(minutes=1)
    assert await job.send_due("desk") == DeliveryCounts(sent=2)


async def test_a_long_outage_is_tried_every_five_minutes(store, deliver_job, clock):
    add_deliveries(store, *(f"d{n}" for n in range(14)))
    job = deliver_job(desk=ScriptedChannel(*[ChannelError("no connection")] * 14))
    for _ in range(12):
        await job.send_due("desk")
        clock.advance(minutes=5)
    assert await job.due_channels() == ("desk",)


async def test_a_channel_pauses_as_long_as_it_asks(store, deliver_job, clock):
    add_deliveries(store, "d1", "d2", channel="hook")
    job = deliver_job(hook=ScriptedChannel(ChannelError("HTTP 429", retry_after=timedelta(minutes=10))))
    await job.send_due("hook")
    clock.advance(minutes=9)
    assert await job.send_due("hook") == DeliveryCounts()
    clock.advance(minutes=1)
    assert await job.send_due("hook") == DeliveryCounts(sent=2)


async def test_a_channel_that_wants_no_more_is_not_hammered(store, deliver_job, clock):
    add_deliveries(store, "d1", "d2")
    job = deliver_job(desk=ScriptedChannel(ChannelError("535 wrong password", permanent=True)))
    assert await job.send_due("desk") == DeliveryCounts(postponed=1)
    clock.advance(minutes=14)
    assert await job.due_channels() == ()
    assert {load_delivery(store, id).state for id in ("d1", "d2")} == {"owed"}


async def test_a_channel_that_stays_refused_is_asked_ever_more_rarely_and_loses_nothing(
    store, deliver_job, clock
):
    add_deliveries(store, "d1", "d2")
    job = deliver_job(desk=ScriptedChannel(*[ChannelError("535 wrong password", permanent=True)] * 8))
    pauses = []
    for _ in range(8):
        assert await job.send_due("desk") == DeliveryCounts(postponed=1)
        pause = store.channel_states()["desk"].paused_until - clock()
        pauses.append(pause / timedelta(hours=1))
        clock.advance(seconds=pause.total_seconds())
    assert pauses == [0.25, 0.5, 1, 2, 4, 6, 6, 6]
    assert await job.send_due("desk") == DeliveryCounts(sent=2)


async def test_a_pause_outlives_the_process(store, deliver_job):
    add_deliveries(store, "d1")
    await deliver_job(desk=ScriptedChannel(ChannelError("535 wrong password", permanent=True))).send_due(
        "desk"
    )
    again = deliver_job(desk=ScriptedChannel())
    assert await again.due_channels() == ()
    assert await again.send_due("desk") == DeliveryCounts()


async def test_a_channel_that_was_configured_again_is_not_paused(store, deliver_job):
    add_deliveries(store, "d1", "d2")
    job = deliver_job(desk=ScriptedChannel(ChannelError("535 wrong password", permanent=True)))
    await job.send_due("desk")
    job.channels = {"desk": ScriptedChannel()}
    await job.resume_channels()
    assert await job.send_due("desk") == DeliveryCounts(sent=2)
    assert store.channel_states()["desk"].faults == 0


async def test_a_pause_by_a_clock_that_was_years_ahead_is_ignored(store, deliver_job, clock):
    add_deliveries(store, "d1")
    clock.advance(days=2000)
    job = deliver_job(desk=ScriptedChannel(ChannelError("no connection")))
    await job.send_due("desk")
    clock.advance(days=-1999)
    store.pull_forward(clock(), clock() + timedelta(days=7))
    assert await job.due_channels() == ("desk",)
    assert await job.send_due("desk") == DeliveryCounts(sent=1)


async def test_a_message_that_alone_is_refused_by_a_channel_that_takes_others_is_given_up(
    store, deliver_job, clock
):
    add_deliveries(store, "d1", channel="hook")
    hook = ScriptedChannel(*[ChannelError("HTTP 500")] * 9)
    job = deliver_job(hook=hook)
    for _ in range(9):
        await job.send_due("hook")
        clock.now = load_delivery(store).due_at + timedelta(minutes=5)
    assert load_delivery(store).state == "owed"
    hook.answers = [None, ChannelError("HTTP 500")]
    owe_now = delivery(id="d2", channel="hook", due_at=load_delivery(store).due_at - timedelta(hours=1))
    store.add_deliveries([owe_now])
    assert await job.send_due("hook") == DeliveryCounts(sent=1, dead=1)


async def test_a_sent_message_is_not_sent_again_because_it_could_not_be_written_down(
    store, deliver_job, clock
):
    add_deliveries(store, "d1")
    desk = ScriptedChannel()
    job = deliver_job(desk=desk)
    close_delivery, full = store.close_delivery, StoreError("the disk is full")

    def fails(*args, **kwargs):
        raise full

    store.close_delivery = fails
    with pytest.raises(StoreError):
        await job.send_due("desk")
    store.close_delivery = close_delivery
    clock.advance(minutes=30)
    assert await job.send_due("desk") == DeliveryCounts(sent=1)
    assert desk.sent == ["d1"]


async def test_one_dead_channel_does_not_delay_another(store, deliver_job):
    add_deliveries(store, "d1")
    add_deliveries(store, "d2", channel="hook")
    dead, hook = asyncio.Event(), ScriptedChannel()
    job = deliver_job(desk=ScriptedChannel(dead), hook=hook)
    stuck = asyncio.create_task(job.send_due("desk"))
    assert await job.send_due("hook") == DeliveryCounts(sent=1)
    dead.set()
    assert await stuck == DeliveryCounts(sent=1)


async def test_a_channel_no_longer_configured_keeps_what_it_is_owed(store, deliver_job):
    add_deliveries(store, "d1", channel="gone")
    job = deliver_job(desk=ScriptedChannel())
    with capture_logs() as lines:
        assert await job.due_channels() == ()
        assert await job.due_channels() == ()
        assert await job.send_due("gone") == DeliveryCounts()
    assert [(line["event"], line["channel"]) for line in lines] == [("channel_missing", "gone")]
    assert load_delivery(store).state == "owed"


async def test_a_recipient_that_alone_is_refused_pauses_the_channel_once(store, deliver_job, clock):
    refused = ChannelError("554 5.7.1 policy", permanent=True, code="554 5.7.1")
    desk = ScriptedChannel(refused, None, refused, None)
    job = deliver_job(desk=desk)
    store.add_deliveries([delivery(id=f"d{name}", channel="desk", recipient=name) for name in "ab"])
    assert await job.send_due("desk") == DeliveryCounts(postponed=1)
    clock.advance(minutes=15)
    # The other recipient goes first and is served: the fault is not the channel's.
    assert await job.send_due("desk") == DeliveryCounts(sent=1, postponed=1)
    assert desk.sent == ["db"]
    assert store.channel_states()["desk"].faults == 0
    assert load_delivery(store, "da").due_at == clock() + timedelta(minutes=5)
    assert load_delivery(store, "da").reason == "554 5.7.1 policy; other recipients get their messages"
    store.add_deliveries([delivery(id="dc", channel="desk", recipient="c", due_at=clock())])
    assert await job.send_due("desk") == DeliveryCounts(sent=1)


async def test_a_channel_that_refuses_one_recipient_after_another_stays_paused(store, deliver_job, clock):
    refused = ChannelError("535 wrong password", permanent=True)
    job = deliver_job(desk=ScriptedChannel(*[refused] * 4))
    store.add_deliveries([delivery(id=f"d{name}", channel="desk", recipient=name) for name in "ab"])
    for hours in (0.25, 0.5, 1, 2):
        assert await job.send_due("desk") == DeliveryCounts(postponed=1)
        assert store.channel_states()["desk"].paused_until == clock() + timedelta(hours=hours)
        clock.advance(hours=hours)
    assert [load_delivery(store, id).attempts for id in ("da", "db")] == [2, 2]
    assert await job.send_due("desk") == DeliveryCounts(sent=2)
