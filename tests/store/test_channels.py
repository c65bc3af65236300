"""What is known of channels, by what became of their deliveries."""

from dataclasses import replace
from datetime import timedelta

from monitor.model import AbandonedRun, CanaryResult, ChannelRecord, DeliveryState
from monitor.store import SqlStore
from monitor.store.channels import LONGEST_RUN
from tests.conftest import NOW, delivery

HOUR = timedelta(hours=1)


def add_deliveries(store: SqlStore, id: str, state: str = "", reason: str = "", **changes: object) -> None:
    """Owe a delivery an hour after the one before, and let it end."""
    each = delivery(**{"id": id, "channel": "desk"} | changes)
    store.add_deliveries([each])
    if state:
        store.lease(each.channel, each.due_at, each.due_at + HOUR)
        store.close_delivery(each, each.created_at, state=state, reason=reason)


def canary(id: str, at: int = 0, channel: str = "desk"):
    when = NOW + at * HOUR
    return delivery(id=id, kind="canary", channel=channel, created_at=when, due_at=when)


def test_a_channel_is_known_by_its_last_success_and_by_what_is_left(store: SqlStore) -> None:
    add_deliveries(store, "a", "sent")
    add_deliveries(store, "b", "sent", created_at=NOW + HOUR)
    add_deliveries(store, "c", "dead", created_at=NOW + 2 * HOUR)
    add_deliveries(store, "d", channel="hook")
    assert store.channel_records() == (
        ChannelRecord(channel="desk", sent_at=NOW + HOUR, failed_at=NOW + 2 * HOUR, dead=1, sent=2),
        ChannelRecord(channel="hook", owed=1),
    )


def test_a_canary_is_a_success_and_counts_for_nothing_else(store: SqlStore) -> None:
    store.add_canaries([canary("a"), canary("b", channel="hook")], NOW)
    (leased,) = store.lease("desk", NOW, NOW + HOUR)
    store.close_delivery(leased, NOW, state="sent", reason="250 ok")
    (leased,) = store.lease("hook", NOW, NOW + HOUR)
    store.close_delivery(leased, NOW, state="dead", reason="410")
    assert store.channel_records() == (
        ChannelRecord(channel="desk", sent_at=NOW, canary=CanaryResult("desk", NOW, "sent", "250 ok")),
        ChannelRecord(channel="hook", failed_at=NOW, canary=CanaryResult("hook", NOW, "dead", "410")),
    )
    assert store.counts(NOW - HOUR, NOW + HOUR).undelivered == 0


def test_a_new_canary_takes_the_place_of_one_that_never_left(store: SqlStore) -> None:
    store.add_canaries([canary("a"), canary("b", channel="hook")], NOW)
    store.add_canaries([canary("c", 24)], NOW + 24 * HOUR)
    assert [(each.id, each.state) for each in store.deliveries()] == [
        ("c", "owed"),
        ("b", "owed"),
        ("a", "discarded"),
    ]
    assert [each.created_at for each in store.canaries()] == [NOW + 24 * HOUR, NOW]


def test_the_same_canary_is_owed_once(store: SqlStore) -> None:
    for _ in range(2):
        store.add_canaries([canary("a")], NOW)
    assert [(each.id, each.state) for each in store.deliveries()] == [("a", "owed")]


def test_answers_to_a_story_are_found_oldest_first_and_no_others(store: SqlStore) -> None:
    add_deliveries(store, "a", "sent", "one", story="s1")
    add_deliveries(store, "b", "sent", "two", story="s1", created_at=NOW + HOUR)
    add_deliveries(store, "c", "sent", "elsewhere", story="s1", channel="hook")
    add_deliveries(store, "d", "sent", "another story", story="s2")
    add_deliveries(store, "e", "dead", "no", story="s1")
    add_deliveries(store, "f", "sent", "a canary", story="s1", kind="canary")
    assert store.receipts("desk", "s1") == ("one", "two")


def test_what_was_discarded_is_nobodys_question(store: SqlStore) -> None:
    store.add_deliveries([replace(delivery(), channel="desk")])
    store.discard(delivery().id, NOW, "a test")
    assert store.channel_records() == (ChannelRecord(channel="desk"),)


def ended(store: SqlStore, id: str, state: str, code: str = "", **changes: object) -> None:
    """Owe a delivery and let it end when it is due."""
    each = delivery(**{"id": id, "channel": "desk"} | changes)
    store.add_deliveries([each])
    store.lease(each.channel, each.due_at, each.due_at + HOUR)
    store.close_delivery(each, each.due_at, state=state, reason=f"why {id}", code=code)


def at(hours: int, recipient: str = "a") -> dict[str, object]:
    return {"due_at": NOW + hours * HOUR, "recipient": recipient}


def test_a_run_of_dead_deliveries_begins_after_the_last_that_was_sent(store: SqlStore) -> None:
    ended(store, "a", "dead", "550 5.1.1", **at(0))
    ended(store, "b", "sent", **at(1))
    assert store.abandoned_runs() == {}
    ended(store, "c", "dead", "550 5.1.1", **at(2))
    ended(store, "d", "dead", "550 5.1.1", **at(3, "b"))
    ended(store, "e", "dead", "554 5.6.0", **at(4, "b"))
    ended(store, "f", "dead", "410", channel="hook", **at(0))
    assert store.abandoned_runs() == {
        "desk": AbandonedRun(channel="desk", count=3, recipients=2, codes=2, reason="why e"),
        "hook": AbandonedRun(channel="hook", count=1, recipients=1, codes=1, reason="why f"),
    }


def test_a_run_of_dead_deliveries_is_counted_to_a_limit(store: SqlStore) -> None:
    owed = [delivery(id=f"d{number}", channel="desk", **at(number)) for number in range(LONGEST_RUN + 1)]
    store.add_deliveries(owed)
    assert len(store.lease("desk", owed[-1].due_at, owed[-1].due_at + HOUR, limit=len(owed))) == len(owed)
    for number, each in enumerate(owed):
        code = "550" if number else "a code of the oldest"
        store.close_delivery(each, each.due_at, state=DeliveryState.DEAD, reason=f"why {each.id}", code=code)
    assert store.abandoned_runs() == {
        "desk": AbandonedRun(
            channel="desk", count=LONGEST_RUN, recipients=1, codes=1, reason=f"why d{LONGEST_RUN}"
        )
    }


def test_what_is_tried_again_or_discarded_is_no_longer_dead(store: SqlStore) -> None:
    for number, id in enumerate("abc"):
        ended(store, id, "dead", "550", **at(number))
    store.requeue("a", NOW)
    store.discard("b", NOW, "gone")
    assert {name: run.count for name, run in store.abandoned_runs().items()} == {"desk": 1}
