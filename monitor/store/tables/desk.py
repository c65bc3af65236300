"""Tables of the desk: users, sessions, tokens, the audit log, notes, assignments, saved views and undos."""

from sqlalchemy import Column, ForeignKey, Index, Table

from monitor.model import Role, TokenScope, Undo
from monitor.store.codec import Choice, Moment, Stored, Words

from .base import NUMBER, metadata

users = Table(
    "users",
    metadata,
    Column("name", Words, primary_key=True),
    Column("role", Choice(Role), nullable=False),
    Column("password_hash", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
)

#: `id_hash` is a hash: whoever reads the database cannot use the sessions in it.
sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", Words, primary_key=True),
    Column("user", Words, ForeignKey("users.name", ondelete="CASCADE"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("sessions_user", "user"),
    Index("sessions_expire", "expires_at"),
)

#: `token_hash` is a hash: whoever reads the database cannot use the tokens in it.
tokens = Table(
    "tokens",
    metadata,
    Column("name", Words, primary_key=True),
    Column("scope", Choice(TokenScope), nullable=False),
    Column("token_hash", Words, nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

#: What was done at the desk; rows are never changed.
audit = Table(
    "audit",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Words, nullable=False),
    Column("what", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Index("audit_subject", "subject", "number"),
    sqlite_autoincrement=True,
)

notes = Table(
    "notes",
    metadata,
    Column("id", Words, primary_key=True),
    Column("story", Words, nullable=False),
    Column("who", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", Words, nullable=False),
    Index("notes_story", "story", "at"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("story", Words, primary_key=True),
    Column("who", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("name", Words, primary_key=True),
    Column("query", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

#: How to undo what was done at the desk, for the minutes in which it can be undone.
undos = Table(
    "undos",
    metadata,
    Column("token", Words, primary_key=True),
    Column("until", Moment, nullable=False),
    Column("undo", Stored(Undo), nullable=False),
    Index("undos_until", "until"),
)
