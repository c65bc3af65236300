"""Feedback over real HTTP: precision with its interval, suggestions to copy, and nothing that changes by itself."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from monitor.app.rulebook import Rulebook, rulebook
from monitor.config import load
from monitor.model import Action, ActionKind
from tests.conftest import NOW, item, verdict
from tests.store.builders import raised
from tests.web.conftest import HOSTILE, Served, assert_harmless

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]


@cache
def book() -> Rulebook:
    return rulebook(load(ROOT / "config.example.toml"))


def rule_in_force() -> str:
    return next(each.id for each in book().engine.rules.rules if each.points > 20)


def mark(served: Served, rule: str, number: int, kind: ActionKind, title: str = "A title") -> None:
    """An alert of a rule that somebody marked."""
    one = item(guid=f"{rule}-{kind}-{number}", title=f"{title} {number}")
    judged = replace(verdict(), rules=(rule,))
    (alert, *_) = raised(served.store, one, verdict=judged, story=f"s-{rule}-{kind}-{number}"[:60])
    served.store.add_action(Action(alert.id, kind, "", "ayse", NOW))


@pytest.fixture
def marked(served: Served) -> Served:
    served.change(engine=book().engine)
    served.store.store_rule_files(book().engine.versions, book().files, NOW)
    return served


async def test_a_rule_that_is_often_wrong_has_its_interval_and_a_suggestion_to_copy(marked: Served) -> None:
    rule = rule_in_force()
    for number in range(16):
        mark(marked, rule, number, ActionKind.NOISE if number % 4 else ActionKind.RELEVANT)
    page = (await marked.http.get("/feedback")).text
    assert "<b>25 %</b>" in page
    assert "10 % to 49 %" in page
    assert f"[rule.{rule}]" in page
    assert f"/workbench?kind=rule&amp;id={rule}&amp;q=" in page
    assert "points = " in page
    assert marked.store.audit() == ()


async def test_few_marks_are_too_few_to_say(marked: Served) -> None:
    for number in range(9):
        mark(marked, "some-rule", number, ActionKind.NOISE)
    page = (await marked.http.get("/feedback")).text
    assert "too few to say" in page
    assert "copy this into" not in page


async def test_a_type_of_event_that_is_often_wrong_may_be_made_less_severe(marked: Served) -> None:
    for number in range(12):
        mark(marked, "gone", number, ActionKind.WRONG_ENTITY)
    page = (await marked.http.get("/feedback?days=30")).text
    assert "[severity]\ncontract = 3" in page
    assert "[rule.gone]" not in page


async def test_without_feedback_the_page_says_how_to_give_some(served: Served) -> None:
    assert "Nobody has marked a story in 365 days" in (await served.http.get("/feedback?days=365")).text
    assert "in 90 days" in (await served.http.get("/feedback?days=x")).text


async def test_hostile_titles_stay_text(marked: Served) -> None:
    for number in range(12):
        mark(marked, rule_in_force(), number, ActionKind.NOISE, HOSTILE)
    assert_harmless((await marked.http.get("/feedback")).text)
