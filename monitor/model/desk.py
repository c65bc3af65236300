"""Users of the desk, their sessions, tokens of the API, what they did, and what they noted about stories."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .actions import Action, Silence


class Role(StrEnum):
    """What a user may do: read everything, or change things as well."""

    READ = "reader"
    EDIT = "editor"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in; `password_hash` is argon2's."""

    name: str
    role: Role
    password_hash: str = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that is signed in; `id_hash` is the hash of the id that its cookie carries."""

    id_hash: str
    user: str
    created_at: datetime
    expires_at: datetime


class TokenScope(StrEnum):
    """What a program may do with a token: read everything, or change things as well."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token of the API; `token_hash` is the hash of what the program sends."""

    name: str
    scope: TokenScope
    token_hash: str = field(repr=False)
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What somebody did at the desk; `subject` is an id or a name, `detail` words for people."""

    at: datetime
    who: str
    what: str
    subject: str = ""
    detail: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote about a story."""

    id: str
    story: str
    who: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who works on a story, and who said so."""

    story: str
    who: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryAssignment:
    """Who works on a story, or worked on it before; `assignment` is None if nobody."""

    story: str
    assignment: Assignment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """What takes back an action at the desk, and the words for it; links name it by its `token`.

    `notes` and `silences` are ids, `stories` all stories that the action was about.
    """

    token: str
    who: str
    until: datetime
    words: str
    actions: tuple[Action, ...] = ()
    notes: tuple[str, ...] = ()
    silences: tuple[str, ...] = ()
    assignments: tuple[StoryAssignment, ...] = ()
    stories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryChanges:
    """What somebody does about stories at the desk, committed as a whole.

    `undo` takes it all back; who worked on the stories before is added to it by the commit.
    """

    undo: Undo
    actions: tuple[Action, ...] = ()
    notes: tuple[Note, ...] = ()
    silences: tuple[Silence, ...] = ()
    assignments: tuple[StoryAssignment, ...] = ()
    audit: tuple[AuditEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A list of stories under a name; `query` is that of its address, as ``severity=4&topic=arms``."""

    name: str
    query: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDigest:
    """A digest that was planned: its occasion, how many deliveries and alerts it has; `skipped` if empty."""

    id: str
    subscription: str
    key: str
    due_at: datetime
    planned_at: datetime
    skipped: bool
    deliveries: int
    alerts: int
