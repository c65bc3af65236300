"""Looking up items, alerts and feeds in the archive, on every database."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import text

from monitor.model import AllOf, Event, IndexWord, ItemFilter
from monitor.store import SqlStore
from monitor.store.lookup import newest_items
from tests.conftest import NOW, item, verdict
from tests.store.builders import feed, judged, outcome, raised, state_of

LATER = NOW + timedelta(hours=1)

TITLES = ["Ministry orders 12 howitzers", "Howitzer deliveries begin in Ankara", "Washington lifts sanctions"]


@pytest.fixture
def archive(store: SqlStore) -> SqlStore:
    store.enrol([feed()], NOW)
    items = [item(guid=str(number), title=title, summary="") for number, title in enumerate(TITLES)]
    store.commit([outcome(state_of(store), *items)])
    return store


def found(store: SqlStore, *words: str) -> list[int]:
    condition = AllOf(tuple(map(IndexWord, words)))
    return [int(each.item.guid) for each in store.find_items(ItemFilter(), condition)]


def test_items_are_read_in_batches_newest_first(archive: SqlStore) -> None:
    first = archive.find_items(ItemFilter(), limit=2)
    assert [each.item.guid for each in first] == ["2", "1"]
    assert [each.item.guid for each in archive.find_items(ItemFilter(), after=first[-1])] == ["0"]
    howitzers = IndexWord("howitz", beginning=True)
    (newest,) = archive.find_items(ItemFilter(), howitzers, limit=1)
    assert [each.item.guid for each in archive.find_items(ItemFilter(), howitzers, newest)] == ["0"]


def test_words_of_the_summary_and_of_the_page_are_found_with_the_verdict(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    one = judged(item(summary="For 80 million", body="Behind it a howitzer"), topics=())
    store.commit([outcome(state_of(store), judged=(one,))])
    assert store.find_items(ItemFilter(), AllOf((IndexWord("80"), IndexWord("howitzer")))) == (one,)


def test_a_word_of_two_alphabets_is_found_by_what_it_looks_like(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    store.commit([outcome(state_of(store), item(title="New s\u0430nctions", summary=""))])
    assert found(store, "sanctions") == [1]


EVENT = replace(cast(Event, verdict().event), type="contract", severity=4)
FILTERS: dict[str, tuple[ItemFilter, list[str]]] = {
    "since": (ItemFilter(since=LATER), ["later"]),
    "until": (ItemFilter(until=LATER), ["possible", "flagged"]),
    "feed": (ItemFilter(feed="other"), []),
    "topic": (ItemFilter(topic="arms"), ["flagged"]),
    "other topic": (ItemFilter(topic="sanctions"), []),
    "possible": (ItemFilter(possible=True), ["possible"]),
    "possible arms": (ItemFilter(possible=True, topic="arms"), []),
    "possible sanctions": (ItemFilter(possible=True, topic="sanctions"), ["possible"]),
    "severity": (ItemFilter(min_severity=4), ["flagged"]),
    "more severe": (ItemFilter(min_severity=5), []),
    "event": (ItemFilter(event="contract"), ["flagged"]),
    "language": (ItemFilter(lang="en"), ["possible", "flagged"]),
    "region": (ItemFilter(lang="en-GB"), ["possible"]),
    "wildcard": (ItemFilter(lang="e_"), []),
}


@pytest.mark.parametrize(("asked", "expected"), FILTERS.values(), ids=FILTERS)
def test_properties_restrict_what_is_found(store: SqlStore, asked: ItemFilter, expected: list[str]) -> None:
    store.enrol([feed()], NOW)
    plain = {"topics": (), "event": None, "possible": ()}
    several = (
        judged(item(guid="flagged", lang="en"), topics=("arms",), event=EVENT, possible=()),
        judged(item(guid="possible", lang="en-GB"), **plain | {"possible": ("sanctions",)}),
        judged(item(guid="later", lang="tr", first_seen_at=LATER), **plain),
    )
    store.commit([outcome(state_of(store), judged=several)])
    assert [each.item.guid for each in store.find_items(asked)] == expected


def test_an_item_that_is_judged_again_is_found_by_its_new_severity(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    for title, event, rated in (("One", EVENT, 1), ("Two", None, 0), ("Three", EVENT, 1)):
        one = judged(item(title=title), topics=(), event=event, possible=())
        store.commit([outcome(state_of(store), judged=(one,))])
        assert len(store.find_items(ItemFilter(min_severity=1))) == rated
        assert len(store.find_items(ItemFilter(event="contract"))) == rated
        assert len(store.find_items(ItemFilter())) == 1


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("asked", "steps"),
    [
        (ItemFilter(min_severity=5), ["SCAN items USING INDEX items_rated"]),
        (ItemFilter(event="contract"), ["SCAN items USING INDEX items_rated"]),
        (ItemFilter(possible=True), ["SCAN items USING INDEX items_rated"]),
        (ItemFilter(topic="arms", feed="wire"), ["SEARCH items USING INDEX items_feed (feed=?)"]),
        (ItemFilter(until=NOW), ["SEARCH items USING INTEGER PRIMARY KEY (rowid<?)"]),
    ],
)
def test_a_rare_property_is_found_without_reading_every_item(
    store: SqlStore, asked: ItemFilter, steps: list[str], kind: str
) -> None:
    with store.database.read_transaction() as connection:
        statement = newest_items(connection, asked, None, None).limit(9)
        written = statement.compile(connection.engine, compile_kwargs={"literal_binds": True})
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}").all()
    assert [row[3] for row in rows][: len(steps)] == steps


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_index_of_words_is_whole_after_revisions(store: SqlStore):
    store.enrol([feed()], NOW)
    for title in ("One thing", "Another thing", "One thing"):
        store.commit([outcome(state_of(store), item(title=title))])
    assert found(store, "another") == []
    assert found(store, "one", "thing") == [1]
    with store.database.write_transaction() as connection:
        connection.execute(text("INSERT INTO items_words(items_words, rank) VALUES ('integrity-check', 1)"))


def test_an_item_is_found_by_the_beginning_of_its_id(archive: SqlStore):
    one = archive.find_items(ItemFilter(), IndexWord("orders"))[0]
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
    assert [one.seq for one in store.newest_alerts(NOW, limit=2)] == [3, 2]
    assert [one.seq for one in store.newest_alerts(NOW, before=2)] == [
        one.seq for one in store.newest_alerts(NOW)
    ][2:]
    assert store.newest_alerts(LATER + timedelta(hours=1)) == ()


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
        key=lambda each: each.first_seen_at,
    )
    assert read[0].verdict == judged(items[1]).verdict
    assert store.judged_since(NOW + timedelta(minutes=4)) == ()
