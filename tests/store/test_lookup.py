"""Conditions on the words of items, on every database: what the full-text index is asked for."""

import pytest

from monitor.model import AllOf, AnyOf, IndexWord, ItemFilter, WordCondition
from monitor.store import SqlStore
from tests.conftest import NOW, item
from tests.store.builders import feed, outcome, state_of

TITLES = [
    "Türkiye'nin S-400 anlaşması",
    "Ministry orders 12 howitzers",
    "Howitzer deliveries begin in Ankara",
]

CASES: list[tuple[WordCondition, list[int]]] = [
    (IndexWord("howitzer"), [2]),
    (IndexWord("howitzer", beginning=True), [2, 1]),
    (AllOf((IndexWord("howitz", beginning=True), IndexWord("ankara"))), [2]),
    (AnyOf((IndexWord("orders"), IndexWord("s"))), [1, 0]),
    (AllOf((AnyOf((IndexWord("s"), IndexWord("begin"))), IndexWord("400"))), [0]),
    (IndexWord("nowhere"), []),
]


@pytest.mark.parametrize(("condition", "expected"), CASES, ids=[str(number) for number in range(len(CASES))])
def test_words_beginnings_and_their_combinations_find_items(
    store: SqlStore, condition: WordCondition, expected: list[int]
) -> None:
    store.enrol([feed()], NOW)
    items = [item(guid=str(number), title=title, summary="") for number, title in enumerate(TITLES)]
    store.commit([outcome(state_of(store), *items)])
    assert [int(each.item.guid) for each in store.find_items(ItemFilter(), condition)] == expected
