"""The outbox, on every database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from monitor.model import (
    Attempt,
    AttemptOutcome,
    AttemptPhase,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Message,
)
from monitor.store import SqlStore
from tests.conftest import NOW, delivery

SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)


def ids(deliveries: tuple[Delivery, ...]) -> list[str]:
    return [one.id for one in deliveries]


def leased(store: SqlStore, **changes: Any) -> Delivery:
    """Owe a delivery and take it."""
    store.add_deliveries([delivery(**changes)])
    (one,) = store.lease("desk", NOW, SOON)
    return one


def stored(store: SqlStore, id: str = delivery().id) -> Delivery:
    return found(store, id)[0]


def attempts(store: SqlStore, id: str = delivery().id) -> list[tuple[int, str, str, str, str]]:
    return [(a.number, a.phase, a.outcome, a.code, a.reason) for a in found(store, id)[1]]


def found(store: SqlStore, id: str) -> tuple[Delivery, tuple[Attempt, ...]]:
    answer = store.delivery(id)
    assert answer
    return answer


def test_what_is_owed_comes_back_as_it_was(store: SqlStore):
    message = Message(
        subject="S",
        text="T\n",
        html="<p>",
        blocks=({"type": "divider"}, {"type": "x", "y": [1, {"z": None}]}),
        data={"é": [1.5, "ü"]},
    )
    owed = delivery(message=message, story="s1", recipient="a@b.example", reason="n", attempts=3)
    store.add_deliveries([owed])
    assert store.deliveries() == (owed,)
    assert store.delivery(owed.id) == (owed, ())


def test_owing_twice_owes_once(store: SqlStore):
    store.add_deliveries([delivery(), delivery(channel="other")])
    store.add_deliveries([delivery(reason="again")])
    store.add_deliveries([])
    assert store.deliveries() == (delivery(),)


def test_channels_owed_are_those_with_something_due(store: SqlStore):
    store.add_deliveries(
        [delivery(id="1", channel="b"), delivery(id="2", channel="a"), delivery(id="3", channel="b")]
    )
    store.add_deliveries([delivery(id="4", channel="c", due_at=LATER)])
    assert store.owed_channels(NOW) == ("a", "b")
    assert store.owed_channels(LATER) == ("a", "b", "c")
    store.lease("a", NOW, SOON)
    assert store.owed_channels(NOW) == ("b",)
    assert store.owed_channels(SOON) == ("a", "b")


def test_the_oldest_is_taken_first_and_those_of_one_moment_in_the_order_owed(store: SqlStore):
    store.add_deliveries(
        [delivery(id="z"), delivery(id="a"), delivery(id="m", due_at=NOW - timedelta(minutes=1))]
    )
    store.add_deliveries([delivery(id="early", due_at=LATER), delivery(id="else", channel="other")])
    assert ids(store.lease("desk", NOW, SOON, limit=2)) == ["m", "z"]
    assert ids(store.lease("desk", NOW, SOON, limit=2)) == ["a"]
    assert store.lease("desk", NOW, SOON, limit=2) == ()


def test_a_lease_passes_over_busy_recipients(store: SqlStore):
    store.add_deliveries(
        [delivery(id=id, channel="desk", recipient=id[0]) for id in ("a1", "a2", "b1", "a3")]
    )
    assert ids(store.lease("desk", NOW, SOON, limit=1, busy=("a",))) == ["b1"]
    assert store.lease("desk", NOW, SOON, limit=1, busy=("a", "b")) == ()
    assert ids(store.lease("desk", NOW, SOON, limit=2, busy=("b",))) == ["a1", "a2"]


def test_a_lease_opens_an_attempt(store: SqlStore):
    taken = leased(store)
    assert taken == delivery(state="leased")
    assert store.delivery(taken.id) == (
        taken,
        (Attempt(delivery=taken.id, number=1, started_at=NOW, phase="connect"),),
    )


def test_what_is_leased_is_given_to_nobody_else_until_then(store: SqlStore):
    leased(store)
    assert store.lease("desk", SOON - timedelta(seconds=1), LATER) == ()
    (again,) = store.lease("desk", SOON, LATER)
    assert again.attempts == 1
    assert attempts(store) == [(1, "connect", "lost", "", ""), (2, "connect", "", "", "")]


def test_two_workers_never_take_the_same(store: SqlStore, other: SqlStore):
    store.add_deliveries([delivery(id=f"d{number:02}") for number in range(40)])

    def drain(worker: SqlStore) -> list[str]:
        taken: list[str] = []
        while some := worker.lease("desk", NOW, SOON, limit=3):
            taken += ids(some)
        return taken

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(drain, (store, other))
    assert sorted(first + second) == [f"d{number:02}" for number in range(40)]


def test_a_mark_says_how_far_the_open_attempt_came(store: SqlStore):
    taken = leased(store)
    store.record_phase(taken, "data")
    assert attempts(store) == [(1, "data", "", "", "")]


@pytest.mark.parametrize(("state", "phase"), [("sent", "done"), ("dead", "connect")])
def test_settling_closes_delivery_and_attempt(store: SqlStore, state: str, phase: str):
    taken = leased(store)
    store.close_delivery(taken, SOON, state=state, reason="250 ok", code="250")
    assert stored(store) == replace(delivery(), state=state, reason="250 ok", attempts=1)
    assert attempts(store) == [(1, phase, state, "250", "250 ok")]
    assert found(store, taken.id)[1][0].ended_at == SOON
    assert store.owed_channels(LATER) == ()
    assert store.lease("desk", LATER, LATER) == ()


def test_what_was_sent_stays_sent(store: SqlStore):
    taken = leased(store)
    store.close_delivery(taken, NOW, state="sent", reason="ok")
    store.close_delivery(taken, NOW, state="dead", reason="no")
    store.postpone(taken.later(SOON, "no"), NOW)
    store.record_phase(taken, "data")
    assert (stored(store).state, stored(store).reason) == ("sent", "ok")
    assert attempts(store) == [(1, "done", "sent", "", "ok")]


def test_a_leased_delivery_can_be_suppressed(store: SqlStore):
    taken = leased(store)
    store.suppress_leased(taken, SOON, "silence 1: noise")
    assert stored(store) == replace(delivery(), state="suppressed", reason="silence 1: noise", attempts=1)
    assert attempts(store) == [(1, "connect", "suppressed", "", "silence 1: noise")]
    assert found(store, taken.id)[1][0].ended_at == SOON
    assert store.lease("desk", LATER, LATER) == ()


@pytest.mark.parametrize("state", sorted({*DeliveryState} - {"leased", "suppressed"}))
def test_a_delivery_that_is_not_leased_cannot_be_suppressed_as_leased(store: SqlStore, state: str):
    before = stored(store, in_state(store, state))
    store.suppress_leased(before, SOON, "silence 1: noise")
    assert stored(store, state) == before


def test_what_left_is_sent_even_if_its_lease_ran_out_or_it_was_discarded(store: SqlStore):
    taken = leased(store)
    store.lease("desk", SOON, LATER)
    store.close_delivery(taken, SOON, state="sent")
    assert stored(store).state == "sent"
    taken = leased(store, id="second")
    store.discard("second", NOW, "not wanted")
    store.close_delivery(taken, NOW, state="sent")
    assert stored(store, "second").state == "sent"


def test_what_was_discarded_meanwhile_is_not_owed_again(store: SqlStore):
    taken = leased(store)
    assert store.discard(taken.id, NOW, "not wanted")
    store.postpone(taken.later(SOON, "HTTP 503"), NOW, code="HTTP 503")
    assert (stored(store).state, stored(store).reason) == ("discarded", "not wanted")
    assert attempts(store) == [(1, "connect", "postponed", "HTTP 503", "HTTP 503")]


def test_what_is_postponed_is_due_when_it_says(store: SqlStore):
    taken = leased(store)
    store.postpone(taken.later(LATER, "421 try later"), NOW, code="421")
    assert stored(store) == replace(delivery(), due_at=LATER, attempts=1, reason="421 try later")
    assert attempts(store) == [(1, "connect", "postponed", "421", "421 try later")]
    assert store.lease("desk", LATER - timedelta(seconds=1), LATER) == ()
    assert ids(store.lease("desk", LATER, LATER)) == [taken.id]


def test_what_may_have_arrived_waits_as_uncertain(store: SqlStore):
    taken = leased(store)
    store.record_phase(taken, "data")
    store.postpone(taken.later(LATER, "no answer", state="uncertain"), NOW)
    assert stored(store).state == "uncertain"
    assert attempts(store) == [(1, "data", "uncertain", "", "no answer")]
    assert store.lease("desk", SOON, LATER) == ()
    assert ids(store.lease("desk", LATER, LATER)) == [taken.id]


def test_a_dead_process_gives_back_what_it_had_leased(store: SqlStore):
    store.add_deliveries([delivery(id="before"), delivery(id="during"), delivery(id="waits", due_at=LATER)])
    _, during = store.lease("desk", NOW, LATER, limit=2)
    store.record_phase(during, "data")
    assert store.recover(SOON, LATER) == 2
    assert stored(store, "before") == delivery(id="before", due_at=SOON, attempts=1)
    assert stored(store, "during") == delivery(id="during", due_at=LATER, attempts=1, state="uncertain")
    assert attempts(store, "before") == [(1, "connect", "lost", "", "")]
    assert attempts(store, "during") == [(1, "data", "uncertain", "", "")]
    assert found(store, "during")[1][0].ended_at == SOON
    assert ids(store.lease("desk", SOON, LATER, limit=9)) == ["before"]
    assert store.recover(SOON, LATER) == 1
    assert store.recover(SOON, LATER) == 0


def test_a_delivery_that_is_safe_to_repeat_is_retried_without_delay(store: SqlStore):
    store.add_deliveries([delivery(id="mail", channel="mail"), delivery(id="hook", channel="hook")])
    for channel in ("mail", "hook"):
        (taken,) = store.lease(channel, NOW, LATER)
        store.record_phase(taken, "data")
    assert store.recover(SOON, LATER, ["hook"]) == 2
    assert (stored(store, "hook").state, stored(store, "hook").due_at) == ("owed", SOON)
    assert (stored(store, "mail").state, stored(store, "mail").due_at) == ("uncertain", LATER)


def in_state(store: SqlStore, state: str) -> str:
    if state in {"suppressed", "expired"}:
        store.add_deliveries([delivery(id=state)])
        close = store.suppress if state == "suppressed" else store.expire
        assert close({state: ""}, NOW, "no") == 1
        return state
    taken = leased(store, id=state)
    if state in {"sent", "dead"}:
        store.close_delivery(taken, NOW, state=state)
    elif state in {"owed", "uncertain"}:
        store.postpone(taken.later(LATER, "no", state=state), NOW)
    elif state == "discarded":
        store.discard(taken.id, NOW, "no")
    return taken.id


@pytest.mark.parametrize("state", DeliveryState)
def test_what_is_neither_sent_nor_under_way_may_be_sent_again(store: SqlStore, state: str):
    before = stored(store, in_state(store, state))
    possible = state not in {"leased", "sent"}
    assert store.requeue(state, SOON) is possible
    again = replace(before, state="owed", due_at=SOON, attempts=0)
    assert stored(store, state) == (again if possible else before)


@pytest.mark.parametrize("state", DeliveryState)
def test_what_is_not_sent_may_be_given_up(store: SqlStore, state: str):
    before = stored(store, in_state(store, state))
    possible = state not in {"sent", "discarded"}
    assert store.discard(state, SOON, "not wanted") is possible
    given_up = replace(before, state="discarded", reason="not wanted")
    assert stored(store, state) == (given_up if possible else before)
    assert store.owed_channels(LATER) == ()


def test_a_retry_has_the_same_id_and_its_schedule_begins_anew(store: SqlStore):
    taken = leased(store)
    store.close_delivery(taken, NOW, state="dead", reason="HTTP 410")
    assert store.requeue(taken.id, SOON)
    again = stored(store)
    assert (again.state, again.due_at, again.attempts, again.reason) == ("owed", SOON, 0, "HTTP 410")
    (second,) = store.lease("desk", SOON, LATER)
    assert second.message == taken.message
    assert [number for number, *_ in attempts(store)] == [1, 2]


def test_what_is_not_there_cannot_be_retried_or_given_up(store: SqlStore):
    assert not store.requeue("nothing", NOW)
    assert not store.discard("nothing", NOW, "why")
    assert store.delivery("nothing") is None


def test_deliveries_are_listed_newest_first(store: SqlStore):
    store.add_deliveries([delivery(id=id) for id in "abcd"])
    (taken,) = store.lease("desk", NOW, SOON)
    store.close_delivery(taken, NOW, state="sent")
    assert ids(store.deliveries()) == ["d", "c", "b", "a"]
    assert ids(store.deliveries(["sent"])) == ["a"]
    assert ids(store.deliveries(["owed", "dead"], limit=2)) == ["d", "c"]


def test_the_beginning_of_an_id_is_enough_if_it_is_the_only_one(store: SqlStore):
    store.add_deliveries([delivery(id=id) for id in ("ab12", "ab34", "ab3456", "c_5")])
    assert stored(store, "ab1").id == "ab12"
    assert stored(store, "ab34").id == "ab34"
    assert stored(store, "ab345").id == "ab3456"
    assert [store.delivery(id) for id in ("ab", "ab3", "", "%", "c%", "_", "AB1")] == [None] * 7


def test_states_come_back_as_members_of_their_vocabulary(store: SqlStore):
    taken = leased(store)
    (attempt,) = found(store, taken.id)[1]
    assert (taken.kind, taken.state) == (DeliveryKind.ALERT, DeliveryState.LEASED)
    assert isinstance(taken.state, DeliveryState)
    assert isinstance(attempt.phase, AttemptPhase)
    assert isinstance(attempt.outcome, AttemptOutcome)
    assert not attempt.outcome


def test_a_state_of_another_version_is_read_as_text(store: SqlStore):
    store.add_deliveries([delivery()])
    with store.database.write_transaction() as connection:
        connection.execute(text("UPDATE deliveries SET state = 'parked'"))
    assert stored(store).state == "parked"
