"""A channel that is itself at fault is left alone for a while; nothing else suffers."""

import asyncio
from datetime import timedelta

from structlog.testing import capture_logs

from monitor.deliver import Sent
from monitor.errors import ChannelError
from tests.deliver.conftest import Scripted, now_of, owe


async def test_a_channel_at_fault_rests_and_its_other_deliveries_lose_no_attempt(store, deliver, clock):
    owe(store, "d1", "d2", "d3")
    story = deliver(desk=Scripted(*[ChannelError("no connection")] * 2))
    assert await story.send_due("desk") == Sent(postponed=1)
    assert await story.due_channels() == ()
    assert await story.send_due("desk") == Sent()
    clock.advance(seconds=2)
    assert await story.due_channels() == ("desk",)
    assert await story.send_due("desk") == Sent(postponed=1)
    clock.advance(seconds=2)
    assert await story.send_due("desk") == Sent()
    assert now_of(store, "d3").attempts == 0
    clock.advance(seconds=2)
    assert await story.send_due("desk") == Sent(sent=1)
    clock.advance(minutes=1)
    assert await story.send_due("desk") == Sent(sent=2)


async def test_a_long_outage_is_looked_at_every_five_minutes(store, deliver, clock):
    owe(store, *(f"d{n}" for n in range(14)))
    story = deliver(desk=Scripted(*[ChannelError("no connection")] * 14))
    for _ in range(12):
        await story.send_due("desk")
        clock.advance(minutes=5)
    assert await story.due_channels() == ("desk",)


async def test_a_channel_rests_as_long_as_it_asks(store, deliver, clock):
    owe(store, "d1", "d2", channel="hook")
    story = deliver(hook=Scripted(ChannelError("HTTP 429", retry_after=timedelta(minutes=10))))
    await story.send_due("hook")
    clock.advance(minutes=9)
    assert await story.send_due("hook") == Sent()
    clock.advance(minutes=1)
    assert await story.send_due("hook") == Sent(sent=2)


async def test_a_channel_that_wants_no_more_is_not_hammered(store, deliver, clock):
    owe(store, "d1", "d2")
    story = deliver(desk=Scripted(ChannelError("535 wrong password", permanent=True)))
    assert await story.send_due("desk") == Sent(dead=1)
    clock.advance(minutes=59)
    assert await story.due_channels() == ()
    assert now_of(store, "d2").state == "owed"


async def test_a_channel_that_was_set_up_anew_need_not_rest(store, deliver):
    owe(store, "d1", "d2")
    story = deliver(desk=Scripted(ChannelError("535 wrong password", permanent=True)))
    await story.send_due("desk")
    story.channels = {"desk": Scripted()}
    assert await story.send_due("desk") == Sent(sent=1)


async def test_one_dead_channel_does_not_delay_another(store, deliver):
    owe(store, "d1")
    owe(store, "d2", channel="hook")
    dead, hook = asyncio.Event(), Scripted()
    story = deliver(desk=Scripted(dead), hook=hook)
    stuck = asyncio.create_task(story.send_due("desk"))
    assert await story.send_due("hook") == Sent(sent=1)
    dead.set()
    assert await stuck == Sent(sent=1)


async def test_a_channel_no_longer_configured_keeps_what_it_is_owed(store, deliver):
    owe(store, "d1", channel="gone")
    story = deliver(desk=Scripted())
    with capture_logs() as lines:
        assert await story.due_channels() == ()
        assert await story.due_channels() == ()
        assert await story.send_due("gone") == Sent()
    assert [(line["event"], line["channel"]) for line in lines] == [("channel_missing", "gone")]
    assert now_of(store).state == "owed"
