"""The reader of stories for pages and API: its bound, and how it goes on."""

from functools import cache
from pathlib import Path

import pytest

from monitor.app.rulebook import rulebook
from monitor.config import load
from monitor.match.engine import Engine
from monitor.model import StoryFilter, StoryView
from monitor.web.stories.listing import MOST_TESTED, find_stories
from monitor.web.stories.search import search_of
from tests.conftest import alert, item
from tests.store.builders import outcome, raised, state_of
from tests.web.conftest import Served

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
ALL = StoryFilter(view=StoryView.ALL)


@cache
def engine() -> Engine:
    return rulebook(load(ROOT / "config.example.toml")).engine


async def test_a_search_tests_a_bounded_number_of_stories_and_goes_on_behind_the_last(
    served: Served,
) -> None:
    store = served.store
    raised(store, item(title="Ministry orders howitzers", summary=""), story="wanted")
    items = [item(guid=f"n{n}", title=f"Notice {n}", summary="") for n in range(MOST_TESTED)]
    alerts = tuple(alert(item=one, story=f"s{n}", raised_at=served.clock()) for n, one in enumerate(items))
    state = state_of(store)
    store.commit([outcome(state, *items, alerts=alerts, state=state)])
    search = search_of("orders NEAR/3 howitzers", engine())
    first = find_stories(store, ALL, search, 0, 5)
    assert first.rows == ()
    assert first.next > 0
    second = find_stories(store, ALL, search, first.next, 5)
    assert [row.story for row in second.rows] == ["wanted"]
    assert second.next == 0
