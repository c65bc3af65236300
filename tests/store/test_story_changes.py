"""What is done about stories at the desk is stored as a whole, and taken back as a whole, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from monitor.model import (
    Action,
    ActionKind,
    Assignment,
    AuditEntry,
    Note,
    Silence,
    StoryAssignment,
    StoryChanges,
    Undo,
)
from monitor.store import SqlStore, tables
from tests.conftest import NOW, alert, item
from tests.store.builders import raised


@pytest.fixture(autouse=True)
def _alert(store: SqlStore) -> None:
    raised(store, item(), story="s1")


ALERT = alert(item=item(), story="s1").id
LATE = NOW + timedelta(minutes=10)
ACTION = Action(ALERT, ActionKind.NOISE, "", "ayse", NOW)
NOTE = Note(id="n1", story="s1", who="ayse", at=NOW, text="call them")
SILENCE = Silence(id="q1", who="ayse", reason="known", created_at=NOW, expires_at=LATE, story="s1")
BO = StoryAssignment(story="s1", assignment=Assignment(story="s1", who="bo", by="ayse", at=NOW))
UNDO = Undo(
    token="t",
    who="ayse",
    until=LATE,
    words="2 stories muted.",
    actions=(ACTION,),
    notes=("n1",),
    silences=("q1",),
    stories=("s1", "s2"),
)
CHANGES = StoryChanges(
    undo=UNDO,
    actions=(ACTION,),
    notes=(NOTE,),
    silences=(SILENCE,),
    assignments=(BO, StoryAssignment(story="s2")),
    audit=tuple(AuditEntry(at=NOW, who="ayse", what="mute", subject=story) for story in ("s1", "s2")),
)


def test_changes_are_stored_with_the_undo_that_knows_who_worked_on_the_stories(store: SqlStore) -> None:
    undo = store.change_stories(CHANGES, NOW)
    assert undo.assignments == (StoryAssignment(story="s1"), StoryAssignment(story="s2"))
    assert store.undo("t", NOW) == undo
    assert (store.notes("s1"), store.actions(ALERT)) == ((NOTE,), (ACTION,))
    assert store.silences(NOW) == (SILENCE,)
    assert store.assignment("s1") == BO.assignment
    assert [(entry.subject, entry.what) for entry in store.audit()] == [("s2", "mute"), ("s1", "mute")]


def test_what_is_taken_back_is_gone_and_is_taken_back_once(store: SqlStore) -> None:
    undo = store.change_stories(CHANGES, NOW)
    assert store.take_back("t", NOW) == undo
    assert store.take_back("t", NOW) is None
    assert (store.notes("s1"), store.actions(ALERT), store.silences(NOW)) == ((), (), ())
    assert store.assignment("s1") is None
    assert [entry.what for entry in store.audit_of("s2")] == ["undo", "mute"]


def test_taking_back_gives_a_story_to_whom_it_was_assigned_before(store: SqlStore) -> None:
    store.change_stories(CHANGES, NOW)
    nobody = replace(CHANGES, undo=replace(UNDO, token="u"), assignments=(StoryAssignment(story="s1"),))
    assert store.change_stories(nobody, NOW).assignments == (BO,)
    assert store.assignment("s1") is None
    store.take_back("u", NOW)
    assert store.assignment("s1") == BO.assignment


def test_changes_that_cannot_all_be_stored_leave_nothing(store: SqlStore) -> None:
    unknown = Action("no such alert", ActionKind.NOISE, "", "ayse", NOW)
    with pytest.raises(IntegrityError):
        store.change_stories(replace(CHANGES, actions=(ACTION, unknown)), NOW)
    assert (store.notes("s1"), store.actions(ALERT), store.silences(), store.audit()) == ((), (), (), ())
    assert store.assignment("s1") is None
    assert store.undo("t", NOW) is None


@pytest.mark.parametrize("token", ["", "other"])
def test_another_token_undoes_nothing(store: SqlStore, token: str) -> None:
    store.change_stories(CHANGES, NOW)
    assert store.undo(token, NOW) is None
    assert store.take_back(token, NOW) is None
    assert store.notes("s1") == (NOTE,)


def test_an_undo_that_is_too_late_is_not_found_and_forgotten_with_the_next(store: SqlStore) -> None:
    store.change_stories(CHANGES, NOW)
    assert store.undo("t", LATE) is None
    assert store.take_back("t", LATE) is None
    store.change_stories(CHANGES, NOW)
    store.change_stories(StoryChanges(undo=replace(UNDO, token="u", until=LATE + timedelta(days=1))), LATE)
    with store.database.read_transaction() as connection:
        assert connection.scalars(select(tables.undos.c.token)).all() == ["u"]
