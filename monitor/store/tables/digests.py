"""Tables of subscriptions and the digests planned for them."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table, UniqueConstraint

from monitor.store.codec import Moment, Words

from .base import NAMES, metadata

#: `began_seq` is where a subscription began, `looked_at` when it was last planned, with or without a digest.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("name", Words, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("began_seq", BigInteger, nullable=False),
    Column("upto_seq", BigInteger, nullable=False),
    Column("last_planned_at", Moment, nullable=False),
    Column("last_key", Words, nullable=False),
    Column("last_due_at", Moment),
    Column("digests", Integer, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("id", Words, primary_key=True),
    Column("subscription", Words, ForeignKey("subscriptions.name"), nullable=False),
    Column("key", Words, nullable=False),
    Column("covers", NAMES, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("from_seq", BigInteger, nullable=False),
    Column("to_seq", BigInteger, nullable=False),
    Column("skipped", Boolean, nullable=False),
    Column("delivery_count", Integer),
    UniqueConstraint("subscription", "key", name="one_digest_per_occasion"),
)

#: An alert is in one digest of a subscription, or in none.
digest_alerts = Table(
    "digest_alerts",
    metadata,
    Column("digest", Words, ForeignKey("digests.id"), nullable=False),
    Column("subscription", Words, ForeignKey("subscriptions.name"), primary_key=True),
    Column("alert_seq", BigInteger, ForeignKey("alerts.seq"), primary_key=True, autoincrement=False),
)
