"""Nothing is owed or sent before all wishes were looked at, whoever owes it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.signed_links import SignedLinks
from monitor.executor import Executor
from monitor.jobs.escalate import EscalateJob, EscalationSteps
from monitor.jobs.hold import HoldingStore
from monitor.model import Action, Alert, ChannelTarget, Event, Message, Silence, Unsubscription, key_of
from monitor.render.renderer import Renderer
from monitor.store import open_store_as
from tests.alerts.test_quiet_hours import at, quiet
from tests.conftest import NOW, FakeClock, alert, delivery, item, verdict
from tests.store.builders import outcome, raised, state_of

GRAVE = verdict(event=Event(topic="sanctions", type="imposed", stage="", polarity="impose", severity=5))
OUTLETS = {
    "phone": ChannelTarget("phone", "text"),
    "boss": ChannelTarget("boss", "mail", ("boss@example.org",)),
}


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[HoldingStore]:
    store = open_store_as(HoldingStore, str(tmp_path / "m.db"), lock=False)
    store.clock = clock
    yield store
    store.close()


@pytest.fixture
def told(store: HoldingStore) -> Alert:
    """An alert that went to a desk."""
    (told,) = raised(store, item(guid="0"), verdict=GRAVE)
    store.add_deliveries([delivery(id="first", ref=told.id)])
    return told


def state(store: HoldingStore, id: str) -> tuple[str, str]:
    found = store.delivery(id)
    assert found is not None
    return found[0].state, found[0].reason


def test_what_a_poll_owes_is_held_with_the_alert_it_tells(store: HoldingStore, clock: FakeClock) -> None:
    raised(store, item(guid="0"))
    clock.now = at("2026-11-23 23:00")
    store.quiet_hours = (quiet(),)
    calm, grave = alert(item=item(guid="7")), alert(item=item(guid="8"), verdict=GRAVE)
    owed = (delivery(id="calm", ref=calm.id), delivery(id="grave", ref=grave.id))
    store.commit([outcome(state_of(store), calm.item, grave.item, alerts=(calm, grave), deliveries=owed)])
    assert state(store, "calm") == ("owed", "quiet hours night until 2026-11-24 06:00 UTC: people sleep")
    assert state(store, "grave") == ("owed", "")
    (sent,) = store.lease("desk", clock(), clock() + timedelta(minutes=5), 9)
    assert sent.id == "grave"
    store.settle(sent, clock(), state="sent")
    clock.now = at("2026-11-24 06:00")
    hours_ago = clock() - timedelta(hours=6)
    assert (
        store.overdue_deliveries(hours_ago, hours_ago) == ()
    )  # as old as the time it may go, not as the news
    assert [each.id for each in store.lease("desk", clock(), clock() + timedelta(minutes=5), 1)] == ["calm"]


def test_what_waited_is_looked_at_again_and_its_attempt_says_why(
    store: HoldingStore, clock: FakeClock
) -> None:
    store.add_deliveries(
        [delivery(id="late", kind="digest", recipient="a"), delivery(id="gone", kind="digest", recipient="b")]
    )
    clock.now = at("2026-11-23 23:00")
    store.quiet_hours = (quiet(recipients=("a",)),)
    store.unsubscribe(Unsubscription("desk", "b", NOW, "by one click"))
    assert store.lease("desk", clock(), clock() + timedelta(minutes=5), 1) == ()
    assert state(store, "late")[0] == "owed"
    assert state(store, "gone") == ("suppressed", "unsubscribed at 2026-11-23 09:00 UTC by one click")
    found = store.delivery("late")
    assert found is not None
    assert [(each.outcome, each.reason) for each in found[1]] == [("postponed", found[0].reason)]
    assert found[0].attempts == 0


def test_what_was_released_by_hand_goes(store: HoldingStore, clock: FakeClock, told: Alert) -> None:
    store.silence(
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
    store.add_deliveries([delivery(id="kept", ref=told.id)])
    assert state(store, "kept") == ("suppressed", "silence s: we know")
    clock.advance(hours=1)
    assert store.requeue("kept", clock())
    assert "kept" in {each.id for each in store.lease("desk", clock(), clock() + timedelta(minutes=5), 9)}


def test_links_are_signed_for_each_recipient_when_a_delivery_is_owed(
    store: HoldingStore, told: Alert
) -> None:
    store.links = SignedLinks("https://alerts.example", "a secret")
    words = Renderer(answer=store.links.place).alert(told, "mail")[0]
    id = key_of("one")
    store.add_deliveries([delivery(id=id, ref=told.id, message=words)])
    found = store.delivery(id)
    assert found is not None
    for text in (found[0].message.text, found[0].message.html):
        assert store.links.alert(told.id, "acknowledge", id, NOW) in text
        assert store.links.alert(told.id, "unsubscribe", id, NOW) in text
    assert Renderer().alert(told, "mail")[0].text.count("alerts.example") == 0


# ---------------------------------------------------------------- escalation


@pytest.fixture
def escalate(store: HoldingStore, clock: FakeClock) -> Iterator[EscalateJob]:
    db = Executor("store")
    escalation = EscalationSteps((("phone",), ("boss",)), timedelta(minutes=30))
    yield EscalateJob(escalation, OUTLETS, Renderer().alert, store, db, clock)
    db.close()


def escalated(store: HoldingStore) -> list[tuple[str, str]]:
    return [(each.channel, each.ref) for each in reversed(store.deliveries()) if each.channel != "desk"]


@pytest.mark.anyio
async def test_a_grave_alert_that_nobody_answers_climbs_two_steps_and_no_more(
    store: HoldingStore, clock: FakeClock, told: Alert, escalate: EscalateJob
) -> None:
    steps = []
    for _ in range(5):
        steps.append(await escalate.look())
        clock.advance(minutes=30)
    assert steps == [0, 1, 1, 0, 0]
    assert escalated(store) == [("phone", told.id), ("boss", told.id)]
    assert "nobody has acknowledged it in 30 min" in store.deliveries()[1].message.text
    accounts = store.accounting(NOW - timedelta(days=1))
    assert (accounts.owed, sum(accounts.states.values()), accounts.missing) == (
        2,
        3,
        (),
    )  # `first` has no alert's count


@pytest.mark.anyio
async def test_whoever_answers_ends_the_climb(
    store: HoldingStore, clock: FakeClock, told: Alert, escalate: EscalateJob
) -> None:
    clock.advance(minutes=30)
    assert await escalate.look() == 1
    store.add_action(Action(told.id, "acknowledge", "phone", "", clock()))
    clock.advance(hours=1)
    assert await escalate.look() == 0
    assert not store.escalate(told.id, 2, (), clock())


@pytest.mark.anyio
async def test_what_is_not_grave_or_was_silenced_or_is_old_does_not_climb(
    store: HoldingStore, clock: FakeClock, escalate: EscalateJob
) -> None:
    calm, silent = raised(store, item(guid="1")), raised(store, item(guid="2"), verdict=GRAVE)
    store.add_deliveries([delivery(id="calm", ref=calm[0].id)])
    store.add_deliveries([delivery(id="silent", ref=silent[0].id, state="suppressed", reason="silence s: x")])
    clock.advance(hours=1)
    assert await escalate.look() == 0
    store.add_deliveries([delivery(id="told", ref=silent[0].id, message=Message(subject="s", text="t"))])
    clock.advance(hours=24)
    assert await escalate.look() == 0
