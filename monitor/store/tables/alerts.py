"""Tables of alerts, stories and incidents."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from monitor.model import Alert, IncidentKind, Story
from monitor.store.codec import Choice, Moment, Stored, Words

from .base import NUMBER, metadata

#: What was wrong with the monitor's own senses; `closed_at` is empty while it is.
incidents = Table(
    "incidents",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("subject", Words, nullable=False),
    Column("kind", Choice(IncidentKind), nullable=False),
    Column("reason", Words, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    UniqueConstraint("subject", "kind", "opened_at", name="one_incident_at_a_time"),
    Index("incidents_closed", "closed_at"),
    sqlite_autoincrement=True,
)

#: `alert` is the whole of it as it was raised: a later revision of the item does not change what was said.
#: `document` is the one in which it was found; `owed` how many deliveries were written with it.
alerts = Table(
    "alerts",
    metadata,
    Column("seq", NUMBER, primary_key=True),
    Column("id", Words, nullable=False, unique=True),
    Column("item", Words, ForeignKey("items.id"), nullable=False),
    Column("story", Words, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("alert", Stored(Alert), nullable=False),
    Column("document", Words),
    Column("delivery_count", Integer),
    Index("alerts_item", "item"),
    Index("alerts_raised", "raised_at"),
    Index("alerts_story", "story", "seq"),
    sqlite_autoincrement=True,
)

#: ISO dates until which something runs, by story; `reminded_at` is when the reminder was planned, or was
#: found to be needless.
deadlines = Table(
    "deadlines",
    metadata,
    Column("story", Words, primary_key=True),
    Column("day", Words, primary_key=True),
    Column("stated_at", Moment, nullable=False),
    Column("reminded_at", Moment),
    Index("deadlines_day", "day"),
)

#: What was last told of each story; `version` counts how often it was written.
stories = Table(
    "stories",
    metadata,
    Column("id", Words, primary_key=True),
    Column("updated_at", Moment, nullable=False),
    Column("story", Stored(Story), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("stories_updated", "updated_at", "id", "version"),
)
