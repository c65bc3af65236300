"""The one transaction of polling, on every database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from monitor.model import Decision, FeedProfile, Message, Placement, PollOutcome, Story
from monitor.store import SqlStore
from monitor.store.tables import alerts, aliases, hosts, items
from tests.conftest import NOW, alert, delivery, item, verdict
from tests.store.builders import feed, full, judged, outcome, state_of, stored, stories_of
from tests.support.archive import found

LATER = NOW + timedelta(hours=1)


def column_of(store: SqlStore, column: Any) -> list[Any]:
    with store.database.read_transaction() as connection:
        return list(connection.scalars(select(column).order_by(items.c.number)))


def test_all_that_a_poll_changed_comes_back_as_it_was(store: SqlStore):
    store.enrol([feed()], NOW)
    poll = full(replace(state_of(store), etag='"x"', last_modified="Mon", body_hash="h", reason="all well"))
    assert store.commit([poll]) == ("wire",)
    (one,) = poll.judged
    assert state_of(store) == replace(poll.state, version=1)
    assert store.item(one.item.id) == one
    assert store.alert_of(one.item.id) == replace(poll.alerts[0], seq=1)
    assert stories_of(store) == {"s1": replace(poll.stories[0], version=1)}
    assert store.deliveries() == poll.deliveries


def test_a_profile_that_did_not_change_stays_as_it_is_stored(store: SqlStore):
    store.enrol([feed(), feed("rival")], NOW)
    learned, rival = FeedProfile(wait_s=600.0), state_of(store, "rival")
    store.commit([outcome(replace(state_of(store), profile=learned))])
    kept = replace(state_of(store), etag='"x"', profile=FeedProfile())
    store.commit([outcome(kept, new_profile=False), outcome(replace(rival, profile=learned))])
    assert (state_of(store).etag, state_of(store).profile) == ('"x"', learned)
    assert state_of(store, "rival").profile == learned


def test_nothing_to_commit_is_no_mistake(store: SqlStore):
    store.enrol([feed()], NOW)
    assert store.commit([]) == ()
    assert store.commit([outcome(state_of(store))]) == ("wire",)


def test_a_stale_state_changes_nothing(store: SqlStore):
    store.enrol([feed(), feed("rival")], NOW)
    stale = state_of(store)
    store.commit([full(stale, "1")])
    before = state_of(store)
    late = replace(full(stale, "2"), host_free_at=LATER)
    assert store.commit([late, full(state_of(store, "rival"), "3")]) == ("rival",)
    assert state_of(store) == before
    assert stored(store, item(guid="2")) == []
    assert stories_of(store).keys() == {"s1", "s3"}
    assert [d.id for d in store.deliveries()] == ["rival-3", "wire-1"]
    assert store.next_due() == NOW + timedelta(minutes=10)


def test_a_feed_that_is_not_known_changes_nothing(store: SqlStore):
    store.enrol([feed()], NOW)
    stranger = replace(state_of(store), feed="stranger")
    assert store.commit([full(stranger)]) == ()
    assert store.deliveries() == ()


def test_two_polls_of_a_feed_may_be_committed_together_in_order(store: SqlStore):
    store.enrol([feed()], NOW)
    first = full(state_of(store), "1")
    second = full(replace(first.state, version=1, etag='"2"'), "2")
    assert store.commit([first, second, first]) == ("wire",)
    assert (state_of(store).version, state_of(store).etag) == (2, '"2"')


def test_of_two_writers_with_one_version_one_writes(store: SqlStore, other: SqlStore):
    store.enrol([feed()], NOW)
    polls = [full(state_of(store), "1"), full(state_of(store), "2")]
    barrier = Barrier(2)

    def write(to: SqlStore, poll: PollOutcome) -> tuple[str, ...]:
        barrier.wait(240)
        return to.commit([poll])

    with ThreadPoolExecutor(2) as pool:
        written = list(pool.map(write, (store, other), polls))
    assert sorted(written) == [(), ("wire",)]
    assert len(store.deliveries()) == 1


def test_a_revised_item_gets_its_new_words_and_keeps_its_first_moment(store: SqlStore):
    store.enrol([feed()], NOW)
    first = item()
    store.commit([outcome(state_of(store), first)])
    revised = item(title="Ministry orders 24 tanks", first_seen_at=LATER, published_at=None, lang="de")
    again = replace(judged(revised, topics=("sanctions",)), decision=Decision(Placement.TOP, "severity 5"))
    store.commit([outcome(state_of(store), judged=(again,))])
    kept = replace(again, item=replace(revised, first_seen_at=NOW))
    assert store.item(first.id) == kept
    assert found(store, "tanks") == (kept,)
    assert found(store, "howitzers") == ()
    assert column_of(store, items.c.revisions) == [1]


def test_an_item_with_the_same_words_stays_as_it_is(store: SqlStore):
    store.enrol([feed()], NOW)
    first = judged(item())
    store.commit([outcome(state_of(store), judged=(first,))])
    same = judged(item(url="https://news.example/moved", first_seen_at=LATER), topics=())
    store.commit([outcome(state_of(store), judged=(same,))])
    assert store.item(first.item.id) == first
    assert column_of(store, items.c.revisions) == [0]


def test_an_item_seen_again_was_last_seen_then(store: SqlStore):
    store.enrol([feed()], NOW)
    store.commit([outcome(state_of(store), item(guid="1"), item(guid="2"))])
    assert column_of(store, items.c.last_seen_at) == [NOW, NOW]
    later = replace(state_of(store), polled_at=LATER)
    store.commit([outcome(later, state=later, seen=(item(guid="2").id,))])
    assert column_of(store, items.c.last_seen_at) == [NOW, LATER]


def test_an_alert_keeps_the_words_it_was_raised_for(store: SqlStore):
    store.enrol([feed()], NOW)
    poll = full(state_of(store))
    store.commit([poll])
    store.commit([outcome(state_of(store), item(title="Ministry orders nothing"))])
    assert store.alert_of(item().id) == replace(poll.alerts[0], seq=1)


def test_alerts_and_deliveries_already_there_stay_as_they_are(store: SqlStore):
    store.enrol([feed()], NOW)
    poll = full(state_of(store))
    store.commit([poll])
    changed = replace(poll.alerts[0], source="Another name")
    again = replace(poll.deliveries[0], message=Message(subject="Other", text="words"), channel="other")
    store.commit([outcome(state_of(store), alerts=(changed,), deliveries=(again,))])
    assert store.alert_of(item().id) == replace(poll.alerts[0], seq=1)
    assert store.deliveries() == poll.deliveries


def test_alerts_are_numbered_in_the_order_raised(store: SqlStore):
    store.enrol([feed(), feed("rival")], NOW)
    polls = [full(state_of(store, "wire")), full(state_of(store, "rival"))]
    store.commit(polls)
    assert [a.item.feed for a in store.alerts(NOW, LATER)] == ["wire", "rival"]
    assert store.last_seq() == 2


def test_the_peace_of_a_host_is_never_shortened(store: SqlStore):
    store.enrol([feed("a"), feed("b")], NOW)
    for name, free_at in (("a", LATER), ("b", NOW)):
        due = state_of(store, name)
        store.commit([outcome(due, state=due, host="a.example", host_free_at=free_at)])
    assert store.due_shards(NOW) == (feed("b").shard,)
    assert feed("a").shard in store.due_shards(LATER)


# ---------------------------------------------------------------- hostile words


def test_characters_that_a_database_refuses_do_not_stop_a_poll(store: SqlStore):
    store.enrol([feed()], NOW)
    hostile = item(guid="\0", title="Order\0 of howitzers", url="https://x.example/\ud800")
    owed = delivery(message=Message(subject="Order\0", text="\ud800"))
    assert store.commit(
        [outcome(state_of(store), hostile, alerts=(alert(item=hostile),), deliveries=(owed,))]
    )
    (one,) = found(store, "howitzers")
    assert one.item.title == "Order\ufffd of howitzers"
    assert stored(store, hostile) == [hostile.id]


ENDLESS = {"words": " ".join(f"w{number}" for number in range(200_000)), "letters": "x" * 3_000_000}


@pytest.mark.parametrize("kind_of_words", ENDLESS)
def test_an_endless_item_does_not_stop_a_poll(store: SqlStore, kind_of_words: str):
    store.enrol([feed()], NOW)
    words = ENDLESS[kind_of_words]
    endless = item(guid=words, summary=words)
    assert store.commit([outcome(state_of(store), endless)]) == ("wire",)
    assert found(store, "ministry orders")[0].item == endless


# ---------------------------------------------------------------- algebra

NUMBERS = count()
POLLS = st.lists(
    st.tuples(
        st.sampled_from("ab"),  # feed
        st.integers(0, 1),  # version
        st.lists(st.tuples(st.sampled_from("123"), st.sampled_from(["tanks", "guns"])), max_size=3),
    ),
    max_size=4,
)


def everything(store: SqlStore) -> object:
    with store.database.read_transaction() as connection:
        rows = [connection.execute(select(table)).all() for table in (items, aliases, alerts, hosts)]
    return store.feed_states(), rows, store.deliveries(limit=10_000), stories_of(store)


@given(POLLS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_committing_twice_is_committing_once(store: SqlStore, polls: list[Any]):
    run = next(NUMBERS)
    store.enrol([feed(f"{name}{run}") for name in "ab"], NOW)
    outcomes = [written(store, f"{name}{run}", version, words) for name, version, words in polls]
    store.commit(outcomes)
    once = everything(store)
    later = [poll for poll in outcomes if poll.state.version == state_of(store, poll.state.feed).version]
    stale = [poll for poll in outcomes if poll not in later]
    assert store.commit(stale) == ()
    assert everything(store) == once


def written(store: SqlStore, name: str, version: int, words: list[tuple[str, str]]) -> PollOutcome:
    read = [item(feed=name, guid=guid, title=f"{guid} {title}") for guid, title in words]
    stories = tuple(
        Story(id=f"s{guid}", event_type=title, stage="", polarity="", official=False, updated_at=NOW)
        for guid, title in words
    )
    owed = tuple(delivery(id=f"{one.id}{one.content_hash}") for one in read)
    return outcome(
        replace(state_of(store, name), version=version),
        *read,
        alerts=tuple(alert(item=one, verdict=verdict()) for one in read),
        stories=stories,
        deliveries=owed,
        aliases=tuple((f"{one.id}{title}", one.id) for one, (_, title) in zip(read, words, strict=True)),
    )
