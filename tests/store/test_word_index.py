"""Stored words that were folded in an older way are folded again, in batches, and go on after a restart."""

import pytest
from sqlalchemy import text

from monitor.model import IndexWord, ItemFilter, StoryFilter, StoryView, WordSearch
from monitor.store import SqlStore
from tests.conftest import NOW, item
from tests.store.builders import feed, outcome, raised, state_of

TITLES = ("美國對伊朗實施制裁", "London orders howitzers", "Oslo orders frigates")


@pytest.fixture
def old(store: SqlStore) -> SqlStore:
    """A store of three items and a story whose words an older program has folded."""
    store.enrol([feed()], NOW)
    items = [item(guid=str(number), title=title) for number, title in enumerate(TITLES)]
    store.commit([outcome(state_of(store), *items)])
    raised(store, items[0], story="s1")
    with store.database.write_transaction() as connection:
        connection.execute(text("UPDATE items SET words = 'stale'"))
        connection.execute(text("UPDATE story_rows SET words = ' stale '"))
        connection.execute(text("DELETE FROM meta WHERE key LIKE 'words_%'"))
    return store


def found(store: SqlStore, word: str) -> int:
    return len(store.find_items(ItemFilter(), IndexWord(word)))


def found_stories(store: SqlStore, word: str) -> int:
    return store.count_stories(StoryFilter(view=StoryView.ALL, words=WordSearch(words=(word,))))


def test_all_words_are_found_again_as_a_search_folds_them(old: SqlStore) -> None:
    assert (found(old, "国"), found(old, "stale"), found_stories(old, "国")) == (0, 3, 0)
    while old.refold():
        pass
    assert (found(old, "国"), found(old, "stale"), found(old, "howitzers")) == (1, 0, 1)
    assert (found_stories(old, "国"), found_stories(old, "stale")) == (1, 0)


def test_it_goes_on_where_it_was_in_batches(old: SqlStore) -> None:
    assert old.refold(2) == 2
    assert found(old, "stale") == 1
    with old.database.write_transaction() as connection:  # folded ones are not read again
        connection.execute(text("UPDATE items SET words = 'kept' WHERE guid = '0'"))
    assert [old.refold(2), old.refold(2), old.refold(2), old.refold(2)] == [1, 1, 0, 0]
    assert (found(old, "stale"), found(old, "kept")) == (0, 1)


def test_once_done_nothing_is_examined_again(old: SqlStore) -> None:
    while old.refold():
        pass
    with old.database.write_transaction() as connection:
        connection.execute(text("UPDATE items SET words = 'stale'"))
    assert old.refold() == 0
    assert found(old, "stale") == 3


def test_a_new_database_has_nothing_to_fold(store: SqlStore) -> None:
    assert store.refold() == 0
