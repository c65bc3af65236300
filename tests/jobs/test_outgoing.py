"""Preferences apply to every delivery when it is planned and again before it is sent; links are signed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from monitor.alerts.signed_links import SignedLinks
from monitor.channels import OnPhase
from monitor.executor import Executor
from monitor.jobs.attempt import DeliveryCounts
from monitor.jobs.deliver import DeliverJob
from monitor.jobs.escalate import EscalateJob
from monitor.jobs.outgoing import Outgoing
from monitor.jobs.policy import EscalationSteps
from monitor.model import (
    Action,
    Alert,
    ChannelTarget,
    Delivery,
    Event,
    Message,
    Silence,
    Unsubscription,
    key_of,
)
from monitor.render.renderer import Renderer
from monitor.store import SqlStore
from tests.alerts.test_quiet_hours import at, quiet
from tests.conftest import NOW, FakeClock, alert, delivery, item, verdict
from tests.store.builders import raised
from tests.support.policies import job_context

GRAVE = verdict(event=Event(topic="sanctions", type="imposed", stage="", polarity="impose", severity=5))
TARGETS = {
    "phone": ChannelTarget("phone", "text"),
    "boss": ChannelTarget("boss", "mail", ("boss@example.org",)),
}
LINKS = SignedLinks("https://alerts.example", "a secret")

Make = Callable[..., Outgoing]


class Channel:
    """A channel that takes everything."""

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        await on_phase("data")
        return "taken"


@pytest.fixture
def outgoing(store: SqlStore, db: Executor, clock: FakeClock) -> Make:
    def make(**policy: Any) -> Outgoing:
        return Outgoing(job_context(store, db, clock, **policy))

    return make


def deliver_job(outgoing: Make, **policy: Any) -> DeliverJob:
    """Return the job that sends by a channel which takes everything."""
    prepared = outgoing(channels={"desk": Channel()}, forms={"desk": "files"}, **policy)
    return DeliverJob(context=prepared.context, outgoing=prepared)


@pytest.fixture
def grave(store: SqlStore) -> Alert:
    """A grave alert that went to a desk."""
    (grave,) = raised(store, item(guid="0"), verdict=GRAVE)
    store.add_deliveries([delivery(id="first", ref=grave.id)])
    return grave


def state(store: SqlStore, id: str) -> tuple[str, str]:
    found = store.delivery(id)
    assert found is not None
    return found[0].state, found[0].reason


async def test_quiet_hours_defer_an_alert_that_is_not_stored_yet_unless_it_is_grave(
    outgoing: Make, store: SqlStore, clock: FakeClock
) -> None:
    clock.now = at("2026-11-23 23:00")
    calm, grave = alert(item=item(guid="7")), alert(item=item(guid="8"), verdict=GRAVE)
    planned = (delivery(id="calm", ref=calm.id), delivery(id="grave", ref=grave.id))
    store.add_deliveries(await outgoing(quiet_hours=(quiet(),)).prepare(planned, (calm, grave)))
    assert state(store, "calm") == ("owed", "quiet hours night until 2026-11-24 06:00 UTC: people sleep")
    assert state(store, "grave") == ("owed", "")
    (sent,) = store.lease("desk", clock(), clock() + timedelta(minutes=5), 9)
    assert sent.id == "grave"


async def test_a_deferred_delivery_is_overdue_by_the_time_it_may_go_and_not_by_its_age(
    outgoing: Make, store: SqlStore, clock: FakeClock
) -> None:
    clock.now = at("2026-11-23 23:00")
    calm = alert(item=item(guid="7"))
    planned = (delivery(id="calm", ref=calm.id),)
    store.add_deliveries(await outgoing(quiet_hours=(quiet(),)).prepare(planned, (calm,)))
    clock.now = at("2026-11-24 06:00")
    hours_ago = clock() - timedelta(hours=6)
    assert store.overdue_deliveries(hours_ago, hours_ago) == ()
    assert [each.id for each in store.lease("desk", clock(), clock() + timedelta(minutes=5), 1)] == ["calm"]


async def test_a_delivery_that_waited_is_checked_again_and_its_attempt_has_the_reason(
    outgoing: Make, store: SqlStore, clock: FakeClock
) -> None:
    late, gone = (delivery(id=id, kind="digest", recipient=to) for id, to in (("late", "a"), ("gone", "b")))
    store.add_deliveries([late, gone])
    clock.now = at("2026-11-23 23:00")
    store.unsubscribe(Unsubscription("desk", "b", NOW, "by one click"))
    job = deliver_job(outgoing, quiet_hours=(quiet(recipients=("a",)),))
    assert await job.send_due("desk") == DeliveryCounts()
    assert state(store, "late")[0] == "owed"
    assert state(store, "gone") == ("suppressed", "unsubscribed at 2026-11-23 09:00 UTC by one click")
    found = store.delivery("late")
    assert found is not None
    assert [(each.outcome, each.reason) for each in found[1]] == [("postponed", found[0].reason)]
    assert found[0].attempts == 0


async def test_who_unsubscribes_right_after_a_delivery_was_planned_does_not_get_it(
    outgoing: Make, store: SqlStore, clock: FakeClock
) -> None:
    store.add_deliveries([delivery(id="fresh", kind="digest", recipient="b", created_at=clock())])
    clock.advance(seconds=1)
    store.unsubscribe(Unsubscription("desk", "b", clock(), "by one click"))
    assert await deliver_job(outgoing).send_due("desk") == DeliveryCounts()
    assert state(store, "fresh")[0] == "suppressed"


async def test_a_delivery_that_was_released_by_hand_goes(
    outgoing: Make, store: SqlStore, clock: FakeClock, grave: Alert
) -> None:
    store.add_silence(
        Silence(
            id="s",
            who="jan",
            reason="we know",
            created_at=NOW,
            expires_at=NOW + timedelta(days=7),
            story="s1",
            break_through=6,
        )
    )
    store.add_deliveries(await outgoing().prepare([delivery(id="kept", ref=grave.id)]))
    assert state(store, "kept") == ("suppressed", "silence s: we know")
    clock.advance(hours=1)
    assert store.requeue("kept", clock())
    await deliver_job(outgoing).send_due("desk")
    assert state(store, "kept")[0] == "sent"


async def test_links_are_signed_for_each_recipient(outgoing: Make, store: SqlStore, grave: Alert) -> None:
    rendered = Renderer(link=LINKS.placeholder).alert(grave, "mail")[0]
    id = key_of("one")
    (signed,) = await outgoing(links=LINKS).prepare([delivery(id=id, ref=grave.id, message=rendered)])
    for text in (signed.message.text, signed.message.html):
        assert LINKS.action_link(grave.id, "acknowledge", id, NOW) in text
        assert LINKS.action_link(grave.id, "unsubscribe", id, NOW) in text
    assert Renderer().alert(grave, "mail")[0].text.count("alerts.example") == 0


# ---------------------------------------------------------------- escalation


@pytest.fixture
def escalate(outgoing: Make) -> EscalateJob:
    steps = EscalationSteps((("phone",), ("boss",)), timedelta(minutes=30))
    prepared = outgoing(escalation=steps, channel_targets=TARGETS)
    return EscalateJob(prepared.context, prepared)


def escalated(store: SqlStore) -> list[tuple[str, str]]:
    return [(each.channel, each.ref) for each in reversed(store.deliveries()) if each.channel != "desk"]


async def test_a_grave_alert_that_nobody_answers_climbs_two_steps_and_no_more(
    store: SqlStore, clock: FakeClock, grave: Alert, escalate: EscalateJob
) -> None:
    steps = []
    for _ in range(5):
        steps.append(await escalate.run())
        clock.advance(minutes=30)
    assert steps == [0, 1, 1, 0, 0]
    assert escalated(store) == [("phone", grave.id), ("boss", grave.id)]
    assert "nobody has acknowledged it in 30 min" in store.deliveries()[1].message.text
    accounts = store.accounting(NOW - timedelta(days=1))
    assert (accounts.owed, sum(accounts.states.values()), accounts.missing) == (
        2,
        3,
        (),
    )  # `first` has no alert's count


async def test_an_acknowledgement_ends_the_escalation(
    store: SqlStore, clock: FakeClock, grave: Alert, escalate: EscalateJob
) -> None:
    clock.advance(minutes=30)
    assert await escalate.run() == 1
    store.add_action(Action(grave.id, "acknowledge", "phone", "", clock()))
    clock.advance(hours=1)
    assert await escalate.run() == 0
    assert not store.escalate(grave.id, 2, (), clock())


async def test_what_is_not_grave_or_was_silenced_or_is_old_does_not_climb(
    store: SqlStore, clock: FakeClock, escalate: EscalateJob
) -> None:
    calm, silent = raised(store, item(guid="1")), raised(store, item(guid="2"), verdict=GRAVE)
    store.add_deliveries([delivery(id="calm", ref=calm[0].id)])
    store.add_deliveries([delivery(id="silent", ref=silent[0].id, state="suppressed", reason="silence s: x")])
    clock.advance(hours=1)
    assert await escalate.run() == 0
    store.add_deliveries([delivery(id="sent", ref=silent[0].id, message=Message(subject="s", text="t"))])
    clock.advance(hours=24)
    assert await escalate.run() == 0
