"""The table of subscriptions at WebSub hubs."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from monitor.model import HubState
from monitor.store.codec import Choice, Moment, Words

from .base import metadata

#: The subscription of each feed whose document names a hub.
hub_subscriptions = Table(
    "hub_subscriptions",
    metadata,
    Column("feed", Words, ForeignKey("feeds.feed"), primary_key=True),
    Column("hub", Words, nullable=False),
    Column("topic", Words, nullable=False),
    Column("state", Choice(HubState), nullable=False),
    Column("token", Words, nullable=False),
    Column("secret", Words, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("notified_at", Moment),
    Column("notices", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("reason", Words, nullable=False),
    Index("hub_subscriptions_due", "due_at"),
    Index("hub_subscriptions_token", "token"),
)
