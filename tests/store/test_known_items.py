"""Known items of a document, by id, by alias and by content, on every database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from monitor.model import Item, KnownItem
from monitor.similarity import link_key
from monitor.store import SqlStore
from monitor.store.commit import ALIAS_LIFE
from monitor.store.known_items import MAX_CANDIDATES
from monitor.store.tables import aliases, items
from tests.conftest import NOW, item
from tests.store.builders import feed, judged, outcome, state_of, stored


def polled(store: SqlStore, *read: Item, days: float = 0, **changes: Any) -> None:
    """Commit a poll so many days from now."""
    poll = outcome(state_of(store), *read, **changes)
    later = replace(poll.state, polled_at=NOW + timedelta(days=days))
    assert store.commit([replace(poll, state=later)]) == ("wire",)


@pytest.fixture
def wire(store: SqlStore) -> SqlStore:
    store.enrol([feed(), feed("rival")], NOW)
    return store


def other(guid: str, **changes: Any) -> Item:
    """An item that has nothing in common with others."""
    return item(
        **{"guid": guid, "url": f"https://news.example/{guid}", "title": f"Title {guid}", "summary": guid}
        | changes
    )


def candidates(store: SqlStore, *read: Item) -> list[str]:
    return [found.judged.item.guid for found in store.recall_items("wire", read).candidates]


def test_items_with_the_same_words_are_the_same_and_others_are_remembered_whole(wire: SqlStore):
    polled(wire, other("1"), other("2"))
    moved = other("1", url="https://news.example/moved", published_at=None)
    revised, new = other("2", title="Another title"), other("3")
    known_items = wire.recall_items("wire", [revised, new, moved])
    assert known_items.same == {moved.id}
    assert known_items.candidates == (KnownItem(judged(other("2")), 0, frozenset({revised.id})),)
    assert wire.recall_items("wire", ()).candidates == ()


def test_an_unknown_item_brings_to_mind_what_has_its_link_or_its_title(wire: SqlStore):
    linked, titled = other("1"), other("2")
    polled(wire, linked, titled, other("3"))
    assert candidates(wire, other("x", url="http://www.news.example/1/")) == ["1"]
    assert candidates(wire, other("x", title="TITLE, 2")) == ["2"]
    assert candidates(wire, other("x")) == []


def test_a_front_page_brings_nothing_to_mind(wire: SqlStore):
    polled(wire, other("1", url="https://news.example/"))
    assert candidates(wire, other("x", url="https://news.example/")) == []


def test_another_feed_brings_nothing_to_mind(wire: SqlStore):
    wire.commit([outcome(state_of(wire, "rival"), item(feed="rival"))])
    known_items = wire.recall_items("wire", [item(guid="x")])
    assert (known_items.same, known_items.candidates) == (frozenset(), ())


def test_an_item_is_found_by_its_other_name(wire: SqlStore):
    first = other("1")
    polled(wire, first)
    anew = replace(first, guid="anew")
    polled(wire, aliases=((anew.id, first.id),), seen=(anew.id,), days=1)
    assert wire.recall_items("wire", [anew]).same == {anew.id}
    (found,) = wire.recall_items("wire", [replace(anew, summary="Else", url="")]).candidates
    assert (found.judged.item, found.names) == (first, {first.id, anew.id})


def test_what_is_seen_by_another_name_is_seen(wire: SqlStore):
    first = other("1")
    polled(wire, first)
    polled(wire, aliases=(("anew", first.id),), seen=("anew",), days=1)
    polled(wire, seen=("anew",), days=2)
    with wire.database.read_transaction() as connection:
        moments = {
            *connection.scalars(select(items.c.last_seen_at)),
            *connection.scalars(select(aliases.c.last_seen_at)),
        }
    assert moments == {NOW + timedelta(days=2)}


def test_a_revised_item_is_stored_with_its_earlier_versions_and_its_new_fingerprint(wire: SqlStore):
    first = other("1")
    polled(wire, first)
    revised = other("1", title="Corrected", url="https://news.example/corrected")
    polled(wire, judged=(replace(judged(revised), earlier=("a", first.content_hash)),))
    (found,) = wire.recall_items("wire", [other("x", url=revised.url)]).candidates
    assert (found.revisions, found.judged.earlier) == (1, ("a", first.content_hash))
    assert candidates(wire, other("x", title="Corrected")) == ["1"]
    assert candidates(wire, other("x", title=first.title)) == []
    assert wire.item(first.id) == judged(revised)


def test_names_not_seen_for_long_make_room_for_new_ones(wire: SqlStore):
    first = other("1")
    polled(wire, first)
    nights = 3 * ALIAS_LIFE.days
    for night in range(nights):
        polled(wire, aliases=((f"night {night}", first.id),), seen=(f"night {night}",), days=night)
    with wire.database.read_transaction() as connection:
        names = set(connection.scalars(select(aliases.c.id)))
    assert names == {f"night {night}" for night in range(nights - ALIAS_LIFE.days - 1, nights)}


def test_a_stale_poll_renames_nothing(wire: SqlStore):
    polled(wire, other("1"))
    overdue_deliveries = outcome(replace(state_of(wire), version=0), aliases=(("anew", other("1").id),))
    assert wire.commit([overdue_deliveries]) == ()
    with wire.database.read_transaction() as connection:
        assert connection.scalar(select(func.count()).select_from(aliases)) == 0


def test_of_many_items_with_one_title_those_seen_last_come_to_mind(wire: SqlStore):
    notices = [other(str(number), title="Notice") for number in range(MAX_CANDIDATES + 10)]
    polled(wire, *notices)
    polled(wire, seen=tuple(notice.id for notice in notices[:5]), days=1)
    found = candidates(wire, other("x", title="Notice"))
    assert len(found) == MAX_CANDIDATES
    assert {"0", "1", "2", "3", "4"} <= set(found)


def test_a_document_may_be_long(wire: SqlStore):
    known = [other(f"k{number}") for number in range(700)]
    polled(wire, *known)
    new = [other(f"n{number}", url=known[number].url) for number in range(700)]
    known_items = wire.recall_items("wire", [*known, *new])
    assert known_items.same == {one.id for one in known}
    assert len(known_items.candidates) == 700


def test_the_first_of_two_items_with_one_name_counts(wire: SqlStore):
    polled(wire, other("1"))
    assert stored(wire, other("1"), other("1", summary="Else")) == [other("1").id] * 2
    assert wire.recall_items("wire", [other("1", summary="Else"), other("1")]).same == frozenset()


def test_links_are_kept_short(wire: SqlStore):
    long = other("1", url=f"https://news.example/{'x' * 1_900}")
    polled(wire, long)
    with wire.database.read_transaction() as connection:
        assert connection.scalar(select(items.c.link_key)) == link_key(long.url)
    assert len(link_key(long.url)) == 20
