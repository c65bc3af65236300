"""The tables of what readers did and want: silences, farewells, acts, escalations."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table

from .codec import Moment, Words
from .tables import metadata

#: What is not told for a while, and why; ended or expired ones stay.
silences = Table(
    "silences",
    metadata,
    Column("id", Words, primary_key=True),
    Column("who", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("story", Words, nullable=False),
    Column("feed", Words, nullable=False),
    Column("entity", Words, nullable=False),
    Column("event", Words, nullable=False),
    Column("topic", Words, nullable=False),
    Column("words", Words, nullable=False),
    Column("break_through", Integer, nullable=False),
    Column("flips", Boolean, nullable=False),
    Column("channel", Words, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("ended_at", Moment),
)

#: Recipients of channels who want nothing more.
unsubscriptions = Table(
    "unsubscriptions",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("recipient", Words, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("how", Words, nullable=False),
)

#: What readers did about alerts; each does each thing once.
actions = Table(
    "actions",
    metadata,
    Column("alert", Words, ForeignKey("alerts.id"), primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("recipient", Words, primary_key=True),
    Column("at", Moment, nullable=False),
)

#: Steps taken because nobody did anything about an alert.
escalations = Table(
    "escalations",
    metadata,
    Column("alert", Words, ForeignKey("alerts.id"), primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
)
