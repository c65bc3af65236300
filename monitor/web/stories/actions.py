"""What people do about stories at the desk, and how it is undone within ten minutes."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model import (
    Action,
    ActionKind,
    Assignment,
    AuditEntry,
    EarlierAssignment,
    Note,
    Silence,
    StoryRow,
    Undo,
    key_of,
)
from monitor.store import Store

#: How long something can be undone.
UNDO_LIFE = timedelta(minutes=10)

#: Who acts where nobody signs in.
NOBODY = "desk"

MAX_TEXT = 2_000


class DeskAction(StrEnum):
    """What can be done about a story."""

    ACKNOWLEDGE = "acknowledge"
    RELEVANT = "relevant"
    WRONG = "wrong"
    ASSIGN = "assign"
    NOTE = "note"
    MUTE = "mute"


#: What "wrong" may mean, as feedback on an alert.
WRONG_KINDS = {
    "noise": ActionKind.NOISE,
    "duplicate": ActionKind.DUPLICATE,
    "wrong_entity": ActionKind.WRONG_ENTITY,
}

DONE_WORDS = {
    DeskAction.ACKNOWLEDGE: "acknowledged",
    DeskAction.RELEVANT: "marked as relevant",
    DeskAction.WRONG: "marked as wrong",
    DeskAction.ASSIGN: "assigned",
    DeskAction.NOTE: "noted",
    DeskAction.MUTE: "muted",
}


class ActionError(ValueError):
    """What was asked for cannot be done; the text says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants done: `text` is a reason, a note, or the name of whom a story is assigned to."""

    action: DeskAction
    who: str
    at: datetime
    text: str = ""
    kind: str = ""
    until: datetime | None = None


def carry_out(store: Store, stories: Iterable[str], wanted: Wanted) -> Undo:
    """Do something about stories, write it to the audit log, and return how to undo it, which is stored.

    Raises:
        ActionError: no such story, or a reason or an end is missing.
    """
    rows = store.story_rows_of(tuple(dict.fromkeys(stories)))
    if not rows:
        raise ActionError("Choose at least one story.")
    _check(wanted)
    found = _Done()
    for row in rows:
        _RUN[wanted.action](store, row, wanted, found)
        detail = " ".join(filter(None, (wanted.kind, wanted.text)))
        entry = AuditEntry(at=wanted.at, who=wanted.who, what=wanted.action, subject=row.story, detail=detail)
        store.add_audit(entry)
    count = "1 story" if len(rows) == 1 else f"{len(rows)} stories"
    undo = Undo(
        token=secrets.token_urlsafe(12),
        who=wanted.who,
        until=wanted.at + UNDO_LIFE,
        words=f"{count} {DONE_WORDS[wanted.action]}.",
        actions=tuple(found.actions),
        notes=tuple(found.notes),
        silences=tuple(found.silences),
        assignments=tuple(found.assignments),
        stories=tuple(row.story for row in rows),
    )
    store.add_undo(undo, wanted.at)
    return undo


def take_back(store: Store, token: str, now: datetime) -> Undo | None:
    """Undo what a token stands for and return it; None if it is too late, or was undone."""
    undo = store.take_undo(token, now)
    if undo is None:
        return None
    for action in undo.actions:
        store.remove_action(action)
    for note in undo.notes:
        store.remove_note(note)
    for silence in undo.silences:
        store.end_silence(silence, now)
    for before in undo.assignments:
        store.assign(before.story, before.assignment)
    for story in undo.stories:
        store.add_audit(AuditEntry(at=now, who=undo.who, what="undo", subject=story, detail=undo.words))
    return undo


@dataclass
class _Done:
    actions: list[Action] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    silences: list[str] = field(default_factory=list)
    assignments: list[EarlierAssignment] = field(default_factory=list)


def _check(wanted: Wanted) -> None:
    match wanted.action:
        case DeskAction.WRONG if wanted.kind not in WRONG_KINDS:
            raise ActionError("Say what is wrong: noise, a duplicate, or the wrong party.")
        case DeskAction.NOTE if not wanted.text:
            raise ActionError("Write the note first.")
        case DeskAction.MUTE if not wanted.text:
            raise ActionError("A mute needs a reason.")
        case DeskAction.MUTE if wanted.until is None or wanted.until <= wanted.at:
            raise ActionError("A mute needs an end in the future.")


def _react(store: Store, row: StoryRow, wanted: Wanted, kind: ActionKind, done: _Done) -> None:
    action = Action(row.alert.id, kind, "", wanted.who, wanted.at)
    store.add_action(action)
    done.actions.append(action)


def _acknowledge(store: Store, row: StoryRow, wanted: Wanted, done: _Done) -> None:
    _react(store, row, wanted, ActionKind.ACKNOWLEDGE, done)


def _relevant(store: Store, row: StoryRow, wanted: Wanted, done: _Done) -> None:
    _react(store, row, wanted, ActionKind.RELEVANT, done)
    if wanted.text:
        _note(store, row, wanted, done)


def _wrong(store: Store, row: StoryRow, wanted: Wanted, done: _Done) -> None:
    _react(store, row, wanted, WRONG_KINDS[wanted.kind], done)
    if wanted.text:
        _note(store, row, wanted, done)


def _note(store: Store, row: StoryRow, wanted: Wanted, done: _Done) -> None:
    id = key_of("note", row.story, wanted.who, str(wanted.at), wanted.text)
    note = Note(id=id, story=row.story, who=wanted.who, at=wanted.at, text=wanted.text[:MAX_TEXT])
    store.add_note(note)
    done.notes.append(id)


def _assign(store: Store, row: StoryRow, wanted: Wanted, done: _Done) -> None:
    to = wanted.text[:80]
    assignment = Assignment(story=row.story, who=to, by=wanted.who, at=wanted.at) if to else None
    before = store.assign(row.story, assignment)
    done.assignments.append(EarlierAssignment(story=row.story, assignment=before))


def _mute(store: Store, row: StoryRow, wanted: Wanted, done: _Done) -> None:
    silence = Silence(
        id=key_of("silence", row.story, wanted.who, str(wanted.at)),
        who=wanted.who,
        reason=wanted.text[:MAX_TEXT],
        created_at=wanted.at,
        expires_at=wanted.until or wanted.at,
        story=row.story,
    )
    store.add_silence(silence)
    done.silences.append(silence.id)
    _react(store, row, wanted, ActionKind.SILENCE, done)


_RUN = {
    DeskAction.ACKNOWLEDGE: _acknowledge,
    DeskAction.RELEVANT: _relevant,
    DeskAction.WRONG: _wrong,
    DeskAction.NOTE: _note,
    DeskAction.ASSIGN: _assign,
    DeskAction.MUTE: _mute,
}
