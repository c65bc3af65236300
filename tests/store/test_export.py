"""Whole tables in batches, oldest first, on both databases."""

from datetime import timedelta

from monitor.model import Action, ActionKind, AttemptOutcome, DeliveryState, Message, Period
from monitor.store import SqlStore
from tests.conftest import NOW, alert, delivery, item
from tests.store.builders import feed, outcome, state_of

HOUR = timedelta(hours=1)
ALWAYS = Period()


def test_alerts_come_in_batches_by_match_order(store: SqlStore) -> None:
    raise_alerts(store, 5)
    first = store.alerts_after(0, ALWAYS, limit=3)
    rest = store.alerts_after(first[-1].seq, ALWAYS, limit=3)
    assert [each.item.guid for each in (*first, *rest)] == ["0", "1", "2", "3", "4"]
    assert store.alerts_after(rest[-1].seq, ALWAYS) == ()


def test_items_come_in_batches_in_the_order_in_which_they_were_stored(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    seen = {guid: NOW - number * HOUR for number, guid in enumerate("abcd")}
    for guid, at in seen.items():
        store.commit([outcome(state_of(store), item(guid=guid, first_seen_at=at))])
    first = store.items_after(0, ALWAYS, limit=3)
    rest = store.items_after(first[-1][0], ALWAYS, limit=3)
    assert [judged.item.guid for _, judged in (*first, *rest)] == list("abcd")
    within = store.items_after(0, Period(seen["c"], seen["a"]))
    assert [judged.item.guid for _, judged in within] == ["b", "c"]


def test_a_period_holds_its_beginning_and_not_its_end(store: SqlStore) -> None:
    raise_alerts(store, 4)
    found = store.alerts_after(0, Period(NOW + HOUR, NOW + 3 * HOUR))
    assert [each.item.guid for each in found] == ["1", "2"]
    store.add_deliveries([delivery(id=f"d{n}", created_at=NOW + n * HOUR) for n in range(4)])
    deliveries = store.deliveries_after(0, Period(NOW + HOUR, NOW + 3 * HOUR))
    assert [history.delivery.id for _, history in deliveries] == ["d1", "d2"]


def test_deliveries_have_their_attempts_and_no_message(store: SqlStore) -> None:
    store.add_deliveries([delivery(id="a"), delivery(id="b", channel="other")])
    (leased,) = store.lease("desk", NOW, NOW + HOUR)
    store.close_delivery(leased, NOW, state=DeliveryState.SENT, reason="250 ok", code="250")
    (first, sent), (_, pending) = store.deliveries_after(0, ALWAYS)
    assert (sent.delivery.id, sent.delivery.state) == ("a", "sent")
    assert sent.delivery.message == Message(subject="", text="")
    assert [each.outcome for each in sent.attempts] == [AttemptOutcome.SENT]
    assert pending.attempts == ()
    assert [history for _, history in store.deliveries_after(first, ALWAYS)] == [pending]


def test_actions_come_by_alert_and_are_never_split(store: SqlStore) -> None:
    ids = raise_alerts(store, 3)
    actions = [
        Action(ids[0], ActionKind.RELEVANT, "desk", "a", NOW),
        Action(ids[2], ActionKind.NOISE, "desk", "a", NOW + HOUR),
        Action(ids[2], ActionKind.ACKNOWLEDGE, "desk", "b", NOW + HOUR),
    ]
    for each in actions:
        store.add_action(each)
    ((first, of_first),) = store.actions_after(0, ALWAYS, limit=1)
    ((_, of_third),) = store.actions_after(first, ALWAYS, limit=1)
    assert of_first == (actions[0],)
    assert sorted(of_third, key=lambda each: each.recipient) == actions[1:]
    assert store.actions_after(first, Period(until=NOW + HOUR)) == ()


def raise_alerts(store: SqlStore, count: int) -> list[str]:
    """Store alerts an hour apart and return their ids, oldest first."""
    store.enrol([feed()], NOW)
    ids = []
    for number in range(count):
        one = item(guid=str(number), url=f"https://news.example/{number}")
        raised = alert(item=one, story=f"s{number}", raised_at=NOW + number * HOUR)
        store.commit([outcome(state_of(store), one, alerts=(raised,))])
        ids.append(raised.id)
    return ids
