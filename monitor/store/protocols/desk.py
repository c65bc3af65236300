"""Protocols for users of the desk, their sessions and tokens of the API, and for what they noted."""

from datetime import datetime
from typing import Protocol

from monitor.model import ApiToken, Assignment, AuditEntry, Note, SavedView, Session, StoryChanges, Undo, User


class UserStore(Protocol):
    """Users and their sessions."""

    def users(self) -> tuple[User, ...]:
        """Return all users, by name."""

    def user(self, name: str) -> User | None:
        """Return a user by name."""

    def has_users(self) -> bool:
        """Say whether anybody may sign in."""

    def put_user(self, user: User) -> bool:
        """Store a user, in place of one with the same name, whose sessions end; False if there was one."""

    def remove_user(self, name: str) -> bool:
        """Delete a user and end their sessions; False if there is none."""

    def add_session(self, session: Session) -> None:
        """Store a session, and delete those that have expired before it began."""

    def session_user(self, id_hash: str, now: datetime) -> User | None:
        """Return whose session this is; None if it has expired or ended."""

    def end_session(self, id_hash: str) -> None:
        """Delete a session, if there is one."""


class TokenStore(Protocol):
    """Tokens of the API."""

    def add_token(self, token: ApiToken) -> bool:
        """Store a token; False if there is one with the same name."""

    def tokens(self) -> tuple[ApiToken, ...]:
        """Return all tokens, by name; also those that have expired."""

    def token(self, token_hash: str, now: datetime) -> ApiToken | None:
        """Return the token with this hash; None if there is none or it has expired."""

    def remove_token(self, name: str) -> bool:
        """Delete a token; False if there is none."""


class DeskStore(Protocol):
    """The audit log, notes, assignments and saved views."""

    def add_audit(self, entry: AuditEntry) -> None:
        """Append an entry to the audit log."""

    def audit(self, before: int = 0, limit: int = 100) -> tuple[AuditEntry, ...]:
        """Return the newest entries, or those `before` a number, newest first."""

    def audit_of(self, subject: str, limit: int = 50) -> tuple[AuditEntry, ...]:
        """Return the newest entries about a subject, newest first."""

    def notes(self, story: str) -> tuple[Note, ...]:
        """Return the notes about a story, oldest first."""

    def assignment(self, story: str) -> Assignment | None:
        """Return who works on a story."""

    def put_view(self, view: SavedView) -> None:
        """Store a view, in place of one with the same name."""

    def remove_view(self, name: str) -> bool:
        """Delete a view; False if there is none."""

    def views(self) -> tuple[SavedView, ...]:
        """Return all saved views, by name."""


class StoryChangeStore(Protocol):
    """What is done about stories at the desk, and how it is undone."""

    def change_stories(self, changes: StoryChanges, now: datetime) -> Undo:
        """Commit all changes or none; return how to undo them. What can no longer be undone is forgotten."""

    def undo(self, token: str, now: datetime) -> Undo | None:
        """Return what a token undoes; None if it is too late, or was undone."""

    def take_back(self, token: str, now: datetime) -> Undo | None:
        """Undo what a token stands for, once, and return it; None if it is too late, or was undone."""
