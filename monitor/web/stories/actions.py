"""What people do about stories at the desk, and how it is undone within ten minutes."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model import (
    Action,
    ActionKind,
    Assignment,
    AuditEntry,
    Note,
    Silence,
    StoryAssignment,
    StoryChanges,
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
        ActionError: no such story, or a reason or an end is missing; nothing is changed.
    """
    rows = store.story_rows_of(tuple(dict.fromkeys(stories)))
    return store.change_stories(changes_of(rows, wanted, secrets.token_urlsafe(12)), wanted.at)


def changes_of(rows: Sequence[StoryRow], wanted: Wanted, token: str) -> StoryChanges:
    """Return all that is to be stored for what somebody wants done about stories; `token` names its undo.

    Raises:
        ActionError: there is no story, or a reason or an end is missing.
    """
    if not rows:
        raise ActionError("Choose at least one story.")
    _check(wanted)
    parts = [_DECIDE[wanted.action](row, wanted) for row in rows]
    actions = tuple(each for part in parts for each in part.actions)
    notes = tuple(each for part in parts for each in part.notes)
    silences = tuple(each for part in parts for each in part.silences)
    count = "1 story" if len(rows) == 1 else f"{len(rows)} stories"
    undo = Undo(
        token=token,
        who=wanted.who,
        until=wanted.at + UNDO_LIFE,
        words=f"{count} {DONE_WORDS[wanted.action]}.",
        actions=actions,
        notes=tuple(note.id for note in notes),
        silences=tuple(silence.id for silence in silences),
        stories=tuple(row.story for row in rows),
    )
    return StoryChanges(
        undo=undo,
        actions=actions,
        notes=notes,
        silences=silences,
        assignments=tuple(each for part in parts for each in part.assignments),
        audit=tuple(_entry(row, wanted) for row in rows),
    )


def _entry(row: StoryRow, wanted: Wanted) -> AuditEntry:
    detail = " ".join(filter(None, (wanted.kind, wanted.text)))
    return AuditEntry(at=wanted.at, who=wanted.who, what=wanted.action, subject=row.story, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What is to be stored for one story."""

    actions: tuple[Action, ...] = ()
    notes: tuple[Note, ...] = ()
    silences: tuple[Silence, ...] = ()
    assignments: tuple[StoryAssignment, ...] = ()


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


def _reaction(row: StoryRow, wanted: Wanted, kind: ActionKind) -> Action:
    return Action(row.alert.id, kind, "", wanted.who, wanted.at)


def _acknowledged(row: StoryRow, wanted: Wanted) -> _Part:
    return _Part(actions=(_reaction(row, wanted, ActionKind.ACKNOWLEDGE),))


def _relevant(row: StoryRow, wanted: Wanted) -> _Part:
    return _Part(actions=(_reaction(row, wanted, ActionKind.RELEVANT),), notes=_notes(row, wanted))


def _wrong(row: StoryRow, wanted: Wanted) -> _Part:
    return _Part(actions=(_reaction(row, wanted, WRONG_KINDS[wanted.kind]),), notes=_notes(row, wanted))


def _noted(row: StoryRow, wanted: Wanted) -> _Part:
    return _Part(notes=_notes(row, wanted))


def _notes(row: StoryRow, wanted: Wanted) -> tuple[Note, ...]:
    """Return the note of a text; none if there is no text."""
    if not wanted.text:
        return ()
    id = key_of("note", row.story, wanted.who, str(wanted.at), wanted.text)
    return (Note(id=id, story=row.story, who=wanted.who, at=wanted.at, text=wanted.text[:MAX_TEXT]),)


def _assigned(row: StoryRow, wanted: Wanted) -> _Part:
    to = wanted.text[:80]
    assignment = Assignment(story=row.story, who=to, by=wanted.who, at=wanted.at) if to else None
    return _Part(assignments=(StoryAssignment(story=row.story, assignment=assignment),))


def _muted(row: StoryRow, wanted: Wanted) -> _Part:
    silence = Silence(
        id=key_of("silence", row.story, wanted.who, str(wanted.at)),
        who=wanted.who,
        reason=wanted.text[:MAX_TEXT],
        created_at=wanted.at,
        expires_at=wanted.until or wanted.at,
        story=row.story,
    )
    return _Part(silences=(silence,), actions=(_reaction(row, wanted, ActionKind.SILENCE),))


_DECIDE = {
    DeskAction.ACKNOWLEDGE: _acknowledged,
    DeskAction.RELEVANT: _relevant,
    DeskAction.WRONG: _wrong,
    DeskAction.NOTE: _noted,
    DeskAction.ASSIGN: _assigned,
    DeskAction.MUTE: _muted,
}
