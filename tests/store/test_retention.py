"""What leaves the archive and what never does, on every database."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, insert, select

from monitor.model import ArchivedDocument, Item, KnownItems, Message, RetentionCutoffs
from monitor.store import SqlStore
from monitor.store.tables import documents, forgotten, incidents
from tests.conftest import NOW, alert, delivery, item
from tests.store.builders import feed, outcome, state_of
from tests.support.archive import found

YEAR = timedelta(days=365)
LATER = NOW + 2 * YEAR


def horizons(now: datetime) -> RetentionCutoffs:
    return RetentionCutoffs(now - YEAR, now - YEAR, now - YEAR, now - YEAR)


def poll(store: SqlStore, now: datetime, *items: Item, seen: tuple[str, ...] = (), **changes: object) -> None:
    """A document read item by item."""
    made = outcome(state_of(store), *items, seen=seen, **changes)
    state = replace(made.state, polled_at=now, good_at=now, read_at=now)
    assert store.commit([replace(made, state=state)])


def purged(store: SqlStore, now: datetime = LATER, limit: int = 500) -> int:
    gone = 0
    while went := store.purge(horizons(now), now, limit):
        assert went <= limit
        gone += went
    return gone


def left(store: SqlStore, *items: Item) -> list[str]:
    return [each.guid for each in items if store.item(each.id)]


OLD, LISTED, ALERTED = item(guid="old"), item(guid="listed"), item(guid="alerted")


def test_an_item_goes_once_upstream_lists_it_no_longer_for_long_enough(store: SqlStore):
    store.enrol([feed()], NOW)
    poll(store, NOW, OLD, LISTED)
    poll(store, NOW + timedelta(hours=1), seen=(LISTED.id,))
    assert purged(store, NOW + YEAR) == 0
    assert purged(store) == 1
    assert left(store, OLD, LISTED) == ["listed"]
    assert [each.item.guid for each in found(store, "howitzers")] == ["listed"]


def test_a_feed_that_answers_not_modified_for_years_keeps_what_it_lists(store: SqlStore):
    store.enrol([feed()], NOW)
    poll(store, NOW, LISTED)
    quiet = outcome(state_of(store))
    store.commit([replace(quiet, state=replace(quiet.state, polled_at=LATER, good_at=LATER))])
    assert purged(store, LATER + YEAR) == 0
    assert left(store, LISTED) == ["listed"]


def test_an_item_with_an_alert_is_kept_with_it(store: SqlStore):
    store.enrol([feed()], NOW)
    poll(store, NOW, OLD, ALERTED, alerts=(alert(item=ALERTED),))
    poll(store, NOW + timedelta(hours=1))
    assert purged(store) == 1
    assert left(store, OLD, ALERTED) == ["alerted"]
    assert store.alert_of(ALERTED.id)


def test_a_forgotten_item_that_is_listed_again_is_no_news_and_one_with_other_words_is(store: SqlStore):
    store.enrol([feed()], NOW)
    poll(store, NOW, OLD)
    poll(store, NOW + timedelta(hours=1))
    assert purged(store) == 1
    assert store.recall_items(OLD.feed, [OLD]) == KnownItems(frozenset({OLD.id}))
    other = replace(OLD, title="Ministry orders 24 howitzers")
    assert store.recall_items(other.feed, [other]) == KnownItems()
    poll(store, LATER, other)
    assert store.item(OLD.id)


def test_what_is_forgotten_is_forgotten_for_good_a_year_after_it_was_last_listed(store: SqlStore):
    store.enrol([feed()], NOW)
    poll(store, NOW, OLD)
    poll(store, NOW + timedelta(hours=1))
    purged(store)
    poll(store, LATER + YEAR, seen=(OLD.id,))
    assert purged(store, LATER + YEAR + YEAR) == 0
    assert purged(store, LATER + YEAR + YEAR + timedelta(days=1)) == 1
    with store.database.read_transaction() as connection:
        assert connection.scalar(select(func.count()).select_from(forgotten)) == 0


def test_many_items_go_in_small_batches_and_the_index_of_words_stays_right(store: SqlStore):
    store.enrol([feed()], NOW)
    many = [item(guid=str(number), title=f"Notice number{number}") for number in range(25)]
    poll(store, NOW, *many, LISTED)
    poll(store, NOW + timedelta(hours=1), seen=(LISTED.id,))
    assert store.purge(horizons(LATER), LATER, 10) == 10
    assert purged(store, limit=10) == 15
    assert found(store, "notice") == ()
    assert len(found(store, "howitzers")) == 1
    if store.database.path:
        with store.database.write_transaction() as connection:
            connection.exec_driver_sql("INSERT INTO items_words(items_words) VALUES ('integrity-check')")


def test_documents_go_by_their_own_age_and_their_alerts_still_name_them(store: SqlStore):
    store.enrol([feed()], NOW)
    hash = sha256(b"old").hexdigest()
    old = ArchivedDocument(
        hash=hash, feed="wire", url="https://wire.example/feed", fetched_at=NOW, headers=(), body=b"old"
    )
    poll(store, NOW, ALERTED, alerts=(alert(item=ALERTED),), document=old)
    assert purged(store) == 1
    with store.database.read_transaction() as connection:
        assert connection.scalar(select(func.count()).select_from(documents)) == 0
    (exhibit,) = store.exhibits(ALERTED.id)
    assert (exhibit.hash, exhibit.document) == (hash, None)


def test_only_messages_that_were_sent_lose_their_words(store: SqlStore):
    store.add_deliveries([delivery(id="sent"), delivery(id="dead"), delivery(id="owed", channel="other")])
    for leased in store.lease("desk", NOW, NOW + timedelta(minutes=1), limit=2):
        store.close_delivery(leased, NOW, state=leased.id)
    assert purged(store) == 1
    messages = {each.id: each.message for each in store.deliveries()}
    assert messages["sent"] == Message(subject="", text="")
    assert messages["dead"] == messages["owed"] == delivery().message


def test_incidents_go_when_they_have_been_over_for_long(store: SqlStore):
    rows = [
        {"subject": name, "kind": "silent", "reason": "", "opened_at": NOW, "closed_at": closed}
        for name, closed in (("over", NOW), ("open", None))
    ]
    with store.database.write_transaction() as connection:
        connection.execute(insert(incidents), rows)
    assert purged(store) == 1
    with store.database.read_transaction() as connection:
        assert list(connection.scalars(select(incidents.c.subject))) == ["open"]


def test_when_it_was_tidied_is_remembered(store: SqlStore):
    store.record_purge(NOW)
    assert store.purged_at() == NOW
    store.record_purge(LATER)
    assert store.purged_at() == LATER
