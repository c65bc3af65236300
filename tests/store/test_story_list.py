"""The list of stories: kept up to date by alerts and reactions, filtered, counted, in match order."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.model import (
    Action,
    ActionKind,
    Assignment,
    Event,
    StoryAssignment,
    StoryChanges,
    StoryFilter,
    StoryView,
    Undo,
    WordSearch,
)
from monitor.store import SqlStore
from tests.conftest import NOW, alert, item, verdict
from tests.store.builders import feed, outcome, raised, state_of

ALL = StoryFilter(view=StoryView.ALL)


def stories(store: SqlStore, **filter: Any) -> list[str]:
    return [row.story for row in store.story_rows(replace(ALL, **filter))]


def raise_story(store: SqlStore, story: str, **changes: Any) -> str:
    (one,) = raised(
        store,
        item(guid=f"{story}-{len(store.story_alerts(story))}", **changes.pop("item", {})),
        story=story,
        **changes,
    )
    return one.id


def test_a_story_has_one_row_by_its_newest_alert_and_its_highest_severity(store: SqlStore) -> None:
    raise_story(store, "s1")
    raise_story(store, "s2")
    event = verdict().event
    assert isinstance(event, Event)
    low = verdict(event=replace(event, severity=2))
    raise_story(store, "s1", kind="update", verdict=low, raised_at=NOW + timedelta(hours=1))
    first, second = store.story_rows(ALL)
    assert [first.story, second.story] == ["s1", "s2"]
    assert (first.severity, first.alerts, first.first_at) == (4, 2, NOW)
    assert first.last_at == NOW + timedelta(hours=1)
    assert first.alert.verdict.severity == 2
    assert [each.seq for each in store.story_alerts("s1")] == [1, 3]


def test_an_outcome_that_is_written_twice_counts_once(store: SqlStore) -> None:
    store.enrol([feed()], NOW)
    state = state_of(store)
    written = outcome(state, item(), alerts=(alert(),))
    assert store.commit([written, written]) == ("wire",)
    assert store.story_rows(ALL)[0].alerts == 1


@pytest.mark.parametrize(
    ("filter", "fits"),
    [
        ({"topics": ("arms",)}, True),
        ({"topics": ("sanctions",)}, False),
        ({"topics": ("sanctions", "arms")}, True),
        ({"min_severity": 4}, True),
        ({"min_severity": 5}, False),
        ({"events": ("contract",)}, True),
        ({"events": ("supply",)}, False),
        ({"statuses": ("done",)}, True),
        ({"statuses": ("threatened",)}, False),
        ({"polarity": ("acquire",)}, True),
        ({"parties": ("weapon:howitzer",)}, True),
        ({"parties": ("Howitzer",)}, True),
        ({"parties": ("weapon:tank",)}, False),
        ({"feeds": ("wire",)}, True),
        ({"feeds": ("ofac",)}, False),
        ({"languages": ("en",)}, True),
        ({"languages": ("ar",)}, False),
        ({"since": NOW}, True),
        ({"since": NOW + timedelta(seconds=1)}, False),
        ({"until": NOW}, False),
        ({"words": WordSearch(words=("howitzers",))}, True),
        ({"words": WordSearch(words=("orders", "12"))}, True),
        ({"words": WordSearch(words=("howit",))}, False),
        ({"words": WordSearch(words=("howit",), open=True)}, True),
        ({"words": WordSearch(words=("100%",))}, False),
        (
            {
                "words": WordSearch(
                    parts=(WordSearch(words=("tanks",)), WordSearch(words=("howitzers",))), any=True
                )
            },
            True,
        ),
        (
            {"words": WordSearch(parts=(WordSearch(words=("tanks",)), WordSearch(words=("howitzers",))))},
            False,
        ),
        ({"words": WordSearch(parts=(WordSearch(words=("tanks",)),), never=True)}, True),
        ({"assigned": "-"}, True),
        ({"assigned": "ayse"}, False),
    ],
)
def test_each_filter_holds_for_what_it_names(store: SqlStore, filter: dict[str, Any], fits: bool) -> None:
    raise_story(store, "s1")
    assert (stories(store, **filter) == ["s1"]) is fits
    assert store.count_stories(replace(ALL, **filter)) == fits


def test_the_words_of_an_update_are_found_and_those_of_the_first_report_still(store: SqlStore) -> None:
    raise_story(store, "s1", item={"title": "Oslo buys frigates"})
    raise_story(store, "s1", kind="update", item={"title": "Oslo signs for submarines"})
    for word in ("frigates", "submarines"):
        assert stories(store, words=WordSearch(words=(word,))) == ["s1"]
    assert store.count_stories(replace(ALL, words=WordSearch(words=("frigates",)))) == 1


@pytest.mark.parametrize("word", ['"', "'", "\\", 'a" OR "b', "''", "a:*", "NOT", "(", "*"])
def test_signs_of_the_index_in_a_word_are_no_commands(store: SqlStore, word: str) -> None:
    raise_story(store, "s1")
    assert stories(store, words=WordSearch(words=(word,))) == []


def undo(token: str = "t", **changes: Any) -> Undo:
    return Undo(token=token, who="ayse", until=NOW + timedelta(minutes=10), words="1 story.", **changes)


def test_a_story_is_open_until_somebody_reacts_and_again_with_an_update(store: SqlStore) -> None:
    first = raise_story(store, "s1")
    action = Action(first, ActionKind.ACKNOWLEDGE, "", "ayse", NOW)
    assert stories(store, view=StoryView.OPEN) == ["s1"]
    store.add_action(action)
    assert stories(store, view=StoryView.OPEN) == []
    assert store.story_rows(ALL)[0].answered_at == NOW
    changed = store.change_stories(StoryChanges(undo=undo(actions=(action,))), NOW)
    store.take_back(changed.token, NOW)
    assert stories(store, view=StoryView.OPEN) == ["s1"]
    store.add_action(action)
    raise_story(store, "s1", kind="update")
    assert stories(store, view=StoryView.OPEN) == ["s1"]


def test_what_is_only_possible_is_a_near_miss(store: SqlStore) -> None:
    raise_story(store, "s1", verdict=verdict(topics=(), possible=("arms",), event=None))
    assert stories(store, view=StoryView.OPEN) == []
    assert stories(store, view=StoryView.POSSIBLE) == ["s1"]


def test_pages_follow_one_another_and_a_count_ends_at_its_limit(store: SqlStore) -> None:
    for number in range(5):
        raise_story(store, f"s{number}")
    first = store.story_rows(ALL, limit=2)
    assert [row.story for row in first] == ["s4", "s3"]
    second = store.story_rows(ALL, before=first[-1].seq, limit=2)
    assert [row.story for row in second] == ["s2", "s1"]
    assert store.count_stories(ALL, most=3) == 4


def test_a_row_says_who_works_on_the_story(store: SqlStore) -> None:
    raise_story(store, "s1")
    assignment = Assignment(story="s1", who="ayse", by="jan", at=NOW)
    given = StoryAssignment(story="s1", assignment=assignment)
    store.change_stories(StoryChanges(undo=undo(), assignments=(given,)), NOW)
    assert store.story_rows(ALL)[0].assigned == "ayse"
    assert stories(store, assigned="ayse") == ["s1"]
    nobody = StoryAssignment(story="s1")
    before = store.change_stories(StoryChanges(undo=undo("u"), assignments=(nobody,)), NOW).assignments
    assert before == (given,)
    assert stories(store, assigned="-") == ["s1"]
