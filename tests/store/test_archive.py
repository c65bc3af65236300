"""Searches of the archive, on every database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from monitor.store import SqlStore
from tests.conftest import NOW, item
from tests.store.builders import feed, judged, outcome, raised, state_of

LATER = NOW + timedelta(hours=1)

TITLES = [
    "Türkiye'nin S-400 anlaşması",
    "Ministry orders 12 howitzers",
    "Howitzer deliveries begin in Ankara",
    "سفارش موشک برای ارتش",
    "中国国防部采购榴弹炮",
    "Washington lifts sanctions; Ankara welcomes it",
]


@pytest.fixture
def archive(store: SqlStore) -> SqlStore:
    store.enrol([feed()], NOW)
    items = [item(guid=str(number), title=title, summary="") for number, title in enumerate(TITLES)]
    store.commit([outcome(state_of(store), *items)])
    return store


def found(store: SqlStore, query: str, limit: int = 20) -> list[int]:
    return [int(one.item.guid) for one in store.search(query, limit)]


QUERIES: dict[str, list[int]] = {
    "ankara": [5, 2],
    "ANKARA howitzer": [2],
    "howitzer": [2],
    "howitz*": [2, 1],
    "howitz": [],
    "S-400": [0],
    "s 400": [0],
    "400 s": [0],
    '"400 s"': [],
    "Turkiye anlasmasi": [0],
    '"lifts sanctions"': [5],
    '"sanctions lifts"': [],
    "sanctions lifts": [5],
    '"orders 12 howi*"': [1],
    '"orders 12 howi"*': [1],
    '"orders howi*"': [],
    "موشک": [3],
    "榴弹炮": [4],
    "弹榴": [],
    '"lifts sanctions': [5],
    "ankara nowhere": [],
    "": [],
    '"" * - ; \' :* & | ! ( ) <->': [],
    "ankara' OR 1=1 --": [],
    "ankara AND howitzer": [],
}


def test_all_words_phrases_and_beginnings_find_items_newest_first(archive: SqlStore):
    assert {query: found(archive, query) for query in QUERIES} == QUERIES


def test_no_more_is_found_than_asked_for(archive: SqlStore):
    assert found(archive, "ankara", limit=1) == [5]


def test_words_of_title_and_summary_are_found_with_their_verdict(store: SqlStore):
    store.enrol([feed()], NOW)
    one = judged(item(), topics=())
    store.commit([outcome(state_of(store), judged=(one,))])
    assert store.search("howitzers 80 million") == (one,)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_index_of_words_is_whole_after_revisions(store: SqlStore):
    store.enrol([feed()], NOW)
    for title in ("One thing", "Another thing", "One thing"):
        store.commit([outcome(state_of(store), item(title=title))])
    assert found(store, "another") == []
    assert found(store, "one thing") == [1]
    with store.database.write_transaction() as connection:
        connection.execute(text("INSERT INTO items_words(items_words, rank) VALUES ('integrity-check', 1)"))


def test_an_item_is_found_by_the_beginning_of_its_id(archive: SqlStore):
    one = archive.search("orders")[0]
    assert archive.item(one.item.id) == one
    assert archive.item(one.item.id[:12]) == one
    assert archive.item("") is None
    assert archive.item("x") is None


def test_alerts_of_a_half_open_window_are_in_match_order(store: SqlStore):
    raised(store, item(guid="late"), raised_at=LATER)
    raised(store, item(guid="second"), raised_at=NOW + timedelta(minutes=1))
    raised(store, item(guid="first"), raised_at=NOW)
    assert [one.item.guid for one in store.alerts(NOW, LATER)] == ["second", "first"]
    assert [one.seq for one in store.alerts(NOW, LATER)] == [2, 3]
    assert store.alerts(LATER + timedelta(hours=1), LATER + timedelta(hours=2)) == ()


def test_the_newest_alert_of_an_item_is_found(store: SqlStore):
    raised(store, item())
    (update,) = raised(store, item(), kind="update", news="now official")
    assert store.alert_of(item().id) == replace(update, seq=2)
    assert store.alert_of("nothing") is None


def test_states_of_feeds_are_by_name(store: SqlStore):
    store.enrol([feed(name) for name in ("b", "Z", "ä", "a")], NOW)
    assert [state.feed for state in store.feed_states()] == ["Z", "a", "b", "ä"]


def test_items_are_read_in_batches_in_the_order_in_which_they_were_first_seen(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    times = [3, 1, 1, 1, 2, 0]
    items = [
        item(guid=str(number), first_seen_at=NOW + timedelta(minutes=minutes))
        for number, minutes in enumerate(times)
    ]
    store.commit([outcome(state_of(store), *items)])
    since = NOW + timedelta(minutes=1)
    read, last = [], None
    while batch := store.judged_since(since, last, limit=2):
        assert len(batch) <= 2
        read += batch
        last = batch[-1]
    assert [each.item for each in read] == sorted(
        (each for each in items if each.first_seen_at >= since),
        key=lambda each: (each.first_seen_at, each.id),
    )
    assert read[0].verdict == judged(items[1]).verdict
    assert store.judged_since(NOW + timedelta(minutes=4)) == ()
