"""Searches of the archive in the language of rules."""

import pytest

from monitor.jobs import search as job
from monitor.jobs.search import SearchProgress, needs_engine, run_search, search_of
from monitor.match.query.lexer import QueryError
from monitor.model import ItemFilter
from monitor.store import SqlStore
from tests.conftest import NOW, item
from tests.match.seeds import ENGINE
from tests.store.builders import feed, outcome, state_of

TITLES = [
    "Türkiye'nin S-400 anlaşması",
    "Ministry orders 12 howitzers",
    "Howitzer deliveries begin in Ankara",
    "سفارش موشک برای ارتش",
    "中国国防部采购榴弹炮",
    "Washington lifts sanctions; Ankara welcomes it",
    "Турция и США обсудили С-400",
    "واشنطن تلوح بالعقوبات",
]

QUERIES: dict[str, list[int]] = {
    "ankara": [5, 2],
    "ANKARA howitzer": [2],
    "ankara AND howitzer": [2],
    "howitzer": [2],
    "howitz*": [2, 1],
    "howitz": [],
    "S-400": [6, 0],
    '"s 400"': [6, 0],
    '"400 s"': [],
    "Turkiye anlasmasi": [0],
    '"lifts sanctions"': [5],
    '"sanctions lifts"': [],
    "sanctions lifts": [5],
    '"orders 12 howi*"': [1],
    "موشک": [3],
    "عقوبات": [7],
    "榴弹炮": [4],
    "弹榴": [],
    "ankara NOT howitzer": [5],
    "howitzer OR washington": [5, 2],
    "ankara NEAR/2 sanctions": [5],
    "ankara SAME SENTENCE lifts": [],
    "title:ankara": [5, 2],
    "summary:ankara": [],
    "*itzers": [1],
    "ankara nowhere": [],
}


@pytest.fixture
def archive(store: SqlStore) -> SqlStore:
    store.enrol([feed()], NOW)
    items = [item(guid=str(number), title=title, summary="") for number, title in enumerate(TITLES)]
    store.commit([outcome(state_of(store), *items)])
    return store


def found(store: SqlStore, query: str, limit: int = 20) -> list[int]:
    return [int(each.item.guid) for each in run_search(store, search_of(query, ItemFilter()), limit)]


def test_a_query_finds_the_items_for_which_it_holds_newest_first(archive: SqlStore) -> None:
    assert {query: found(archive, query) for query in QUERIES} == QUERIES


def test_no_more_is_found_than_asked_for(archive: SqlStore) -> None:
    assert found(archive, "ankara", limit=1) == [5]


def test_without_a_query_all_that_fits_the_filter_is_found(archive: SqlStore) -> None:
    assert found(archive, "") == [*range(7, -1, -1)]


@pytest.mark.parametrize(
    "query", ["ankara' OR 1=1 --", '"never closed', "(tank", "\" * - ; ' :* & | ! ( ) <->"]
)
def test_a_mistake_in_a_query_has_its_column(query: str) -> None:
    with pytest.raises(QueryError, match=r"^column \d+: "):
        search_of(query, ItemFilter())


def test_names_of_the_lexicon_are_recognised_as_in_rules(archive: SqlStore) -> None:
    assert (needs_engine("@country:TR"), needs_engine("ankara"), needs_engine('"@x"')) == (True, False, False)
    search = search_of("@country:TR S-400", ItemFilter(), ENGINE)
    assert [each.item.guid for each in run_search(archive, search, 20)] == ["6", "0"]
    assert search.words is not None


def test_a_search_ends_at_its_limit_of_items_and_says_so(archive: SqlStore) -> None:
    asked, progress = search_of("*itzers", ItemFilter()), SearchProgress()
    few = job.Search(asked=asked.asked, query=asked.query, annotate=asked.annotate, max_examined=3)
    assert list(run_search(archive, few, 20, progress)) == []
    assert (progress.examined, progress.cut_short) == (3, True)
    all_of_them = SearchProgress()
    assert len(list(run_search(archive, asked, 20, all_of_them))) == 1
    assert (all_of_them.examined, all_of_them.cut_short) == (len(TITLES), False)


def test_an_archive_of_several_batches_is_searched_to_its_end(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    several = [item(guid=str(number), title=f"Tank {number}", summary="") for number in range(120)]
    store.commit([outcome(state_of(store), *several)])
    assert len(found(store, "tank", limit=500)) == 120
    assert found(store, "tank 0") == [0]


def test_items_are_found_by_their_categories(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    tagged = item(guid="1", title="Council meets", summary="", categories=("Sanctions", "Patriot missile"))
    store.commit([outcome(state_of(store), tagged, item(guid="2", title="Sanctions of old", summary=""))])
    for query in ("category:sanction*", "council AND category:sanctions", "category:@weapon"):
        engine = ENGINE if needs_engine(query) else None
        found = run_search(store, search_of(query, ItemFilter(), engine), 10)
        assert [judged.item for judged in found] == [tagged]
    (only,) = run_search(store, search_of("sanctions", ItemFilter()), 10)
    assert only.item.title == "Sanctions of old"
