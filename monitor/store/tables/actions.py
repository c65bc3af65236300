"""Tables of silences, unsubscriptions, actions on alerts and escalations."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table

from monitor.model import ActionKind
from monitor.store.codec import Choice, Moment, Words

from .base import metadata

#: Silences in force, ended and expired.
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
    Column("reported_at", Moment),
)

#: Recipients of channels who unsubscribed.
unsubscriptions = Table(
    "unsubscriptions",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("recipient", Words, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("how", Words, nullable=False),
)

#: What recipients did about alerts; each does each thing once.
actions = Table(
    "actions",
    metadata,
    Column("alert", Words, ForeignKey("alerts.id"), primary_key=True),
    Column("kind", Choice(ActionKind), primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("recipient", Words, primary_key=True),
    Column("at", Moment, nullable=False),
)

#: Steps of escalation taken for alerts that nobody acted on.
escalations = Table(
    "escalations",
    metadata,
    Column("alert", Words, ForeignKey("alerts.id"), primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
)
