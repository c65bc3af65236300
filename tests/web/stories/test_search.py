"""Searches: the words a query needs, and whether that is all."""

from functools import cache
from pathlib import Path

import pytest

from monitor.app.rulebook import rulebook
from monitor.config import load
from monitor.match.engine import Engine
from monitor.model import WordSearch
from monitor.web.stories.search import search_of
from tests.conftest import item

ROOT = Path(__file__).parents[3]


@cache
def engine() -> Engine:
    return rulebook(load(ROOT / "config.example.toml")).engine


@pytest.mark.parametrize(
    ("query", "exact", "fits"),
    [
        ("howitzers", True, True),
        ('"orders 12"', True, True),
        ("howitzers tanks", True, False),
        ("tanks OR howit*", True, True),
        ("howitzers NOT tanks", True, True),
        ("orders NEAR/2 howitzers", False, True),
        ("title:contract", False, False),
        ("summary:contract", False, True),
        ("category:artillery", False, True),
        ("howitzers NOT category:artillery", False, False),
        ("category:howitzers", False, False),
        ("@amount", False, True),
        ("@country:TR", False, False),
        ("=Howitzers", False, False),
    ],
)
def test_a_query_is_answered_by_words_alone_where_that_is_exact(query: str, exact: bool, fits: bool) -> None:
    search = search_of(query, engine())
    assert search.exact is exact
    if not exact:
        assert search.holds(item(categories=("Artillery",))) is fits


def test_what_words_can_exclude_is_excluded_before_anything_is_judged() -> None:
    words = search_of("orders NEAR/2 howitzer*", engine()).words
    assert words == WordSearch(
        parts=(WordSearch(words=("orders",)), WordSearch(words=("howitzer",), open=True))
    )


def test_a_category_is_no_word_of_a_story() -> None:
    assert search_of("category:artillery", engine()).words == WordSearch()
