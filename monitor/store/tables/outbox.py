"""Tables of deliveries, their attempts and the state of channels."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table

from monitor.model import AttemptOutcome, AttemptPhase, DeliveryKind, DeliveryState, Message
from monitor.store.codec import Choice, Moment, Stored, Words

from .base import NUMBER, metadata

#: `number` is the order in which they were owed.
deliveries = Table(
    "deliveries",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("id", Words, nullable=False, unique=True),
    Column("kind", Choice(DeliveryKind), nullable=False),
    Column("ref", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("message", Stored(Message), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Choice(DeliveryState), nullable=False),
    Column("reason", Words, nullable=False),
    Column("story", Words, nullable=False),
    Column("leased_until", Moment),
    Column("leased_by", Words),
    Column("closed_at", Moment),
    Column("severity", Integer, nullable=False, server_default="0"),
    Column("covered_by", Words, nullable=False, server_default=""),
    Index("deliveries_due", "state", "due_at"),
    Index("deliveries_next", "state", "channel", "due_at", "number", "recipient"),
    Index("deliveries_waiting", "channel", "recipient", "kind", "state", "due_at", "number", "severity"),
    Index("deliveries_recent", "kind", "channel", "recipient", "state", "closed_at"),
    Index("deliveries_open", "state", "covered_by", "created_at"),
    Index("deliveries_story", "story"),
    Index("deliveries_closed", "state", "closed_at"),
    Index("deliveries_ref", "ref"),
    Index("deliveries_listed", "channel", "state", "number"),
    sqlite_autoincrement=True,
)

#: How channels fare, whether or not they are configured now.
channels = Table(
    "channels",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("faults", Integer, nullable=False),
    Column("permanent", Boolean, nullable=False),
    Column("reason", Words, nullable=False),
    Column("since", Moment),
    Column("paused_until", Moment),
    Column("sent_at", Moment),
)

attempts = Table(
    "attempts",
    metadata,
    Column("delivery", Words, ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("started_at", Moment, nullable=False),
    Column("phase", Choice(AttemptPhase), nullable=False),
    Column("ended_at", Moment),
    Column("outcome", Choice(AttemptOutcome), nullable=False),
    Column("code", Words, nullable=False),
    Column("reason", Words, nullable=False),
)
